import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { headerView, type Content } from "../bytes.ts";
import type { Header } from "../contract.ts";
import { size } from "../text.ts";
import { Foreign } from "./words.tsx";

/** So many are shown at first. */
const few = 24;
/** Longer values are folded. */
const long = 400;

/** Headers as they were written: order, duplicates, nulls and bytes. */
export function Headers({ headers, drops }: { headers: Header[]; drops: string[] }): JSX.Element {
  const [all, setAll] = useState(false);
  if (headers.length === 0) return <p class="soft">The record has no headers.</p>;
  const dropped = new Set(drops);
  const seen = new Map<string, number>();
  const times = new Map<string, number>();
  for (const { name } of headers) times.set(name, (times.get(name) ?? 0) + 1);
  const rows = headers.map((header, i) => {
    const nth = (seen.get(header.name) ?? 0) + 1;
    seen.set(header.name, nth);
    const of = times.get(header.name) ?? 1;
    return <HeaderRow header={header} n={i + 1} dropped={dropped.has(header.name)} nth={of > 1 ? `${ordinal(nth)} of ${of}` : ""} />;
  });
  return (
    <>
      <table class="rows heads">
        <caption class="vh">Headers in the order they were written</caption>
        <thead><tr><th scope="col" class="num c-n">#</th><th scope="col" class="c-name">Name</th><th scope="col">Value</th><th scope="col" class="num c-size">Size</th></tr></thead>
        <tbody>{all ? rows : rows.slice(0, few)}</tbody>
      </table>
      {headers.length > few && !all && <p class="help">{few} of {headers.length} shown. <button type="button" class="link" onClick={() => setAll(true)}>Show the rest</button></p>}
    </>
  );
}

function HeaderRow({ header, n, dropped, nth }: { header: Header; n: number; dropped: boolean; nth: string }): JSX.Element {
  return (
    <tr class={dropped ? "dropped" : ""}>
      <td class="num soft">{n}</td>
      <th scope="row"><span class="mono">{header.name === "" ? <span class="tag">empty name</span> : <Foreign text={header.name} />}</span>{dropped && <> <span class="tag">not replayed</span></>}{nth && <> <span class="tag">{nth}</span></>}</th>
      <td class="mono"><HeaderValue content={header.value} /></td>
      <td class="num soft c-size">{header.value === null ? "—" : size(header.value.size)}</td>
    </tr>
  );
}

function HeaderValue({ content }: { content: Content | null }): JSX.Element {
  const [whole, setWhole] = useState(false);
  const view = headerView(content);
  const fold = (text: string): JSX.Element => (
    <>
      <Foreign text={whole || text.length <= long ? text : text.slice(0, long)} />
      {text.length > long && <> <button type="button" class="link" onClick={() => setWhole(!whole)}>{whole ? "Less" : "Show all"}</button></>}
      {content?.truncated && <> <span class="tag">cut at 64 KiB</span></>}
    </>
  );
  switch (view.kind) {
    case "null":
    case "empty":
      return <span class="tag">{view.kind}</span>;
    case "text":
      return fold(view.text);
    case "number":
      return <><span class="soft">{view.hex}</span> = {view.number} <span class="tag">{view.type}</span></>;
    case "binary":
      return <><span class="soft">{fold(view.hex)}</span> <span class="tag">binary</span></>;
  }
}

function ordinal(n: number): string {
  return `${n}${["th", "st", "nd", "rd"][n % 100 > 10 && n % 100 < 14 ? 0 : n % 10] ?? "th"}`;
}
