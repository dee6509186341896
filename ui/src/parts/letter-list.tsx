import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ComponentChildren, JSX } from "preact";
import { discard, restore } from "../actions.ts";
import { get, withQuery, type Problem } from "../api.ts";
import type { BulkAction } from "../bulk.ts";
import type { DeadLetterPage, DeadLetterSummary } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { lazy } from "../lazy.tsx";
import { latestList } from "../lists.ts";
import { useLoad } from "../load.ts";
import { assignToMe } from "../noting.ts";
import { usePicking } from "../picking.ts";
import { go, paths, setParam, url } from "../router.ts";
import { capped } from "../text.ts";
import type { Bulk } from "./bulk.tsx";
import { LetterDock } from "./letter-dock.tsx";
import { LetterRow } from "./letter-row.tsx";
import { Bones, Notice, ProblemBanner } from "./states.tsx";

const BulkDialog = lazy(() => import("./bulk.tsx").then((module) => module.BulkDialog), "part");

const pageSize = 50;

/** A page of letters that stays in its order while the world changes: rows change in place, new ones are offered. */
export function LetterList({ q, cursor, empty, onProblem, onFirst }: {
  q: string;
  cursor: string | null;
  empty: ComponentChildren;
  /** Told of a query the server does not understand; the list shows every other problem itself. */
  onProblem?: (problem: Problem | undefined) => void;
  onFirst?: (page: DeadLetterPage) => void;
}): JSX.Element {
  const key = withQuery("/dead-letters", { q, limit: pageSize, cursor, count: "true" });
  const page = useLoad(key, (abort) => get<DeadLetterPage>(key, abort), ["letters"]);
  const [shown, setShown] = useState<{ key: string; ids: string[] }>({ key: "", ids: [] });
  const letters = useRef(new Map<string, DeadLetterSummary>());
  const [, redraw] = useState(0);
  const [at, setAt] = useState(0);

  useEffect(() => onProblem?.(page.problem?.code === "query-invalid" ? page.problem : undefined), [page.problem]);
  useEffect(() => {
    if (!page.data) return;
    onFirst?.(page.data);
    for (const letter of page.data.items) letters.current.set(letter.id, letter);
    if (shown.key !== key || shown.ids.length === 0) show(page.data);
    else {
      // The rows of this render were drawn before the letters above were taken in.
      redraw((n) => n + 1);
      void refreshMissing(page.data);
    }
  }, [page.data]);

  const show = (data: DeadLetterPage): void => {
    if (shown.key !== key) {
      setAt(0);
      clear();
    }
    setShown({ key, ids: data.items.map((letter) => letter.id) });
  };
  // Rows that no longer match stay where they are, with their present status.
  const refreshMissing = async (data: DeadLetterPage): Promise<void> => {
    const here = new Set(data.items.map((letter) => letter.id));
    const missing = shown.ids.filter((id) => !here.has(id));
    if (missing.length === 0) return;
    try {
      const found = await get<DeadLetterPage>(withQuery("/dead-letters", { q: `id:${missing.join(",")}`, limit: pageSize }));
      for (const letter of found.items) letters.current.set(letter.id, letter);
      redraw((n) => n + 1);
    } catch {
      // The next hint tries again; the rows keep what they showed.
    }
  };

  const rows = shown.key === key ? shown.ids.flatMap((id) => letters.current.get(id) ?? []) : [];
  const fresh = useMemo(() => (page.data && shown.key === key ? page.data.items.filter((letter) => !shown.ids.includes(letter.id)).length : 0), [page.data, shown]);
  useEffect(() => {
    if (rows.length > 0) latestList.value = { ids: rows.map((row) => row.id), href: url.value.href, more: page.data?.page.hasMore === true };
  }, [shown]);

  const current = rows[Math.min(at, rows.length - 1)];
  const move = (step: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step));
    setAt(next);
    document.getElementById(`letter-${rows[next]?.id}`)?.scrollIntoView({ block: "nearest" });
  };
  const ids = rows.map((row) => row.id);
  const { picked, pick, pickAll, clear } = usePicking(ids);
  const [bulk, setBulk] = useState<Bulk>();
  const chosen = picked.size > 0 ? rows.filter((row) => picked.has(row.id)) : current ? [current] : [];
  const all = (): void => setBulk({ scope: { q }, action: null });
  const act = (action: BulkAction): void => {
    const only = chosen.length === 1 ? chosen[0] : undefined;
    if (chosen.length === 0) return;
    if (!only) return setBulk({ scope: { ids: chosen.map((row) => row.id) }, action });
    if (action !== "discard" && action !== "restore") return setBulk({ scope: { ids: [only.id] }, letter: only, action });
    clear();
    if (action === "restore") void restore(only.id);
    else if (only.status === "open") void discard([only.id]);
  };
  const mine = (): void => {
    if (chosen.length === 1 && chosen[0]) void assignToMe(chosen[0]);
    else act("assign");
  };
  const renew = (): void => {
    if (cursor) setParam("cursor", null);
    else if (page.data) show(page.data);
  };
  useKeys("List", [
    { keys: "j or ArrowDown", what: "Next letter", run: () => move(1) },
    { keys: "k or ArrowUp", what: "Previous letter", run: () => move(-1) },
    { keys: "x or X", what: "Select, with Shift a range", run: (event) => pick(at, event.shiftKey) },
    { keys: "Enter or o", what: "Open", run: () => current && go(paths.letter(current.id)) },
    { keys: "e", what: "Edit and replay", run: () => current && go(paths.edit(current.id)) },
    { keys: "r", what: "Replay…, shows what would happen", run: () => current && go(`${paths.letter(current.id)}?replay=1`) },
    { keys: "d", what: "Discard, can be undone", run: () => act("discard") },
    { keys: "*", what: "Select the page, again: all that match", run: () => (rows.length > 0 && picked.size === rows.length ? all() : pickAll()) },
    { keys: "m", what: "Assign to me", run: mine },
    { keys: "n", what: "Note…", run: () => act("note") },
    { keys: "Escape", what: "Clear the selection", run: clear },
    { keys: ".", what: "Show new letters", run: renew },
  ]);

  const total = page.data?.total;
  return (
    <div class={`stack${page.problem ? " stale" : ""}`}>
      {page.problem && page.problem.code !== "query-invalid" && <ProblemBanner problem={page.problem} again={page.again} at={page.data ? page.at : 0} />}
      {page.data?.partial.map((missing) => <Notice>{missing}</Notice>)}
      {page.bones && <Bones rows={8} />}
      {page.data && rows.length === 0 && !page.problem && empty}
      {rows.length > 0 && (
        <>
          <p class="head" aria-live="off">
            <span>{total ? <><span class="b">{capped(total)}</span> {total.value === 1 ? "dead letter" : "dead letters"}</> : "Dead letters"}</span>
            {fresh > 0 && <button type="button" onClick={renew}>{fresh >= pageSize ? `${pageSize}+` : fresh} new, show <kbd>.</kbd></button>}
          </p>
          <table class="rows marks fold letters tight" role="table">
            <caption class="vh">Dead letters, newest first</caption>
            <thead role="rowgroup">
              <tr role="row">
                <th scope="col" class="c-tick" role="columnheader">
                  <label class="hit"><input type="checkbox" aria-label="Select this page" checked={picked.size === rows.length} onChange={() => (picked.size === rows.length ? clear() : pickAll())} /></label>
                </th>
                <th scope="col" class="c-state" role="columnheader">Status</th><th scope="col" class="c-time" role="columnheader" aria-sort="descending">Failed</th>
                <th scope="col" role="columnheader">Origin, topic</th><th scope="col" class="c-pos" role="columnheader">Part.:offset</th><th scope="col" class="c-key" role="columnheader">Key</th>
                <th scope="col" class="c-error" role="columnheader">Error</th><th scope="col" class="num c-att" role="columnheader">Tries</th><th scope="col" class="num c-size" role="columnheader">Value</th>
              </tr>
            </thead>
            <tbody role="rowgroup">
              {rows.map((letter, i) => <LetterRow letter={letter} current={letter === current} picked={picked.has(letter.id)} pick={(range) => pick(i, range)} />)}
            </tbody>
          </table>
          <Pager page={page.data} cursor={cursor} />
        </>
      )}
      {picked.size > 0 && <LetterDock chosen={chosen} matching={total && total.relation === "eq" && total.value <= picked.size ? null : total ? capped(total) : "that match"} act={act} all={all} clear={clear} />}
      {bulk && <BulkDialog bulk={bulk} close={() => setBulk(undefined)} done={clear} />}
    </div>
  );
}

function Pager({ page, cursor }: { page: DeadLetterPage | undefined; cursor: string | null }): JSX.Element | null {
  const next = page?.page.next;
  if (!next && !cursor) return null;
  return (
    <nav class="acts" aria-label="Pages">
      {cursor && <button type="button" onClick={() => setParam("cursor", null)}>Newest</button>}
      {next && <button type="button" onClick={() => { setParam("cursor", next); scrollTo(0, 0); }}>Older</button>}
    </nav>
  );
}
