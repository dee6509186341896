import { useRef } from "preact/hooks";
import type { JSX } from "preact";
import { contentOf, fromHex, headerView, bytesOf, toHex } from "../bytes.ts";
import type { Header } from "../contract.ts";
import { Icon } from "../parts/icon.tsx";
import { plural } from "../text.ts";

/** Headers one by one: order, duplicates and nulls are the operator's to change. Dropped ones are not shown. */
export function HeaderFields({ headers, drops, change }: { headers: Header[]; drops: string[]; change: (headers: Header[]) => void }): JSX.Element {
  const dropped = new Set(drops);
  const hidden = headers.filter((header) => dropped.has(header.name)).length;
  const list = useRef<HTMLDivElement>(null);
  const set = (index: number, header: Header | null): void => change(header ? headers.with(index, header) : headers.filter((_, i) => i !== index));
  const add = (): void => {
    change([...headers, { name: "", value: contentOf(new Uint8Array()) }]);
    requestAnimationFrame(() => [...(list.current?.querySelectorAll<HTMLInputElement>("input.name") ?? [])].at(-1)?.focus());
  };
  return (
    <section>
      <div class="head"><h2>Headers</h2><span class="help">{hidden > 0 && `${plural(hidden, "header")} never replayed, redrive-* are added`}</span><span class="end"><button type="button" onClick={add}>Add a header</button></span></div>
      <div class="tight-rows" ref={list}>
        {headers.map((header, i) => (dropped.has(header.name) ? null : <Row header={header} n={i + 1} set={(next) => set(i, next)} />))}
        {headers.length === hidden && <p class="soft">No header is sent but those of Redrive.</p>}
      </div>
    </section>
  );
}

function Row({ header, n, set }: { header: Header; n: number; set: (header: Header | null) => void }): JSX.Element {
  const view = headerView(header.value);
  const hex = view.kind === "binary" || view.kind === "number";
  const text = view.kind === "text" ? view.text : hex ? view.hex : "";
  const write = (typed: string): void => {
    if (!hex) return set({ ...header, value: contentOf(new TextEncoder().encode(typed)) });
    const bytes = fromHex(typed);
    if (bytes) set({ ...header, value: contentOf(bytes) });
  };
  return (
    <div class="edit-headers">
      <input class="name mono" aria-label={`Name of header ${n}`} value={header.name} maxLength={32767} spellcheck={false} onInput={(event) => set({ ...header, name: event.currentTarget.value })} />
      {header.value === null
        ? <span><span class="tag">null</span> <button type="button" class="link" onClick={() => set({ ...header, value: contentOf(new Uint8Array()) })}>Give it a value</button></span>
        : header.value.truncated ? <span><span class="tag">too long to edit here</span></span>
        : <input class="mono" aria-label={`Value of header ${n}${hex ? ", hex" : ""}`} value={hex ? toHex(bytesOf(header.value)) : text} spellcheck={false} placeholder="empty" onChange={(event) => write(event.currentTarget.value)} />}
      <span class="line">
        {header.value !== null && <button type="button" class="bare" title="Make the value null" onClick={() => set({ ...header, value: null })}>null</button>}
        <button type="button" class="bare icon" aria-label={`Remove header ${n}, ${header.name}`} onClick={() => set(null)}><Icon name="discarded" /></button>
      </span>
    </div>
  );
}
