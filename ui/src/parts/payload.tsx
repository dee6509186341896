import { useEffect, useMemo, useState } from "preact/hooks";
import type { ComponentChildren, JSX } from "preact";
import { bytesOf, hexRows, type Content } from "../bytes.ts";
import { gap, layout, losesDigits, parse, type Line, type Token } from "../json.ts";
import { looksBinary, pieces, size } from "../text.ts";
import { Copy, Foreign } from "./words.tsx";

export type View = "json" | "text" | "hex";
const views: readonly View[] = ["json", "text", "hex"];
const viewNames: Record<View, string> = { json: "JSON", text: "Text", hex: "Hex" };

/** What suits the bytes, where the reader has not chosen. */
export function viewFor(content: Content): View {
  if (content.encoding === "base64" || looksBinary(content.data)) return "hex";
  return parse(content.data).tokens ? "json" : "text";
}

export function nextView(view: View): View {
  return views[(views.indexOf(view) + 1) % views.length] ?? "json";
}

/** How many lines are put into the page at once; more on request. */
const page = 500;

/** A key or value in one of three views, numbered by line. */
export function Payload({ content, view, choose, raw, name }: {
  content: Content;
  view: View;
  choose: (view: View) => void;
  /** Where the exact bytes are. */
  raw: string | null;
  name: string;
}): JSX.Element {
  const fits = useMemo(() => viewFor(content), [content]);
  const [limit, setLimit] = useState(page);
  useEffect(() => setLimit(page), [content, view]);
  return (
    <>
      <div class="head">
        <h2>{name}</h2>
        <span class="help">{viewNames[fits]}, detected · {size(content.size ?? bytesOf(content).length)}</span>
        <span class="end acts">
          <span class="switch" role="group" aria-label="View">
            {views.map((one) => (
              <button type="button" aria-pressed={one === view} onClick={() => choose(one)}>{viewNames[one]}</button>
            ))}
          </span>
          <Copy text={content.data} what={content.encoding === "base64" ? "Base64" : name} />
          {raw && <a class="button" href={raw} download>Raw</a>}
        </span>
      </div>
      {view === "json" ? <JsonView text={content.encoding === "utf8" ? content.data : null} cut={content.truncated === true} limit={limit} more={() => setLimit(limit + page)} />
        : view === "text" ? <TextView text={content.encoding === "utf8" ? content.data : new TextDecoder().decode(bytesOf(content))} limit={limit} more={() => setLimit(limit + page)} />
        : <HexView content={content} limit={limit} more={() => setLimit(limit + page)} />}
      {content.truncated && <p class="help">Cut at 64 KiB of {size(content.size)}. {raw && <a href={raw} download>All bytes</a>}</p>}
    </>
  );
}

function More({ shown, all, more }: { shown: number; all: number; more: () => void }): JSX.Element | null {
  if (shown >= all) return null;
  return <p class="help">{shown} of {all} lines shown. <button type="button" class="link" onClick={more}>Show more</button></p>;
}

/** A block that scrolls sideways must be reachable by keyboard, and then needs a name. */
function Code({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  return <div class="code" tabIndex={0} role="region" aria-label={label}>{children}</div>;
}

function JsonView({ text, cut, limit, more }: { text: string | null; cut: boolean; limit: number; more: () => void }): JSX.Element {
  const parsed = useMemo(() => (text === null ? null : parse(text)), [text]);
  const lines = useMemo(() => (parsed?.tokens ? layout(parsed.tokens) : []), [parsed]);
  if (parsed === null) return <p class="why decide">These bytes are no UTF-8, so no JSON either. Look at them as hex.</p>;
  if (parsed.error) {
    const { line, column, message } = parsed.error;
    return (
      <>
        <p class="why decide">{cut ? "Cut here, so it cannot be read as JSON." : `No JSON: ${message} at line ${line}, column ${column}.`}</p>
        <TextView text={text ?? ""} limit={limit} more={more} hit={cut ? 0 : line} />
      </>
    );
  }
  return (
    <>
      <Code label="JSON">{lines.slice(0, limit).map((line, i) => <JsonLine line={line} n={i + 1} />)}</Code>
      <More shown={Math.min(limit, lines.length)} all={lines.length} more={more} />
      <Remarks lines={lines.slice(0, limit)} />
    </>
  );
}

function JsonLine({ line, n }: { line: Line; n: number }): JSX.Element {
  return (
    <span class="l" id={`L${n}`}>
      {"  ".repeat(line.indent)}
      {line.tokens.map((token, i) => <>{gap(line.tokens[i - 1], token)}<JsonToken token={token} /></>)}
    </span>
  );
}

function JsonToken({ token }: { token: Token }): JSX.Element {
  if (token.kind === "key") return <span class="k"><Foreign text={token.text} /></span>;
  if (token.kind === "string") return <Foreign text={token.text} />;
  if (token.kind === "number") return <>{token.text}</>;
  return <span class={token.kind === "word" ? "n" : "p"}>{token.text}</span>;
}

/** What a reader could miss, line by line. */
function Remarks({ lines }: { lines: Line[] }): JSX.Element | null {
  const notes = lines.flatMap((line, i) => {
    const found: string[] = [];
    if (line.tokens.some((token) => token.kind === "number" && losesDigits(token.text))) found.push(`Line ${i + 1}: the number is kept as it was written; a double could not hold it.`);
    const hidden = line.tokens.flatMap((token) => pieces(token.text)).flatMap((piece) => ("tag" in piece ? [piece.tag] : []));
    if (hidden.length > 0) found.push(`Line ${i + 1}: ${[...new Set(hidden)].join(", ")} is shown, not obeyed.`);
    return found;
  });
  if (notes.length === 0) return null;
  return <p class="help">{notes.slice(0, 4).join(" ")}{notes.length > 4 && ` And ${notes.length - 4} more.`}</p>;
}

function TextView({ text, limit, more, hit = 0 }: { text: string; limit: number; more: () => void; hit?: number }): JSX.Element {
  const lines = useMemo(() => text.split("\n"), [text]);
  return (
    <>
      <Code label="Text">
        {lines.slice(0, limit).map((line, i) => (
          <span class={i + 1 === hit ? "l hit decide" : "l"} id={`L${i + 1}`}>{line === "" ? "" : <Foreign text={line} />}</span>
        ))}
      </Code>
      <More shown={Math.min(limit, lines.length)} all={lines.length} more={more} />
    </>
  );
}

function HexView({ content, limit, more }: { content: Content; limit: number; more: () => void }): JSX.Element {
  const bytes = useMemo(() => bytesOf(content), [content]);
  const rows = useMemo(() => hexRows(bytes, 0, limit), [bytes, limit]);
  if (bytes.length === 0) return <p><span class="tag">empty</span> 0 bytes.</p>;
  return (
    <>
      <Code label="Hex">{rows.map((row) => <span class="h"><span class="p">{row.offset}</span>{`  ${row.hex}  `}<span class="p">{row.ascii}</span></span>)}</Code>
      <More shown={rows.length} all={Math.ceil(bytes.length / 16)} more={more} />
    </>
  );
}

/** A tombstone, an empty value and a missing key are three different things. */
export function Nothing({ what }: { what: "tombstone" | "empty" | "no key" }): JSX.Element {
  const words = { tombstone: "The value is null: in a compacted topic this deletes the key.", empty: "The value is there and has no bytes.", "no key": "The record has no key." };
  return <p><span class="tag">{what === "no key" ? "null" : what}</span> {words[what]}</p>;
}

/** Bytes on one line, for keys and headers. */
export function Inline({ content }: { content: Content | null }): JSX.Element {
  if (content === null) return <span class="tag">null</span>;
  if (content.data === "") return <span class="tag">empty</span>;
  if (content.encoding === "utf8" && !looksBinary(content.data)) return <><Foreign text={content.data} />{content.truncated && <span class="tag">cut</span>}</>;
  const bytes = bytesOf(content).subarray(0, 24);
  return <><span class="soft">{Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ")}{(content.size ?? 0) > 24 && " …"}</span> <span class="tag">{size(content.size ?? bytes.length)}</span></>;
}

