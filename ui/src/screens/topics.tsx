import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, get, may, withQuery } from "../api.ts";
import type { Topic, TopicPage } from "../contract.ts";
import { Decide } from "../parts/decide.tsx";
import { hint } from "../live.ts";
import { lazy } from "../lazy.tsx";
import { useLoad } from "../load.ts";
import { Frame } from "../parts/frame.tsx";
import { Ready, useReadiness, type Summary } from "../parts/ready.tsx";
import { Loaded } from "../parts/states.tsx";
import { Ago, Badge, Foreign, TopicName } from "../parts/words.tsx";
import { go, paths } from "../router.ts";
import { capped, count, plural } from "../text.ts";
import { say } from "../toast.ts";

const CreateTopic = lazy(() => import("../parts/topic-create.tsx").then((module) => module.CreateTopic), "asks");

export function Topics(): JSX.Element {
  const [making, setMaking] = useState(false);
  const topics = useLoad("topics", (abort) => get<TopicPage>("/topics", abort), ["topics"]);
  return (
    <Frame title="Topics">
      <div class="head">
        <AnyTopic />
        {may("admin") && <span class="end"><button type="button" onClick={() => setMaking(true)}>Create a topic</button></span>}
      </div>
      <Loaded load={topics}>
        {({ items, notRead }) => (
          <>
            {items.length === 0 ? <NoTopics /> : <Watched topics={items} />}
            {notRead.length > 0 && (
              <section>
                <h2>Not read</h2>
                <p class="soft">These look like dead-letter topics. <code>REDRIVE_TOPICS_INCLUDE</code> names more of them for good.</p>
                <dl class="facts tight">{notRead.map((topic) => <><dt class="mono any">{topic.name}</dt><dd>{topic.why}{topic.reading && <> by {topic.reading.by}{topic.reading.reason && <>: <Foreign text={topic.reading.reason} /></>}</>}{may("operate") && <span class="block"><Decide name={topic.name} cluster={topic.cluster} decision={topic.reading ? "by-name" : "include"} /></span>}</dd></>)}</dl>
              </section>
            )}
          </>
        )}
      </Loaded>
      {making && <CreateTopic close={() => setMaking(false)} />}
    </Frame>
  );
}

/** Readiness is not for dead-letter topics alone, and only those are listed. */
function AnyTopic(): JSX.Element {
  const [name, setName] = useState("");
  return (
    <form class="acts" onSubmit={(event) => { event.preventDefault(); if (name.trim()) go(paths.topic(name.trim())); }}>
      <input class="mono view-name" aria-label="Name of any topic of the cluster" placeholder="any topic" spellcheck={false} autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
      <button>Check readiness</button>
    </form>
  );
}

function Watched({ topics }: { topics: Topic[] }): JSX.Element {
  return <TopicTable topics={topics} act={useReadiness(topics)} />;
}

type ReadinessOf = (topic: Topic) => Summary | null | undefined;

/** @param act where reading can be paused: what is known of the readiness of each */
export function TopicTable({ topics, act }: { topics: Topic[]; act?: ReadinessOf }): JSX.Element {
  return (
    <table class="rows fold topics" role="table">
      <caption class="vh">Dead-letter topics that are read</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">Topic</th><th scope="col" role="columnheader">Origin</th>{act && <th scope="col" role="columnheader">Ready</th>}<th scope="col" role="columnheader" class="num">Open</th><th scope="col" role="columnheader" class="num">Stored</th>
          <th scope="col" role="columnheader" class="num">Behind</th><th scope="col" role="columnheader" class="num">Partitions</th><th scope="col" role="columnheader" class="num">Last letter</th>
        </tr>
      </thead>
      <tbody role="rowgroup">{topics.map((topic) => <TopicRow topic={topic} {...(act ? { act } : {})} />)}</tbody>
    </table>
  );
}

function TopicRow({ topic, act }: { topic: Topic; act?: ReadinessOf }): JSX.Element {
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="all any"><a class="mono" href={paths.letters(`topic:${topic.name}`)}><TopicName topic={topic.name} origin={topic.origin} /></a>
        {topic.expiry !== null && (topic.expiry.headroomPercent ?? 100) < 50 && <> <Badge tone="alarm" loud="fill" icon="warn">{topic.expiry.headroomPercent} % until unread letters expire</Badge></>}
        {topic.reading?.decision === "exclude" && <> <Badge tone="decide" loud="ring" icon="paused">Excluded</Badge> <span class="soft block">by {topic.reading.by}{topic.reading.reason && <>: <Foreign text={topic.reading.reason} /></>}</span></>}
        {topic.gaps > 0 && <> <Badge tone="alarm" loud="fill" icon="fail">{plural(topic.gaps, "gap")}</Badge></>}
        {topic.paused && <> <Badge tone="decide" loud="ring" icon="paused">Paused</Badge> <span class="soft block">by {topic.paused.by} <Ago time={topic.paused.at} /> ago{topic.paused.reason && <>: <Foreign text={topic.paused.reason} /></>}</span></>}
        {act && may("operate") && <span class="block"><Pause topic={topic} /></span>}</th>
      <td role="cell" class="mono any all" data-l="Origin">{topic.origin ?? "—"}<span class="soft block">{topic.conventions.join(", ")}</span></td>
      {act && <td role="cell" data-l="Ready"><Ready of={act(topic)} name={topic.name} cluster={topic.cluster} /></td>}
      <td role="cell" class="num" data-l="Open"><a href={paths.letters(`topic:${topic.name} is:open`)}>{capped(topic.open)}</a></td>
      <td role="cell" class="num" data-l="Stored">{capped(topic.letters)}</td>
      <td role="cell" class="num" data-l="Behind">{topic.lag === null ? "unknown" : count(topic.lag)}</td>
      <td role="cell" class="num" data-l="Partitions">{topic.partitions.length}</td>
      <td role="cell" class="num" data-l="Last letter">{topic.lastLetterAt ? <Ago time={topic.lastLetterAt} /> : "none yet"}</td>
    </tr>
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

function NoTopics(): JSX.Element {
  return (
    <div class="calm">
      <h2>No dead-letter topic found</h2>
      <p>Redrive looks again every few seconds for topics named like <code>orders-dlt</code>, <code>orders.DLQ</code> or <code>dlq.orders</code>. Another name is read once it is asked for:</p>
      <p class="tight"><code>REDRIVE_TOPICS_INCLUDE=orders_errors,failed[.]payments</code></p>
    </div>
  );
}
