import { useRef, useState } from "preact/hooks";

export interface Picking {
  picked: ReadonlySet<string>;
  /** @param range from the row picked last to this one */
  pick: (index: number, range: boolean) => void;
  pickAll: () => void;
  clear: () => void;
}

/** Rows chosen by hand, at most those that are shown. */
export function usePicking(ids: string[]): Picking {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef(0);
  const pick = (index: number, range: boolean): void => {
    const id = ids[index];
    if (id === undefined) return;
    const next = new Set(picked);
    if (range) for (let i = Math.min(anchor.current, index); i <= Math.max(anchor.current, index); i++) next.add(ids[i] ?? id);
    else if (!next.delete(id)) next.add(id);
    anchor.current = index;
    setPicked(next);
  };
  return { picked, pick, pickAll: () => setPicked(new Set(ids)), clear: () => setPicked(new Set()) };
}
