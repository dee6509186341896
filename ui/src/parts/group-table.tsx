import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { may, me } from "../api.ts";
import type { FailureGroup, FailureGroupPage } from "../contract.ts";
import { type Key, useKeys } from "../keys.ts";
import { lazy } from "../lazy.tsx";
import { usePicking } from "../picking.ts";
import { go, paths } from "../router.ts";
import { count } from "../text.ts";
import { say } from "../toast.ts";
import { decide } from "../triage.ts";
import type { Bulk } from "./bulk.tsx";
import type { Asking } from "./group-panel.tsx";
import { GroupRow } from "./group-row.tsx";
import { ListKeys } from "./words.tsx";

const GroupPanel = lazy(() => import("./group-panel.tsx").then((module) => module.GroupPanel), "asks");
const GroupDock = lazy(() => import("./group-dock.tsx").then((module) => module.GroupDock), "part");
const BulkDialog = lazy(() => import("./bulk.tsx").then((module) => module.BulkDialog), "asks");

/**
 * Groups in the order they were first shown under `scope`; a refetch changes rows in place and offers the rest.
 *
 * @param limit how many were asked for; those that come with a greater one stand below
 */
export function GroupTable({ groups, scope, limit, total }: { groups: FailureGroup[]; scope: string; limit: number; total: FailureGroupPage["total"] }): JSX.Element {
  const [here, setHere] = useState<string>();
  // A question is about those it was asked of, whatever the list does meanwhile.
  const [asked, setAsked] = useState<{ asking: Asking; groups: FailureGroup[] }>();
  const [replaying, setReplaying] = useState<Bulk>();
  const { rows, news, renew } = useSteady(groups, scope, limit);
  const { picked, pick, pickAll, clear } = usePicking(rows.map((group) => group.id));
  // Before a key can come: what is pressed at the first picture is meant for what it shows.
  useLayoutEffect(() => {
    setHere(undefined);
    clear();
  }, [scope]);
  const operate = may("operate");
  const found = rows.findIndex((group) => group.id === here);
  const latest = useRef(0);
  // Where the row was that somebody else took away, and not at the top of the list.
  const at = here === undefined ? 0 : found >= 0 ? found : Math.max(0, Math.min(latest.current, rows.length - 1));
  latest.current = at;
  const current = rows[at];
  const chosen = rows.filter((group) => picked.has(group.id));
  const meant = chosen.length > 0 ? chosen : current ? [current] : [];
  const ask = (asking: Asking): void => {
    if (meant.length > 0) setAsked({ asking, groups: meant });
  };
  /** The focus goes with the row: it is read out, and Enter opens it and not a link that was left behind. */
  const focus = (group: FailureGroup | undefined): void => {
    setHere(group?.id);
    const row = document.getElementById(`group-${group?.id}`);
    row?.scrollIntoView({ block: "nearest" });
    row?.focus({ preventScroll: true });
  };
  const to = (index: number): void => focus(rows[Math.max(0, Math.min(rows.length - 1, index))]);
  /** On to the next row that is not acted on: the others may be gone in a moment. */
  const onward = (): void => {
    const ids = new Set((asked?.groups ?? meant).map((group) => group.id));
    focus(rows.slice(at).find((group) => !ids.has(group.id)) ?? [...rows].reverse().find((group) => !ids.has(group.id)));
    clear();
  };
  const act = (what: string, of: Parameters<typeof decide>[2]): void => {
    if (meant.length > 0) void decide(meant, what, of);
    onward();
  };
  const mine = me.value?.actor ?? "";
  const assign = (): void => act(`assigned to ${mine}`, () => ({ assignee: mine }));
  const resolve = (): void => act("resolved", () => ({ state: "resolved" }));
  const replay = (): void => {
    if (meant.length > 0) setReplaying({ scope: { q: `group:${meant.map((group) => group.id).join(",")} is:open` }, action: "replay" });
  };
  // A key opens it, and what is typed next is meant for it: it is there by then.
  useEffect(() => {
    if (operate) [GroupPanel, GroupDock].forEach((part) => void part.load());
  }, [operate]);
  const all = chosen.length === rows.length ? clear : pickAll;
  const deeds: Key[] = operate ? [
    { keys: "x or X", what: "Select, with Shift a range", run: (event) => current && pick(at, event.shiftKey) },
    { keys: "*", what: "Select all shown, or none", run: all },
    { keys: "r", what: "Replay open letters…, shows what would happen", run: replay },
    { keys: "m", what: "Assign to me", run: assign },
    { keys: "s", what: "Snooze…", run: () => ask("snooze") },
    { keys: "v", what: "Resolve", run: resolve },
    { keys: "d", what: "Discard open letters…", run: () => ask("discard") },
    { keys: "M", what: "Merge the selected…", run: () => (chosen.length > 1 ? ask("merge") : say("Select two failure groups or more with x, then merge them with M.")) },
    { keys: "n", what: "Add a note…", run: () => ask("note") },
    { keys: "t", what: "Tag…", run: () => ask("tag") },
    { keys: "Escape", what: "Clear the selection", run: clear },
  ] : [];
  // A question is answered first: what is typed then is text, even before its field is there.
  useKeys("List", asked ? [] : [
    { keys: "j or ArrowDown", what: "Next failure group", run: () => to(at + 1) },
    { keys: "k or ArrowUp", what: "Previous failure group", run: () => to(at - 1) },
    { keys: "Enter or o", what: "Open", run: () => current && go(paths.group(current.id)) },
    { keys: ".", what: "Show the new order", run: renew },
    ...deeds,
  ]);
  return (
    <>
      <div class="head steady">
        <span>{total && <Shown rows={rows.length} total={total} />}</span>
        <ListKeys />
        {news !== null && <button type="button" onClick={renew}>{news} <kbd>.</kbd></button>}
      </div>
      {asked && <GroupPanel asking={asked.asking} groups={asked.groups.map((one) => groups.find((group) => group.id === one.id) ?? one)} close={() => setAsked(undefined)} done={onward} />}
      <table class={`rows marks fold groups tight${operate ? " picks" : ""}`} role="table">
        <caption class="vh">Failure groups</caption>
        <thead role="rowgroup">
          <tr role="row">
            {operate && <th scope="col" role="columnheader" class="c-tick"><label class="hit"><input type="checkbox" aria-label="Select all shown" checked={rows.length > 0 && chosen.length === rows.length} onChange={all} /></label></th>}
            <th scope="col" role="columnheader" class="c-state">State</th><th scope="col" role="columnheader">Failure group</th><th scope="col" role="columnheader" class="c-topic">Topic, consumer group</th>
            <th scope="col" role="columnheader" class="c-spark">Trend</th><th scope="col" role="columnheader" class="num c-open">Open, all</th><th scope="col" role="columnheader" class="num c-last">Last, first</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((group, i) => <GroupRow key={group.id} group={group} current={group === current} picked={picked.has(group.id)} here={() => { if (!asked) setHere(group.id); }} pick={operate ? (range) => pick(i, range) : undefined} />)}
        </tbody>
      </table>
      {operate && chosen.length > 0 && !asked && <GroupDock chosen={chosen} ask={ask} replay={replay} resolve={resolve} assign={assign} clear={clear} />}
      {replaying && <BulkDialog bulk={replaying} close={() => setReplaying(undefined)} done={clear} />}
    </>
  );
}

/** Rows keep the order that somebody looks at; what has come or moved since is offered in words, null where nothing has. */
function useSteady(groups: FailureGroup[], scope: string, limit: number): { rows: FailureGroup[]; news: string | null; renew: () => void } {
  const order = useRef<{ scope: string; limit: number; ids: string[] }>({ scope: "", limit, ids: [] });
  const [, redraw] = useState(0);
  const byId = new Map(groups.map((group) => [group.id, group]));
  const now = groups.map((group) => group.id);
  if (order.current.scope !== scope) order.current = { scope, limit, ids: now };
  else if (order.current.limit !== limit) order.current = { scope, limit, ids: [...new Set([...order.current.ids, ...now])] };
  const { ids } = order.current;
  const fresh = now.filter((id) => !ids.includes(id)).length;
  const moved = now.filter((id) => ids.includes(id)).join() !== ids.filter((id) => byId.has(id)).join();
  const renew = (): void => {
    order.current = { scope, limit, ids: now };
    redraw((n) => n + 1);
  };
  return { rows: ids.flatMap((id) => byId.get(id) ?? []), news: fresh > 0 ? `${count(fresh)} new, show` : moved ? "Sort again" : null, renew };
}

/** `50 of 68`: what is shown is never taken for what there is. */
function Shown({ rows, total }: { rows: number; total: NonNullable<FailureGroupPage["total"]> }): JSX.Element {
  const whole = total.relation === "eq" && total.value <= rows;
  return <><span class="b">{count(rows)}</span>{!whole && <> of <span class="b">{total.relation === "gte" ? "at least " : ""}{count(Math.max(total.value, rows))}</span></>} {total.value === 1 && whole ? "failure group" : "failure groups"}</>;
}
