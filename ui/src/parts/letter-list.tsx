import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren, JSX } from "preact";
import { discard, restore } from "../actions.ts";
import { may, type Problem } from "../api.ts";
import type { BulkAction } from "../bulk.ts";
import { type Column, fieldsOf, standard } from "../columns.ts";
import type { DeadLetterPage } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { lazy } from "../lazy.tsx";
import { latestList, lettersRead } from "../lists.ts";
import { assignToMe } from "../noting.ts";
import { pageSize, usePaging } from "../paging.ts";
import { usePicking } from "../picking.ts";
import { go, paths, setParam, url } from "../router.ts";
import { capped, count } from "../text.ts";
import type { Bulk } from "./bulk.tsx";
import { LetterHead, LetterRow } from "./letter-row.tsx";
import { Searched, Searching } from "./searched.tsx";
import { Bones, ProblemBanner } from "./states.tsx";
import { ListKeys } from "./words.tsx";

const LetterDock = lazy(() => import("./letter-dock.tsx").then((module) => module.LetterDock), "part");
const BulkDialog = lazy(() => import("./bulk.tsx").then((module) => module.BulkDialog), "asks");

/** A page of letters that stays in its order while the world changes: rows change in place, new ones are offered. */
export function LetterList({ q, cursor, empty, onProblem, columns = standard, tools }: {
  q: string;
  cursor: string | null;
  empty: ComponentChildren;
  /** Told of a query the server does not understand; the list shows every other problem itself. */
  onProblem?: (problem: Problem | undefined) => void;
  columns?: readonly Column[];
  /** What can be done with the list as a whole, for the letters that are picked or, where none is, for all. */
  tools?: (picked: string[], total: DeadLetterPage["total"] | undefined) => ComponentChildren;
}): JSX.Element {
  const [at, setAt] = useState(0);
  const fields = fieldsOf(columns);
  const { page, rows, fresh, renew: showNew, reach, further, halt } = usePaging(q, cursor, fields.join() || null, (found, other) => {
    if (!other) return;
    // Whoever comes back from a letter goes on at it.
    const back = latestList.value.href === url.value.href ? found.items.findIndex((one) => one.id === lettersRead.latest) : -1;
    lettersRead.latest = "";
    setAt(Math.max(0, back));
    arriving.current = back > 0;
    clear();
  });
  const arriving = useRef(false);
  // The first letter that is picked does not wait for it.
  useEffect(() => void LetterDock.load(), []);
  useEffect(() => onProblem?.(page.problem?.code === "query-invalid" ? page.problem : undefined), [page.problem]);
  const order = rows.map((row) => row.id).join();
  // Before anybody can see a row and open it: the letter asks what its list is.
  useLayoutEffect(() => {
    if (rows.length > 0) latestList.value = { ids: rows.map((row) => row.id), href: url.value.href, more: page.data?.page.hasMore === true };
  }, [order]);

  const current = rows[Math.min(at, rows.length - 1)];
  /** The focus goes with the row: it is read out, and Enter opens it and not a link that was left behind. */
  const move = (step: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step));
    setAt(next);
    const row = document.getElementById(`letter-${rows[next]?.id}`);
    row?.scrollIntoView({ block: "nearest" });
    row?.focus({ preventScroll: true });
  };
  useEffect(() => {
    if (arriving.current && current) document.getElementById(`letter-${current.id}`)?.scrollIntoView({ block: "center" });
    arriving.current = false;
  }, [order]);
  const ids = rows.map((row) => row.id);
  const { picked, pick, pickAll, clear } = usePicking(ids);
  const [bulk, setBulk] = useState<Bulk>();
  const chosen = picked.size > 0 ? rows.filter((row) => picked.has(row.id)) : current ? [current] : [];
  const all = (): void => setBulk({ scope: { q }, action: null });
  const act = (action: BulkAction): void => {
    const only = chosen.length === 1 ? chosen[0] : undefined;
    if (chosen.length === 0) return;
    if (!only || action === "purge") return setBulk({ scope: { ids: chosen.map((row) => row.id) }, action });
    if (action !== "discard" && action !== "restore") return setBulk({ scope: { ids: [only.id] }, letter: only, action });
    clear();
    if (action === "restore") void restore(only.id);
    else if (only.status === "open") {
      void discard([only.id]);
      // A second press means the next one.
      if (only === current) move(1);
    }
  };
  const mine = (): void => {
    if (chosen.length === 1 && chosen[0]) void assignToMe(chosen[0]);
    else act("assign");
  };
  const renew = (): void => {
    setAt(0);
    if (cursor) setParam("cursor", null);
    else showNew();
  };
  const operate = may("operate");
  useKeys("List", [
    { keys: "j or ArrowDown", what: "Next letter", run: () => move(1) },
    { keys: "k or ArrowUp", what: "Previous letter", run: () => move(-1) },
    { keys: "x or X", what: "Select, with Shift a range", run: (event) => pick(at, event.shiftKey) },
    { keys: "Enter or o", what: "Open", run: () => current && go(paths.letter(current.id)) },
    ...(may("edit") ? [{ keys: "e", what: "Edit and replay", run: () => current && go(paths.edit(current.id)) }] : []),
    { keys: "*", what: operate ? "Select the page, again: all that match" : "Select the page", run: () => (operate && rows.length > 0 && picked.size === rows.length ? all() : pickAll()) },
    ...(operate ? [
      { keys: "r", what: "Replay…, shows what would happen", run: () => (picked.size > 1 ? act("replay") : chosen[0] && go(`${paths.letter(chosen[0].id)}?replay=1`)) },
      { keys: "d", what: "Discard, can be undone", run: () => act("discard") },
      { keys: "m", what: "Assign to me", run: mine },
      { keys: "n", what: "Note…", run: () => act("note") },
    ] : []),
    { keys: "Escape", what: "Clear the selection", run: clear },
    { keys: ".", what: "Show new letters", run: renew },
  ]);

  const total = page.data?.total;
  return (
    <div class={`stack${page.problem ? " stale" : ""}`}>
      {page.problem && page.problem.code !== "query-invalid" && <ProblemBanner problem={page.problem} again={page.again} at={page.data ? page.at : 0} />}
      {page.bones && <Searching stop={page.stop} />}
      {page.bones && rows.length === 0 && <Bones rows={8} />}
      {!page.data && !page.busy && !page.problem && <p class="line help">Stopped before anything was found. <button type="button" onClick={page.again}>Search again</button></p>}
      {page.data && rows.length === 0 && !page.problem && (reach?.next ? <div class="calm"><h2>Nothing found yet</h2><Searched reach={reach} further={further} halt={halt} /></div> : empty)}
      {rows.length > 0 && (
        <>
          <div class="head steady" aria-live="off">
            <span>{total ? <Shown rows={rows.length} total={total} /> : "Dead letters"}</span>
            <ListKeys />
            {fresh > 0 && <button type="button" onClick={renew}>{fresh >= pageSize ? `${pageSize}+` : fresh} new, show <kbd>.</kbd></button>}
            {reach && <Searched reach={reach} further={further} halt={halt} />}
            {page.data?.partial.slice(page.data.searched ? 1 : 0).map((missing) => <span class="help">{missing}</span>)}
            {tools && <span class="end acts">{tools([...picked], total)}</span>}
          </div>
          <div class="sideways">
            <table class={`rows marks fold letters tight${columns.join() === standard.join() ? " fit" : ""}`} role="table">
              <caption class="vh">Dead letters, newest first</caption>
              <thead role="rowgroup">
                <tr role="row">
                  <th scope="col" class="c-tick" role="columnheader">
                    <label class="hit"><input type="checkbox" aria-label="Select this page" checked={picked.size === rows.length} onChange={() => (picked.size === rows.length ? clear() : pickAll())} /></label>
                  </th>
                  {columns.map((column) => <LetterHead column={column} />)}
                </tr>
              </thead>
              <tbody role="rowgroup">
                {rows.map((letter, i) => <LetterRow key={letter.id} letter={letter} columns={columns} fields={fields} current={letter === current} here={() => setAt(i)} picked={picked.has(letter.id)} pick={(range) => pick(i, range)} />)}
              </tbody>
            </table>
          </div>
          {reach && rows.length > 10 && <Searched reach={reach} further={further} halt={halt} />}
          <Pager next={reach ? null : (page.data?.page.next ?? null)} cursor={cursor} />
        </>
      )}
      {picked.size > 0 && <LetterDock chosen={chosen} matching={total && total.relation === "eq" && total.value <= picked.size ? null : total ? capped(total) : "that match"} act={act} all={all} clear={clear} />}
      {bulk && <BulkDialog bulk={bulk} close={() => setBulk(undefined)} done={clear} />}
    </div>
  );
}

/** `50 of 3 904`: what is shown is never taken for what there is. */
function Shown({ rows, total }: { rows: number; total: { value: number; relation: "eq" | "gte" } }): JSX.Element {
  const letters = total.value === 1 ? "dead letter" : "dead letters";
  if (total.relation === "eq" && total.value <= rows) return <><span class="b">{count(rows)}</span> {letters}</>;
  return <><span class="b">{count(rows)}</span> of <span class="b">{total.relation === "gte" ? "at least " : ""}{count(Math.max(total.value, rows))}</span> {letters}</>;
}

function Pager({ next, cursor }: { next: string | null; cursor: string | null }): JSX.Element | null {
  if (!next && !cursor) return null;
  return (
    <nav class="acts" aria-label="Pages">
      {cursor && <button type="button" onClick={() => setParam("cursor", null)}>Newest</button>}
      {next && <button type="button" onClick={() => { setParam("cursor", next); scrollTo(0, 0); }}>Older</button>}
    </nav>
  );
}
