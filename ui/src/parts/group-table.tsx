import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import type { FailureGroup } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { go, paths } from "../router.ts";
import { count, simpleName } from "../text.ts";
import { Spark } from "./charts.tsx";
import { Ago, At, Badge, Foreign, LookBadge, TopicName, groupStates } from "./words.tsx";

/** Groups in the order they were first shown under `scope`; a refetch changes rows in place and offers the rest. */
export function GroupTable({ groups, scope }: { groups: FailureGroup[]; scope: string }): JSX.Element {
  const [at, setAt] = useState(0);
  const order = useRef<{ scope: string; ids: string[] }>({ scope: "", ids: [] });
  const [, redraw] = useState(0);
  const byId = new Map(groups.map((group) => [group.id, group]));
  const now = groups.map((group) => group.id);
  const known = order.current.scope === scope;
  const fresh = known ? now.filter((id) => !order.current.ids.includes(id)).length : 0;
  const moved = known && now.join() !== order.current.ids.join();
  if (!known) order.current = { scope, ids: now };
  useEffect(() => setAt(0), [scope]);
  const rows = order.current.ids.flatMap((id) => byId.get(id) ?? []);
  const current = rows[Math.min(at, rows.length - 1)];
  const renew = (): void => {
    order.current = { scope, ids: now };
    redraw((n) => n + 1);
  };
  const move = (step: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step));
    setAt(next);
    document.getElementById(`group-${rows[next]?.id}`)?.scrollIntoView({ block: "nearest" });
  };
  useKeys("List", [
    { keys: "j or ArrowDown", what: "Next failure group", run: () => move(1) },
    { keys: "k or ArrowUp", what: "Previous failure group", run: () => move(-1) },
    { keys: "Enter or o", what: "Open", run: () => current && go(paths.group(current.id)) },
    { keys: ".", what: "Show the new order", run: renew },
  ]);
  return (
    <>
      {moved && <p><button type="button" onClick={renew}>{fresh > 0 ? `${fresh} new, show` : "Sort again"} <kbd>.</kbd></button></p>}
      <table class="rows marks fold groups" role="table">
        <caption class="vh">Failure groups</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader" class="c-state">State</th><th scope="col" role="columnheader">Failure group</th><th scope="col" role="columnheader" class="c-topic">Topic, consumer group</th>
            <th scope="col" role="columnheader" class="c-spark">Trend</th><th scope="col" role="columnheader" class="num c-open">Open, all</th><th scope="col" role="columnheader" class="num c-last">Last, first</th>
          </tr>
        </thead>
        <tbody role="rowgroup">{rows.map((group) => <Row group={group} current={group === current} />)}</tbody>
      </table>
    </>
  );
}

function Row({ group, current }: { group: FailureGroup; current: boolean }): JSX.Element {
  const look = groupStates[group.state];
  const { counts } = group;
  return (
    <tr id={`group-${group.id}`} role="row" class={`${look.mark} ${look.tone}${current ? " here" : ""}`}>
      <td class="a-state" role="cell"><LookBadge of={look} />{counts.returned > 0 && <><br /><Badge tone="alarm" loud="" icon="returned">{count(counts.returned)} returned</Badge></>}</td>
      <th scope="row" role="rowheader" class="a-what two">
        <span class="cut"><a class="b" href={paths.group(group.id)} title={group.title}><Foreign text={simpleName(group.title)} /></a> {group.culprit && <code class="soft"><Foreign text={shortFrame(group.culprit)} /></code>}</span>
        <span class="soft cut" title={group.message ?? ""}>{group.message ? <Foreign text={group.message} /> : "No message"}</span>
      </th>
      <td class="a-topic two" role="cell"><code class="cut" title={group.topic}><TopicName topic={group.topic} origin={group.originTopic} /></code><span class="soft cut">{group.consumerGroup ?? group.convention}</span></td>
      <td class="a-spark" role="cell"><Spark buckets={group.buckets} tone={look.loud === "fill" ? look.tone : ""} /></td>
      <td class="a-open num two" role="cell"><span class="big">{count(counts.open)}</span><span class="soft">{count(counts.letters)}</span></td>
      <td class="a-last num two" role="cell"><Ago time={group.lastSeenAt} /><span class="soft"><At time={group.firstSeenAt} /></span></td>
    </tr>
  );
}

/** `dev.shop.orders.OrderPriceMapper.toCents` is read as `OrderPriceMapper.toCents`. */
export function shortFrame(frame: string): string {
  const match = /([\w$]+\.[\w$<>]+)(?:\(.*)?$/.exec(frame);
  return match?.[1] ?? frame;
}
