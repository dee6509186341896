/** A page of letters that keeps its order while the world changes, and can search on where the server stopped. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { asProblem, get, withQuery, type Problem } from "./api.ts";
import type { DeadLetterPage, DeadLetterSummary } from "./contract.ts";
import { type Load, useLoad } from "./load.ts";

export const pageSize = 50;
/** Rows of the DOM that are still quick to lay out. */
const mostRows = 1_000;
const idsAtOnce = 100;

/** How far a search came that the server does in parts. */
export interface Reach {
  key: string;
  next: string | null;
  looked: number;
  of: number | null;
  busy: boolean;
  problem?: Problem;
}
export interface Paging {
  page: Load<DeadLetterPage>;
  rows: DeadLetterSummary[];
  /** Letters of the newest page that are not shown yet. */
  fresh: number;
  renew: () => void;
  /** Null where all was looked at. */
  reach: Reach | null;
  further: () => void;
  halt: () => void;
}

/**
 * @param fields shown of each letter, with commas; null for none
 * @param onPage told of every page as it comes, and whether it is a list of its own
 */
export function usePaging(q: string, cursor: string | null, fields: string | null, onPage: (page: DeadLetterPage, other: boolean) => void): Paging {
  const key = withQuery("/dead-letters", { q, limit: pageSize, cursor, count: "true" });
  // Another column is the same list: its rows stay while the column is filled.
  const path = withQuery("/dead-letters", { q, limit: pageSize, cursor, count: "true", fields });
  const page = useLoad(path, (abort) => get<DeadLetterPage>(path, abort), ["letters"]);
  const [shown, setShown] = useState<{ key: string; ids: string[] }>({ key: "", ids: [] });
  const letters = useRef(new Map<string, DeadLetterSummary>());
  const filled = useRef(fields);
  const [, redraw] = useState(0);
  const [far, setFar] = useState<Reach>();
  const abort = useRef<AbortController>(undefined);
  const here = useRef(key);
  here.current = key;
  if (filled.current !== fields) {
    // What was found for other columns is under none of these.
    for (const { fields: _found, ...letter } of [...letters.current.values()]) letters.current.set(letter.id, letter);
    filled.current = fields;
  }

  useEffect(() => () => abort.current?.abort(), [key]);
  useEffect(() => {
    if (!page.data) return;
    const other = shown.key !== key;
    onPage(page.data, other);
    keep(page.data.items);
    if (other || shown.ids.length === 0) show(page.data);
    else {
      // The rows of this render were drawn before the letters above were taken in.
      redraw((n) => n + 1);
      void refreshMissing(page.data);
    }
  }, [page.data]);

  const keep = (items: DeadLetterSummary[]): void => {
    for (const letter of items) letters.current.set(letter.id, letter);
  };
  const show = (data: DeadLetterPage): void => {
    abort.current?.abort();
    setFar(undefined);
    setShown({ key, ids: data.items.map((letter) => letter.id) });
  };
  // Rows that no longer match stay where they are, with their present status.
  const refreshMissing = async (data: DeadLetterPage): Promise<void> => {
    const listed = new Set(data.items.map((letter) => letter.id));
    const missing = shown.ids.filter((id) => !listed.has(id));
    try {
      for (let at = 0; at < missing.length; at += idsAtOnce) {
        keep((await get<DeadLetterPage>(withQuery("/dead-letters", { q: `id:${missing.slice(at, at + idsAtOnce).join(",")}`, limit: idsAtOnce, fields }))).items);
      }
      if (missing.length > 0) redraw((n) => n + 1);
    } catch {
      // The next hint tries again; the rows keep what they showed.
    }
  };

  const first = page.data?.searched && page.data.page.next ? { key, next: page.data.page.next, looked: page.data.searched.letters, of: page.data.searched.of, busy: false } : null;
  const reach = far?.key === key ? far : first;
  /** Goes on until there is another page full of letters, the letters end, or it is halted. */
  const further = async (): Promise<void> => {
    if (!reach || reach.busy) return;
    const mine = new AbortController();
    abort.current = mine;
    const ids = [...shown.ids];
    let { next, looked } = reach;
    const least = ids.length + pageSize;
    try {
      while (next !== null && ids.length < least && ids.length < mostRows) {
        setFar({ key, next, looked, of: reach.of, busy: true });
        const found: DeadLetterPage = await get<DeadLetterPage>(withQuery("/dead-letters", { q, limit: pageSize, cursor: next, fields }), mine.signal);
        if (here.current !== key) return;
        keep(found.items);
        ids.push(...found.items.map((letter) => letter.id).filter((id) => !ids.includes(id)));
        setShown({ key, ids: [...ids] });
        next = found.page.next;
        looked += found.searched?.letters ?? 0;
      }
      setFar({ key, next, looked, of: reach.of, busy: false });
    } catch (error) {
      if (here.current !== key) return;
      setFar({ key, next, looked, of: reach.of, busy: false, ...(mine.signal.aborted ? {} : { problem: asProblem(error) }) });
    }
  };

  const rows = shown.key === key ? shown.ids.flatMap((id) => letters.current.get(id) ?? []) : [];
  const fresh = useMemo(() => (page.data && shown.key === key ? page.data.items.filter((letter) => !shown.ids.includes(letter.id)).length : 0), [page.data, shown]);
  return { page, rows, fresh, renew: () => page.data && show(page.data), reach, further: () => void further(), halt: () => abort.current?.abort() };
}
