import type { JSX } from "preact";
import { get, may } from "../api.ts";
import type { ConsumerGroup, ConsumerGroupItem, ConsumerGroupList, ConsumerPartition, LagState, ShareGroupItem } from "../contract.ts";
import { lazy } from "../lazy.tsx";
import { useEvery, useLoad } from "../load.ts";
import { Frame } from "../parts/frame.tsx";
import { LagSpark } from "../parts/lag-spark.tsx";
import { Loaded, Notice } from "../parts/states.tsx";
import { Ago, At, Badge, Dotted, Foreign, Heads, LookBadge, lagStates } from "../parts/words.tsx";
import { paths, url } from "../router.ts";
import { count, looksBinary, plural, size } from "../text.ts";
import { useState } from "preact/hooks";

const Quarantine = lazy(() => import("../parts/quarantine.tsx").then((module) => module.Quarantine), "asks");

/** Nothing tells of a lag that grows, so it is asked for as often as it is measured. */
const pace = 4000;

export function Consumers(): JSX.Element {
  const groups = useLoad("consumers", (abort) => get<ConsumerGroupList>("/consumer-groups", abort), ["topics"]);
  useEvery(pace, groups.again);
  return (
    <Frame title="Consumers">
      <Loaded load={groups}>
        {({ items, shareGroups, asOf, partial }) => (
          <>
            <Partial sentences={partial} />
            {items.length > 0 ? <GroupTable items={items} /> : shareGroups.length === 0 && <None measured={asOf !== null} />}
            {shareGroups.length > 0 && <section><h2>Share groups</h2><ShareTable items={shareGroups} /></section>}
            {asOf && <p class="help">Measured <At time={asOf} />.</p>}
          </>
        )}
      </Loaded>
    </Frame>
  );
}

function Partial({ sentences }: { sentences: string[] }): JSX.Element | null {
  return sentences.length === 0 ? null : <Notice>{sentences.map((sentence) => <span class="block"><Foreign text={sentence} />.</span>)}</Notice>;
}

function None({ measured }: { measured: boolean }): JSX.Element {
  return (
    <div class="calm">
      <h2>{measured ? "No consumer group reads these topics" : "Nothing measured yet"}</h2>
      <p>Redrive watches every consumer group that has committed an offset for a dead-letter topic or for a topic that a letter came from.</p>
    </div>
  );
}

function GroupTable({ items, alone = false }: { items: ConsumerGroupItem[]; alone?: boolean }): JSX.Element {
  return (
    <table class="rows fold" role="table">
      <caption class="vh">Consumer groups by topic, the worst first</caption>
      <Heads names={[...(alone ? [] : ["Consumer group"]), "Topic", "State", "#Behind", "Last hour", "#Members", "#Partitions"]} />
      <tbody role="rowgroup">{items.map((item) => <GroupRow item={item} alone={alone} />)}</tbody>
    </table>
  );
}

function GroupRow({ item, alone }: { item: ConsumerGroupItem; alone: boolean }): JSX.Element {
  const look = lagStates[item.state];
  return (
    <tr role="row">
      {!alone && <th scope="row" role="rowheader" class="all any"><a class="mono" href={paths.consumer(item.group, item.cluster)}><Dotted name={item.group} /></a>{item.type === "streams" && <span class="soft block">Kafka Streams</span>}</th>}
      <td role="cell" class="mono any all" data-l="Topic"><Dotted name={item.topic} /></td>
      <td role="cell"><LookBadge of={look} /> <span class="soft">for <Ago time={item.since} /></span></td>
      <td role="cell" class="num" data-l="Behind">{count(item.lag)}</td>
      <td role="cell" class="a-spark"><LagSpark history={item.history} tone={look.loud === "fill" ? look.tone : ""} /></td>
      <td role="cell" class="num" data-l="Members">{item.members ?? "unknown"}</td>
      <td role="cell" class="num" data-l="Partitions">{item.stuckPartitions > 0 ? `${item.stuckPartitions} of ${item.partitions} stuck` : item.partitions}{item.uncommittedPartitions ? <span class="soft block">{item.uncommittedPartitions} never committed: lag unknown</span> : null}</td>
    </tr>
  );
}

const shareStates = { stable: "Reads", empty: "Has no members", dead: "Is gone", unknown: "Unknown" } as const satisfies Record<ShareGroupItem["state"], string>;

/** They hand out records one by one: nothing of an offset that does not move is said of them. */
function ShareTable({ items }: { items: ShareGroupItem[] }): JSX.Element {
  return (
    <table class="rows fold" role="table">
      <caption class="vh">Share groups by topic</caption>
      <Heads names={["Share group", "Topic", "State", "#Behind", "#Members", "#Partitions"]} />
      <tbody role="rowgroup">
        {items.map((item) => (
          <tr role="row">
            <th scope="row" role="rowheader" class="mono all any"><Dotted name={item.group} /></th>
            <td role="cell" class="mono any all" data-l="Topic"><Dotted name={item.topic} /></td>
            <td role="cell" data-l="State">{shareStates[item.state]}</td>
            <td role="cell" class="num" data-l="Behind">{item.lag === null ? "unknown" : count(item.lag)}</td>
            <td role="cell" class="num" data-l="Members">{item.members ?? "unknown"}</td>
            <td role="cell" class="num" data-l="Partitions">{item.partitions}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Where an alert's link leads: which partition does not get on, since when, and which record is in its way. */
export function Consumer({ group }: { group: string }): JSX.Element {
  const cluster = url.value.searchParams.get("cluster");
  const path = `/consumer-groups/${encodeURIComponent(group)}${cluster ? `?${new URLSearchParams({ cluster })}` : ""}`;
  const found = useLoad(`consumer ${path}`, (abort) => get<ConsumerGroup>(path, abort));
  return (
    <Frame lead="Consumer group" title={group}>
      <p><a href={paths.consumers}>All consumer groups</a></p>
      <Loaded load={found} rows={3}>
        {(data) => (
          <>
            <Partial sentences={data.partial} />
            <p class="line">
              <span>{data.members === null ? "Members unknown" : plural(data.members, "member")}</span>
              <span class="soft">cluster <Foreign text={data.cluster} /></span>
              {data.asOf && <span class="soft">measured <At time={data.asOf} /></span>}
              <button type="button" onClick={found.again}>Look again</button>
            </p>
            <GroupTable items={data.topics} alone />
            {data.partitions.filter((partition) => stuck(partition.state)).map((partition) => <Blocked partition={partition} group={data.group} cluster={data.cluster} again={found.again} />)}
            <section><h2>Partitions</h2><Partitions partitions={data.partitions} /></section>
          </>
        )}
      </Loaded>
    </Frame>
  );
}

const stuck = (state: LagState): boolean => state === "stall" || state === "stop";

function Partitions({ partitions }: { partitions: ConsumerPartition[] }): JSX.Element {
  return (
    <table class="rows fold" role="table">
      <caption class="vh">Partitions by topic, the worst first</caption>
      <Heads names={["Partition", "State", "#Behind", "#Reads next", "#Log end", "#Last moved"]} />
      <tbody role="rowgroup">
        {partitions.map((one) => (
          <tr role="row">
            <th scope="row" role="rowheader" class="mono any all"><Dotted name={one.topic} /> {one.partition}</th>
            <td role="cell"><LookBadge of={lagStates[one.state]} /> <span class="soft">for <Ago time={one.since} /></span></td>
            <td role="cell" class="num" data-l="Behind">{count(one.lag)}</td>
            <td role="cell" class="num mono" data-l="Reads next">{one.committed}</td>
            <td role="cell" class="num mono" data-l="Log end">{one.logEnd}</td>
            <td role="cell" class="num" data-l="Last moved"><Ago time={one.movedAt} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Blocking = NonNullable<ConsumerPartition["blockingRecord"]>;

function Blocked({ partition, group, cluster, again }: { partition: ConsumerPartition; group: string; cluster: string; again: () => void }): JSX.Element {
  const [asking, setAsking] = useState(false);
  const record = partition.blockingRecord;
  return (
    <section class="stack">
      <div class="head"><h2>In the way: {partition.topic} {partition.partition}:{record?.offset ?? partition.committed}</h2>{partition.state === "stall" && <Badge tone="alarm" loud="ring" icon="uncertain">Perhaps a poison record</Badge>}</div>
      {record === null ? <p class="soft">The record could not be read.</p> : (
        <dl class="facts">
          <dt>Written</dt><dd>{record.timestamp ? <At time={record.timestamp} /> : "unknown"}</dd>
          <dt>Key</dt><dd><Bytes of={record.key} hidden={record.hidden} /></dd>
          <dt>Value</dt><dd><Bytes of={record.value} hidden={record.hidden} /></dd>
          <dt>Headers</dt><dd>{count(record.headers)}</dd>
        </dl>
      )}
      {record && may("operate") && <div class="acts"><button type="button" onClick={() => setAsking(true)}>Take it out of the way…<span class="vh"> of partition {partition.partition}</span></button></div>}
      {record && asking && <Quarantine place={{ group, cluster, topic: partition.topic, partition: partition.partition, offset: record.offset }} close={() => setAsking(false)} done={again} />}
    </section>
  );
}

function Bytes({ of, hidden }: { of: Blocking["key"]; hidden: boolean }): JSX.Element {
  if (hidden) return <span class="soft">hidden: reading payloads is not allowed with this token</span>;
  if (of === null) return <span class="soft">null</span>;
  const note = `${of.encoding === "base64" ? "base64, " : looksBinary(of.data) ? "binary, " : ""}${size(of.size)}${of.truncated ? ", cut" : ""}`;
  return <><code class="any"><Foreign text={of.data} /></code> <span class="soft">{note}</span></>;
}
