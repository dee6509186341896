import { useState } from "preact/hooks";
import type { ComponentChildren, JSX } from "preact";
import { ask, asProblem, type Problem } from "../api.ts";
import type { Content } from "../bytes.ts";
import type { DeadLetter, Header, History, SourceRecord } from "../contract.ts";
import { useKeys } from "../keys.ts";
import type { Load } from "../load.ts";
import { narrow } from "../media.ts";
import { Headers } from "../parts/headers.tsx";
import { HistoryLog } from "../parts/history.tsx";
import { Inline, Nothing, Payload, nextView, viewFor, type View } from "../parts/payload.tsx";
import { Loaded, ProblemBanner } from "../parts/states.tsx";
import { Trace } from "../parts/trace-view.tsx";
import { Copy, Foreign } from "../parts/words.tsx";
import { setParam, url } from "../router.ts";
import { size } from "../text.ts";
import { exact } from "../time.ts";

const sections = ["payload", "headers", "error", "history"] as const;

/** Content, error and origin of a letter, all on one page: error and payload are read together. */
export function LetterBody({ letter, history }: { letter: DeadLetter; history: Load<History> }): JSX.Element {
  const [enveloped, setEnveloped] = useState(false);
  const own = letter.unwrapped === null || enveloped;
  const content = own ? { key: letter.key, value: letter.value, headers: letter.headers } : { ...letter.unwrapped, key: letter.unwrapped?.key ?? null, value: letter.unwrapped?.value ?? null, headers: letter.unwrapped?.headers ?? [] };
  const jump = (to: string): void => {
    document.getElementById(to)?.scrollIntoView({ block: "start" });
    document.getElementById(to)?.focus({ preventScroll: true });
  };
  useKeys("Letter", sections.map((name, i) => ({ keys: String(i + 1), what: `Go to ${name}`, run: () => jump(name) })));
  return (
    <div class="split">
      <div class="stack">
        <nav class="jump" aria-label="Parts of the letter">
          <a href="#payload">Payload <kbd>1</kbd></a>
          <a href="#headers">Headers {letter.status === "purged" ? "" : content.headers.length} <kbd>2</kbd></a>
          <a href="#error">Error <kbd>3</kbd></a>
          <a href="#history">History {history.data?.items.length ?? ""} <kbd>4</kbd></a>
        </nav>
        {letter.unwrapped && (
          <p class="why rest">The {letter.convention} envelope was opened: {own ? "this is the whole record of the dead-letter topic." : "this is what failed, and what a replay sends."} <button type="button" class="link" onClick={() => setEnveloped(!enveloped)}>{own ? "Show what failed" : "Show the envelope"}</button></p>
        )}
        <Part id="payload"><Value letter={letter} value={content.value} own={own} /></Part>
        <Part id="headers"><h2>Headers</h2>{letter.status === "purged" ? <p class="soft">Purged with the letter.</p> : <Headers headers={content.headers} drops={letter.replayDrops} />}</Part>
        <Part id="error"><ErrorPart letter={letter} /></Part>
      </div>
      <div class="side stack">
        <section><h2>Where it came from</h2><Facts letter={letter} keyContent={content.key} /></section>
        <Part id="history"><h2>History</h2><Loaded load={history} rows={3}>{({ items }) => <HistoryLog items={items} />}</Loaded></Part>
      </div>
    </div>
  );
}

/** A target of the jump keys: it can take the focus, but is no stop of the Tab key. */
function Part({ id, children }: { id: string; children: ComponentChildren }): JSX.Element {
  return <section id={id} tabIndex={-1}>{children}</section>;
}

function Value({ letter, value, own }: { letter: DeadLetter; value: Content | null; own: boolean }): JSX.Element {
  const chosen = url.value.searchParams.get("view");
  const view: View = chosen === "json" || chosen === "text" || chosen === "hex" ? chosen : value ? viewFor(value) : "text";
  const choose = (next: View): void => setParam("view", next, "replace");
  useKeys("Letter", [{ keys: "v", what: "View as JSON, text or hex", run: () => choose(nextView(view)) }]);
  const raw = own || letter.unwrapped === null ? `/api/v1/dead-letters/${encodeURIComponent(letter.id)}/payload?part=value` : null;
  if (letter.status === "purged") return <><h2>Payload</h2><p><span class="tag">purged</span> The bytes are gone for good{letter.valueSize !== null && <>; the value had {size(letter.valueSize)}</>}. SHA-256 <code class="any">{letter.contentHash}</code></p></>;
  if (letter.payload === "absent") return <><h2>Payload</h2><Absent letter={letter} /></>;
  if (value === null && letter.storage === "pointer") return <><h2>Payload</h2><p><span class="tag">too large</span> The bytes lie only in Kafka. {raw && <a href={raw} download>Download them</a>}</p></>;
  if (value === null) return <><h2>Payload</h2><Nothing what="tombstone" /></>;
  if (value.data === "") return <><h2>Payload</h2><Nothing what="empty" /></>;
  return (
    <>
      {letter.payload === "report" && <p class="why decide">This is a report about the failure, not the record that failed.</p>}
      <Payload content={value} view={view} choose={choose} raw={raw} name="Payload" />
    </>
  );
}

/** The dead letter only names its source; the record can be read from there while Kafka keeps it. */
function Absent({ letter }: { letter: DeadLetter }): JSX.Element {
  const [source, setSource] = useState<SourceRecord>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [view, setView] = useState<View>();
  const read = async (): Promise<void> => {
    setBusy(true);
    try {
      setSource((await ask<SourceRecord>("POST", `/dead-letters/${encodeURIComponent(letter.id)}/fetches`)).data);
      setProblem(undefined);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p><span class="tag">absent</span> This convention writes only where the record was. That is not a tombstone.</p>
      {problem && <ProblemBanner problem={problem} again={() => void read()} />}
      {!source && letter.allowedActions.includes("fetch") && <p class="tight"><button type="button" disabled={busy} onClick={() => void read()}>{busy ? "Reading…" : `Read it from ${letter.origin.topic ?? "its source"}`}</button></p>}
      {source && (
        <>
          <p class="soft tight">As it lies at <code>{source.topic} {source.partition}:{source.offset}</code>; nothing was stored.</p>
          {source.value ? <Payload content={source.value} view={view ?? viewFor(source.value)} choose={setView} raw={null} name="Source record" /> : <Nothing what="tombstone" />}
          <SourceHeaders headers={source.headers} />
        </>
      )}
    </>
  );
}

function SourceHeaders({ headers }: { headers: Header[] }): JSX.Element {
  return <details class="tight"><summary>Its {headers.length} headers</summary><Headers headers={headers} drops={[]} /></details>;
}

function ErrorPart({ letter }: { letter: DeadLetter }): JSX.Element {
  const { stackTrace, message, exceptionClass } = letter.failure;
  return (
    <>
      <div class="head"><h2>Error</h2><span class="end">{stackTrace && <Copy text={stackTrace} what="Stack trace" />}</span></div>
      {stackTrace ? <Trace text={stackTrace} />
        : letter.status === "purged" ? <p class="trace">{exceptionClass && <Foreign text={exceptionClass} />} <span class="soft">Message and stack trace were purged.</span></p>
        : message || exceptionClass ? <p class="trace"><Foreign text={[exceptionClass, message].filter(Boolean).join(": ")} /></p>
        : <p class="soft">The dead letter says nothing about the error.</p>}
      {Object.keys(letter.details).length > 0 && (
        <dl class="facts tight">{Object.entries(letter.details).map(([name, value]) => <><dt>{name}</dt><dd class="mono"><Foreign text={value} /></dd></>)}</dl>
      )}
    </>
  );
}

/** What a tracer is asked for; null where the header is none of the W3C's. */
function traceId({ encoding, data }: Content): string | null {
  return encoding === "utf8" ? (/^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(data)?.[1] ?? null) : null;
}

function Facts({ letter, keyContent }: { letter: DeadLetter; keyContent: Content | null }): JSX.Element {
  const { origin, position, latest } = letter;
  const trace = letter.headers.find((header) => header.name === "traceparent")?.value;
  return (
    <dl class="facts">
      <dt>Topic</dt><dd class="mono">{origin.topic ?? <span class="tag">unknown</span>}{origin.inferredFrom && <> <span class="tag">by the topic's name</span></>}</dd>
      <dt>Position</dt><dd class="mono">{origin.partition === null || origin.offset === null ? <span class="tag">unknown</span> : `${origin.partition} : ${origin.offset}`}</dd>
      {origin.timestamp && <><dt>Produced</dt><dd><time dateTime={origin.timestamp}>{exact(origin.timestamp)}</time></dd></>}
      <dt>Key</dt><dd class="mono">{letter.status === "purged" ? <span class="tag">purged</span> : <Inline content={keyContent} />}</dd>
      <dt>Consumer</dt><dd class="mono">{origin.consumerGroup ?? <span class="tag">unknown</span>}</dd>
      {latest && <><dt>Latest hop</dt><dd class="mono">{latest.topic ?? "?"} {latest.partition ?? "?"} : {latest.offset ?? "?"}</dd></>}
      <dt>Convention</dt><dd class="mono">{letter.convention}</dd>
      {trace && <><dt>Trace</dt><dd class="mono" title={trace.data}>{traceId(trace) ?? <Inline content={trace} />}</dd></>}
      <dt>Lies at</dt><dd class="mono">{position.topic} {position.partition} : {position.offset}{position.leaderEpoch !== null && <span class="soft">, epoch {position.leaderEpoch}</span>}</dd>
      <dt>Cluster</dt><dd class="mono">{position.cluster}</dd>
      <dt>Stored</dt><dd><time dateTime={letter.ingestedAt}>{exact(letter.ingestedAt)}</time></dd>
      <dt>Letter</dt><dd class="mono">{letter.id}</dd>
      {!narrow.value && <><dt>SHA-256</dt><dd class="mono cut" title={letter.contentHash}>{letter.contentHash.slice(0, 16)}…</dd></>}
    </dl>
  );
}
