import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { get, withQuery } from "../api.ts";
import type { AuditPage } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { useLoad } from "../load.ts";
import { Frame } from "../parts/frame.tsx";
import { Icon } from "../parts/icon.tsx";
import { Loaded } from "../parts/states.tsx";
import { At, Foreign } from "../parts/words.tsx";
import { paths, setParam, url } from "../router.ts";

type Entry = AuditPage["items"][number];
const parts = ["text", "actor", "action", "object", "letter", "from", "to"] as const;
const names: Record<(typeof parts)[number], string> = { text: "Words", actor: "Who", action: "What", object: "Object", letter: "Letter", from: "From", to: "Until" };

/** Who did what, when and why. */
export function Audit(): JSX.Element {
  const params = url.value.searchParams;
  const filter = Object.fromEntries(parts.map((part) => [part, params.get(part)]));
  const path = withQuery("/audit", { ...filter, cursor: params.get("cursor"), limit: 100 });
  const page = useLoad(path, (abort) => get<AuditPage>(path, abort), ["letters", "failure-groups", "jobs", "topics"]);
  const asked = parts.filter((part) => params.get(part));
  return (
    <Frame title="Audit">
      {page.problem?.status === 403 && <p class="soft">To read the audit needs the permission admin.</p>}
      <Search text={params.get("text") ?? ""} />
      {asked.some((part) => part !== "text") && (
        <p class="acts tight">{asked.filter((part) => part !== "text").map((part) => <button type="button" onClick={() => setParam(part, null)}>{names[part]} <code>{params.get(part)}</code> <Icon name="discarded" /><span class="vh">, drop</span></button>)}</p>
      )}
      <Loaded load={page}>
        {({ items, page: { next } }) => (
          <>
            {items.length === 0 ? <None asked={asked.length > 0} /> : <Entries items={items} />}
            <p class="line help">
              {params.get("cursor") && <button type="button" onClick={() => setParam("cursor", null)}>Newest</button>}
              {next && <button type="button" onClick={() => setParam("cursor", next)}>Older</button>}
              <a class="end" href={`/api/v1${withQuery("/audit/export", filter)}`} download>Download as NDJSON</a>
            </p>
          </>
        )}
      </Loaded>
    </Frame>
  );
}

function Search({ text }: { text: string }): JSX.Element {
  const [typed, setTyped] = useState(text);
  const [field, setField] = useState<HTMLInputElement | null>(null);
  useKeys("List", [{ keys: "/", what: "Focus the search", run: () => field?.focus() }]);
  return (
    <form class="ask" role="search" onSubmit={(event) => { event.preventDefault(); setParam("text", typed.trim()); }}>
      <div class="q">
        <Icon name="search" />
        <input ref={setField} type="search" aria-label="Words in who, what, object and reason" placeholder="ana resolved INC-4711" maxLength={200} autocomplete="off" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Escape") event.currentTarget.blur(); }} />
        <kbd>/</kbd>
      </div>
    </form>
  );
}

function None({ asked }: { asked: boolean }): JSX.Element {
  return <div class="calm"><h2>{asked ? "No match" : "Nothing was done yet"}</h2><p>{asked ? "Nothing in the audit fits." : "Each replay, discard, decision and job will stand here, with who, when and why."}</p></div>;
}

function Entries({ items }: { items: Entry[] }): JSX.Element {
  return (
    <table class="rows fold audit" role="table">
      <caption class="vh">What was done, newest first</caption>
      <thead role="rowgroup">
        <tr role="row"><th scope="col" role="columnheader">When</th><th scope="col" role="columnheader">Who</th><th scope="col" role="columnheader">What</th><th scope="col" role="columnheader">To what</th><th scope="col" role="columnheader">Why</th></tr>
      </thead>
      <tbody role="rowgroup">{items.map((entry) => <Row key={entry.id} entry={entry} />)}</tbody>
    </table>
  );
}

function Row({ entry }: { entry: Entry }): JSX.Element {
  const facts = Object.entries(entry.details);
  return (
    <tr role="row">
      <td role="cell" data-l="When"><At time={entry.at} /></td>
      <td role="cell" data-l="Who"><button type="button" class="link" title="Only this" onClick={() => setParam("actor", entry.actor)}><Foreign text={entry.actor} /></button></td>
      <th scope="row" role="rowheader"><button type="button" class="link b" title="Only this" onClick={() => setParam("action", entry.action)}>{entry.action.replaceAll("-", " ")}</button></th>
      <td role="cell" class="any" data-l="To what"><Target entry={entry} /></td>
      <td role="cell" class="any all" data-l="Why">
        {entry.reason === null ? <span class="soft">—</span> : <Foreign text={entry.reason} />}
        {facts.length > 0 && (
          <details>
            <summary class="help">Details</summary>
            <dl class="facts tight">{facts.map(([name, value]) => <><dt>{name}</dt><dd class="mono any"><Foreign text={typeof value === "string" ? value : JSON.stringify(value)} /></dd></>)}{entry.requestId !== null && <><dt>Request</dt><dd class="mono any">{entry.requestId}</dd></>}</dl>
          </details>
        )}
      </td>
    </tr>
  );
}

/** The API's path of an object is that of its page, where it has one. */
function Target({ entry }: { entry: Entry }): JSX.Element {
  if (entry.letterId !== null) return <a href={paths.letter(entry.letterId)}>letter {entry.letterId}</a>;
  if (entry.object === null) return <span class="soft">—</span>;
  const [kind = "", id = ""] = entry.object.replace("/api/v1/", "").split("/");
  if (kind === "failure-groups") return <a href={paths.group(id)}>failure group {id}</a>;
  if (kind === "jobs") return <a href={`/ui/jobs/${id}`}>job {id.slice(0, 8)}</a>;
  if (kind === "topics") return <a href={paths.topics}>{decodeURIComponent(id)}</a>;
  return <code>{entry.object.replace("/api/v1/", "")}</code>;
}
