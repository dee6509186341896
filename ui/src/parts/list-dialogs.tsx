import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Column, columnNames, columns, remember, standard, written } from "../columns.ts";
import { go, withParams } from "../router.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";

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
  const swap = (i: number, j: number): void => {
    const next = [...order];
    const [a, b] = [next[i], next[j]];
    if (a === undefined || b === undefined) return;
    [next[i], next[j]] = [b, a];
    set(chosen, next);
  };
  const atFirst = (): void => set(new Set(standard), [...new Set([...standard, ...order])]);
  return (
    <Dialog title="Columns" close={close}>
      <ol class="choices" aria-label="Columns from left to right">
        {order.map((column, i) => (
          <li class="line" key={column}>
            <label class="tick"><input type="checkbox" checked={chosen.has(column)} disabled={column === "position"} onChange={() => flip(column)} />{columnNames[column]}</label>
            {chosen.has(column) && (
              <span class="end line">
                <button type="button" class="bare icon" disabled={i === 0} aria-label={`${columnNames[column]} to the left`} onClick={() => swap(i, i - 1)}><Icon name="prev" /></button>
                <button type="button" class="bare icon" disabled={i === order.length - 1} aria-label={`${columnNames[column]} to the right`} onClick={() => swap(i, i + 1)}><Icon name="next" /></button>
              </span>
            )}
          </li>
        ))}
      </ol>
      <p class="acts"><button type="button" onClick={atFirst}>As at first</button><span class="help">Small screens show the status, time, error, topic, position and key.</span></p>
    </Dialog>
  );
}
