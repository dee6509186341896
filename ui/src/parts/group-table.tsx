import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { me } from "../api.ts";
import type { FailureGroup } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { go, paths } from "../router.ts";
import { count, plural, simpleName } from "../text.ts";
import { say } from "../toast.ts";
import { decide } from "../triage.ts";
import { lazy } from "../lazy.tsx";
import { Spark } from "./charts.tsx";
import type { Asking } from "./group-panel.tsx";
import { Icon } from "./icon.tsx";
import { Ago, At, Badge, Foreign, LookBadge, TopicName, groupStates } from "./words.tsx";

const GroupPanel = lazy(() => import("./group-panel.tsx").then((module) => module.GroupPanel), "part");

/** Groups in the order they were first shown under `scope`; a refetch changes rows in place and offers the rest. */
export function GroupTable({ groups, scope }: { groups: FailureGroup[]; scope: string }): JSX.Element {
  const [here, setHere] = useState<string>();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Asking>();
  const order = useRef<{ scope: string; ids: string[] }>({ scope: "", ids: [] });
  const [, redraw] = useState(0);
  const byId = new Map(groups.map((group) => [group.id, group]));
  const now = groups.map((group) => group.id);
  const known = order.current.scope === scope;
  const fresh = known ? now.filter((id) => !order.current.ids.includes(id)).length : 0;
  const shown = order.current.ids.filter((id) => byId.has(id));
  const moved = known && (fresh > 0 || now.filter((id) => order.current.ids.includes(id)).join() !== shown.join());
  if (!known) order.current = { scope, ids: now };
  useEffect(() => {
    setHere(undefined);
    setPicked(new Set());
  }, [scope]);
  const rows = order.current.ids.flatMap((id) => byId.get(id) ?? []);
  const at = Math.max(0, rows.findIndex((group) => group.id === here));
  const current = rows[at];
  const meant = picked.size > 0 ? rows.filter((group) => picked.has(group.id)) : current ? [current] : [];
  const renew = (): void => {
    order.current = { scope, ids: now };
    redraw((n) => n + 1);
  };
  const to = (index: number): void => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, index))];
    setHere(next?.id);
    document.getElementById(`group-${next?.id}`)?.scrollIntoView({ block: "nearest" });
  };
  /** On to the next row that is not acted on: the others may be gone in a moment. */
  const onward = (): void => {
    const ids = new Set(meant.map((group) => group.id));
    const next = rows.slice(at).find((group) => !ids.has(group.id)) ?? [...rows].reverse().find((group) => !ids.has(group.id));
    setHere(next?.id);
    setPicked(new Set());
  };
  const act = (what: string, of: Parameters<typeof decide>[2]): void => {
    if (meant.length > 0) void decide(meant, what, of);
    onward();
  };
  const pick = (): void => {
    if (!current) return;
    const next = new Set(picked);
    if (!next.delete(current.id)) next.add(current.id);
    setPicked(next);
  };
  const mine = me.value?.actor ?? "";
  // A key opens it, and what is typed next is meant for it: it is there by then.
  useEffect(() => void GroupPanel.load(), []);
  // A question is answered first: what is typed then is text, even before its field is there.
  useKeys("List", asking ? [] : [
    { keys: "j or ArrowDown", what: "Next failure group", run: () => to(at + 1) },
    { keys: "k or ArrowUp", what: "Previous failure group", run: () => to(at - 1) },
    { keys: "Enter or o", what: "Open", run: () => current && go(paths.group(current.id)) },
    { keys: "x", what: "Select", run: pick },
    { keys: "*", what: "Select all shown, or none", run: () => setPicked(picked.size === rows.length ? new Set() : new Set(rows.map((group) => group.id))) },
    { keys: "m", what: "Assign to me", run: () => act(`assigned to ${mine}`, () => ({ assignee: mine })) },
    { keys: "s", what: "Snooze…", run: () => setAsking("snooze") },
    { keys: "v", what: "Resolve", run: () => act("resolved", () => ({ state: "resolved" })) },
    { keys: "d", what: "Discard open letters…", run: () => setAsking("discard") },
    { keys: "M", what: "Merge the selected…", run: () => (picked.size > 1 ? setAsking("merge") : say("Select two failure groups or more with x, then merge them with M.")) },
    { keys: "n", what: "Add a note…", run: () => setAsking("note") },
    { keys: "t", what: "Tag…", run: () => setAsking("tag") },
    { keys: ".", what: "Show the new order", run: renew },
    { keys: "Escape", what: "Clear the selection", run: () => setPicked(new Set()) },
  ]);
  return (
    <>
      <p class="steady">{moved && <button type="button" onClick={renew}>{fresh > 0 ? `${fresh} new, show` : "Sort again"} <kbd>.</kbd></button>}</p>
      {asking && meant.length > 0 && <GroupPanel asking={asking} groups={meant} close={() => setAsking(undefined)} done={onward} />}
      <table class="rows marks fold groups" role="table">
        <caption class="vh">Failure groups</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader" class="c-state">State</th><th scope="col" role="columnheader">Failure group</th><th scope="col" role="columnheader" class="c-topic">Topic, consumer group</th>
            <th scope="col" role="columnheader" class="c-spark">Trend</th><th scope="col" role="columnheader" class="num c-open">Open, all</th><th scope="col" role="columnheader" class="num c-last">Last, first</th>
          </tr>
        </thead>
        <tbody role="rowgroup">{rows.map((group) => <Row group={group} current={group === current} picked={picked.has(group.id)} />)}</tbody>
      </table>
      {rows.length > 0 && (
        <p class="acts tight opt">
          <span class="soft">{picked.size > 0 ? `${picked.size} selected` : "This row"}</span>
          <button type="button" onClick={() => act(`assigned to ${mine}`, () => ({ assignee: mine }))}>Assign to me <kbd>m</kbd></button>
          <button type="button" onClick={() => setAsking("snooze")}>Snooze… <kbd>s</kbd></button>
          <button type="button" onClick={() => act("resolved", () => ({ state: "resolved" }))}>Resolve <kbd>v</kbd></button>
          <button type="button" onClick={() => setAsking("discard")}>Discard… <kbd>d</kbd></button>
          {picked.size > 1 && <button type="button" onClick={() => setAsking("merge")}>Merge… <kbd>M</kbd></button>}
        </p>
      )}
    </>
  );
}

function Row({ group, current, picked }: { group: FailureGroup; current: boolean; picked: boolean }): JSX.Element {
  const look = groupStates[group.state];
  const { counts } = group;
  return (
    <tr id={`group-${group.id}`} role="row" class={`${look.mark} ${look.tone}${current ? " here" : ""}`} {...(current ? { "aria-current": "true" as const } : {})}>
      <td class="a-state" role="cell"><LookBadge of={look} />{picked && <> <Badge tone="moving" loud="ring" icon="recovered">Selected</Badge></>}{counts.returned > 0 && <><br /><Badge tone="alarm" loud="" icon="returned">{count(counts.returned)} returned</Badge></>}</td>
      <th scope="row" role="rowheader" class="a-what two">
        <span class="cut"><a class="b" href={paths.group(group.id)} title={group.title}><Foreign text={group.label ?? simpleName(group.title)} /></a> {group.label && <code class="soft"><Foreign text={simpleName(group.title)} /></code>} {group.culprit && <code class="soft"><Foreign text={shortFrame(group.culprit)} /></code>}</span>
        <span class="soft cut" title={group.message ?? ""}>{group.message ? <Foreign text={group.message} /> : "No message"}</span>
        <Noted group={group} />
      </th>
      <td class="a-topic two" role="cell"><code class="cut" title={group.topic}><TopicName topic={group.topic} origin={group.originTopic} /></code><span class="soft cut">{group.consumerGroup ?? group.convention}</span></td>
      <td class="a-spark" role="cell"><Spark buckets={group.buckets} tone={look.loud === "fill" ? look.tone : ""} /></td>
      <td class="a-open num two" role="cell"><span class="big">{count(counts.open)}</span><span class="soft">{count(counts.letters)}</span></td>
      <td class="a-last num two" role="cell"><Ago time={group.lastSeenAt} /><span class="soft"><At time={group.firstSeenAt} /></span></td>
    </tr>
  );
}

/** Who looks after it, and what was written about it; nothing where nobody did. */
export function Noted({ group }: { group: FailureGroup }): JSX.Element | null {
  if (group.assignee === null && group.tags.length === 0 && group.notes === 0) return null;
  return (
    <span class="soft cut">
      {group.assignee !== null && <><Icon name="draft" /> <Foreign text={group.assignee} /> </>}
      {group.tags.map((tag) => <span class="tag">{tag}</span>)}
      {group.notes > 0 && plural(group.notes, "note")}
    </span>
  );
}

/** `dev.shop.orders.OrderPriceMapper.toCents` is read as `OrderPriceMapper.toCents`. */
export function shortFrame(frame: string): string {
  const match = /([\w$]+\.[\w$<>]+)(?:\(.*)?$/.exec(frame);
  return match?.[1] ?? frame;
}
