import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ask, asProblem, may, withQuery } from "../api.ts";
import type { LagState, ReadinessSummary, Topic, TopicReader as Reader } from "../contract.ts";
import { hint } from "../live.ts";
import { paths } from "../router.ts";
import { capped, count, plural, size } from "../text.ts";
import { say } from "../toast.ts";
import { kept } from "../topic-list.ts";
import { Spark } from "./charts.tsx";
import { Ready } from "./ready.tsx";
import { Ago, Badge, Dotted, Foreign, Heads, LookBadge, TopicName, lagStates } from "./words.tsx";

export type ReadinessOf = (topic: Topic) => ReadinessSummary | undefined;

/** @param act where reading can be paused: what is known of the readiness of each; without it the table is for a glance */
export function TopicTable({ topics, act }: { topics: Topic[]; act?: ReadinessOf }): JSX.Element {
  return (
    <table class="rows fold topics" role="table">
      <caption class="vh">Dead-letter topics that are read</caption>
      <Heads names={["Topic", "Origin", ...(act ? ["Ready"] : []), "#Open", "#Behind", "24 h", "#Partitions", ...(act ? ["#Copies", "Kept", "Read by"] : [])]} />
      <tbody role="rowgroup">{topics.map((topic) => <TopicRow key={`${topic.cluster} ${topic.topicId}`} topic={topic} {...(act ? { act } : {})} />)}</tbody>
    </table>
  );
}

function TopicRow({ topic, act }: { topic: Topic; act?: ReadinessOf }): JSX.Element {
  const { shape } = topic;
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="all any"><a class="mono" href={paths.letters(`topic:${topic.name}`)}><TopicName topic={topic.name} origin={topic.origin} /></a>
        {topic.expiry !== null && (topic.expiry.headroomPercent ?? 100) < 50 && <> <Badge tone="alarm" loud="fill" icon="warn">{topic.expiry.headroomPercent} % until unread letters expire</Badge></>}
        {topic.reading?.decision === "exclude" && <> <Badge tone="decide" loud="ring" icon="paused">Excluded</Badge> <span class="soft block">by {topic.reading.by}{topic.reading.reason && <>: <Foreign text={topic.reading.reason} /></>}</span></>}
        {topic.gaps > 0 && <> <Badge tone="alarm" loud="fill" icon="fail">{plural(topic.gaps, "gap")}</Badge></>}
        {topic.paused && <> <Badge tone="decide" loud="ring" icon="paused">Paused</Badge> <span class="soft block">by {topic.paused.by} <Ago time={topic.paused.at} /> ago{topic.paused.reason && <>: <Foreign text={topic.paused.reason} /></>}</span></>}
        {act && may("operate") && !topic.madeAgain && <span class="block"><Pause topic={topic} /></span>}</th>
      <td role="cell" class="mono any all late" data-l="Origin">{topic.origin ?? "—"}<span class="soft block">{topic.conventions.join(", ")}</span></td>
      {act && <td role="cell" data-l="Ready">{topic.madeAgain ? <span class="soft">made again since</span> : <Ready of={act(topic)} name={topic.name} cluster={topic.cluster} />}</td>}
      <td role="cell" class="num" data-l="Open"><a href={paths.letters(`topic:${topic.name} is:open`)}>{capped(topic.open)}</a><span class="soft block">of {capped(topic.letters)}</span></td>
      <td role="cell" class="num" data-l="Behind">{topic.lag === null ? "unknown" : count(topic.lag)}</td>
      <td role="cell" class="a-day late" data-l="24 h"><Day of={topic} /></td>
      <td role="cell" class="num" data-l="Partitions"><Partitions of={topic} /></td>
      {act && (
        <>
          <td role="cell" class="num" data-l="Copies">{shape?.replicationFactor ?? "unknown"}</td>
          <td role="cell" data-l="Kept">{shape ? kept(shape) : "unknown"}{shape && (shape.retentionBytes ?? -1) >= 0 && <span class="soft block">{size(shape.retentionBytes)} at most</span>}{shape?.cleanupPolicy && <span class="soft block">{shape.cleanupPolicy.replace(",", ", ")}</span>}</td>
          <td role="cell" class="any all late" data-l="Read by"><Readers of={topic} /></td>
        </>
      )}
    </tr>
  );
}

function Day({ of }: { of: Topic }): JSX.Element {
  return (
    <>
      <Spark buckets={of.lastDay.hours.map((letters) => ({ start: "", letters }))} tone="" />
      <span class="soft block">{of.lastDay.letters > 0 && `${count(of.lastDay.letters)}, `}{of.lastLetterAt ? <>last <Ago time={of.lastLetterAt} /> ago</> : "none yet"}</span>
    </>
  );
}

/** `6 = 6`: its own and those of its origin. Fewer is what makes a consumer loop. */
function Partitions({ of: { shape, partitions } }: { of: Topic }): JSX.Element {
  if (shape === null) return <>{partitions.length || "unknown"}</>;
  const { partitions: own, originPartitions: origin } = shape;
  if (origin === null) return <>{own}</>;
  const words = <>{own}{own === origin ? " = " : " ≠ "}{origin}<span class="vh">, its origin</span></>;
  return own < origin ? <Badge tone="alarm" loud="" icon="fail">{words}</Badge> : words;
}

const shown = 2;

/** Who is stuck comes first: the others are for whoever looks further. */
function Readers({ of: { consumerGroups, cluster } }: { of: Topic }): JSX.Element {
  const bad = (state: Reader["state"]): state is LagState => state !== null && lagStates[state].loud === "fill";
  const items = [...consumerGroups.items].sort((a, b) => Number(bad(b.state)) - Number(bad(a.state)));
  const more = consumerGroups.total - Math.min(shown, items.length);
  if (items.length === 0) return <span class="soft">nobody known</span>;
  return (
    <span class="readers">
      {items.slice(0, shown).map((reader) => <span class="block">{reader.type === "share" ? <><span class="mono"><Dotted name={reader.group} /></span> <span class="soft">share group</span></> : <a class="mono" href={paths.consumer(reader.group, cluster)}><Dotted name={reader.group} /></a>}{bad(reader.state) && <> <LookBadge of={lagStates[reader.state]} /></>}</span>)}
      {more > 0 && <a class="soft" href={paths.consumers}>{count(more)} more</a>}
    </span>
  );
}

/** A pause needs no reason to be undone, so it is asked for in place. */
function Pause({ topic }: { topic: Topic }): JSX.Element {
  const [reason, setReason] = useState<string>();
  const [busy, setBusy] = useState(false);
  const set = async (paused: boolean, why: string | null): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setReason(undefined);
    try {
      const path = withQuery(`/topics/${encodeURIComponent(topic.name)}`, { cluster: topic.cluster });
      await ask("PATCH", path, { body: { paused, reason: why }, headers: { "If-Match": `"v${topic.version}"` } });
      say(paused ? `${topic.name} is not read for now.` : `Redrive goes on reading ${topic.name}.`);
    } catch (error) {
      say(asProblem(error).detail ?? "Nothing was changed.");
    }
    setBusy(false);
    hint("topics");
  };
  if (topic.paused) return <button type="button" class="link" onClick={() => void set(false, null)}>Go on reading<span class="vh"> {topic.name}</span></button>;
  if (reason === undefined) return <button type="button" class="link" onClick={() => setReason("")}>Pause reading<span class="vh"> {topic.name}</span></button>;
  return (
    <form class="acts" onSubmit={(event) => { event.preventDefault(); void set(true, reason.trim() || null); }}>
      <input aria-label={`Why ${topic.name} is not to be read`} placeholder="Why" maxLength={500} value={reason} ref={(input) => input?.focus()} onInput={(event) => setReason(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Escape") setReason(undefined); }} />
      <button class="go">Pause</button>
    </form>
  );
}
