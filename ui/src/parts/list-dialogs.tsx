import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Column, columnNames, columns, isField, isKnown, mayRead, mostFields, nameOf, remember, standard, written } from "../columns.ts";
import { go, withParams } from "../router.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { Foreign } from "./words.tsx";

export { ExportDialog } from "./export.tsx";
export { ImportDialog } from "./import.tsx";

/** Which columns, in which order. The address says it, so that a link or a view shows the same. */
export function ColumnsDialog({ close }: { close: () => void }): JSX.Element {
  const [chosen, setChosen] = useState<ReadonlySet<Column>>(new Set(columns()));
  // Those that are not shown keep their place while one chooses, so that nothing moves away under a finger.
  const [order, setOrder] = useState<Column[]>([...new Set([...columns(), ...(Object.keys(columnNames) as Column[])])]);
  const set = (now: ReadonlySet<Column>, inOrder: Column[]): void => {
    setChosen(now);
    setOrder(inOrder);
    const next = inOrder.filter((one) => now.has(one));
    remember(next);
    go(withParams({ cols: written(next) }), "replace");
  };
  const flip = (column: Column): void => {
    const next = new Set(chosen);
    if (!next.delete(column)) next.add(column);
    set(next, order);
  };
  const add = (field: Column): void => set(new Set([...chosen, field]), [...order.filter((one) => one !== field), field]);
  const swap = (i: number, j: number): void => {
    const next = [...order];
    const [a, b] = [next[i], next[j]];
    if (a === undefined || b === undefined) return;
    [next[i], next[j]] = [b, a];
    set(chosen, next);
  };
  const atFirst = (): void => set(new Set(standard), [...new Set([...standard, ...order.filter(isKnown)])]);
  const fields = order.filter((one) => !isKnown(one) && chosen.has(one)).length;
  return (
    <Dialog title="Columns" close={close}>
      <ol class="choices" aria-label="Columns from left to right">
        {order.map((column, i) => (
          <li class="line" key={column}>
            <label class="tick"><input type="checkbox" checked={chosen.has(column)} disabled={column === "position"} onChange={() => flip(column)} />{isKnown(column) ? nameOf(column) : <code><Foreign text={column} /></code>}</label>
            {chosen.has(column) && (
              <span class="end line">
                <button type="button" class="bare icon" disabled={i === 0} aria-label={`${nameOf(column)} to the left`} onClick={() => swap(i, i - 1)}><Icon name="prev" /></button>
                <button type="button" class="bare icon" disabled={i === order.length - 1} aria-label={`${nameOf(column)} to the right`} onClick={() => swap(i, i + 1)}><Icon name="next" /></button>
              </span>
            )}
          </li>
        ))}
      </ol>
      <NewField add={add} full={fields >= mostFields} />
      <p class="acts"><button type="button" onClick={atFirst}>As at first</button><span class="help">Small screens show the status, time, error, topic, position and key.</span></p>
    </Dialog>
  );
}

/** A column for a header or a value inside the payload. */
function NewField({ add, full }: { add: (field: Column) => void; full: boolean }): JSX.Element {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  if (!mayRead()) return <p class="help">You may not read keys, headers and payloads, so there are no columns for them.</p>;
  if (full) return <p class="help">{mostFields} columns of headers and payloads at most. Take one away for another.</p>;
  const submit = (event: Event): void => {
    event.preventDefault();
    const field = text.trim();
    setWrong(!isField(field));
    if (!isField(field)) return;
    add(field);
    setText("");
  };
  return (
    <form class="stack tight" onSubmit={submit}>
      <label class="field"><span class="help">A header, or a path in a JSON payload</span>
        <span class="line">
          <input class="mono" value={text} placeholder="payload.order.number" spellcheck={false} autocapitalize="off" autocomplete="off" maxLength={200} aria-invalid={wrong} aria-describedby="field-help" onInput={(event) => { setText(event.currentTarget.value); setWrong(false); }} />
          <button disabled={text.trim() === ""}>Add</button>
        </span>
      </label>
      <p class="help" id="field-help" role={wrong ? "alert" : undefined}>{wrong ? "Not understood. " : ""}Write <code>header.tenant</code>, <code>payload.items[0].sku</code> or, with other characters, <code>header."x y"</code>.</p>
    </form>
  );
}
