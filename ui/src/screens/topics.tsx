import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { get, may } from "../api.ts";
import type { Topic, TopicPage } from "../contract.ts";
import { Decide } from "../parts/decide.tsx";
import { lazy } from "../lazy.tsx";
import { useLoad } from "../load.ts";
import { Frame } from "../parts/frame.tsx";
import { useReadiness } from "../parts/ready.tsx";
import { Loaded, Notice } from "../parts/states.tsx";
import { TopicTable } from "../parts/topic-table.tsx";
import { Foreign } from "../parts/words.tsx";
import { go, paths, setParam, url } from "../router.ts";
import { plural } from "../text.ts";
import { kindOf, kinds, listed, orderOf, orders } from "../topic-list.ts";

export { TopicTable };
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
        {({ items, notRead, findings }) => (
          <>
            {findings.map(({ id, measured, why, fix }) => <Notice><span class="b">{measured}</span> {why} {fix} {id === "alert" && <a href={paths.alerts("endpoints")}>Endpoints</a>}</Notice>)}
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

/** In the address, so that a list that somebody narrowed can be passed on. */
function Watched({ topics }: { topics: Topic[] }): JSX.Element {
  const ready = useReadiness(topics);
  const params = url.value.searchParams;
  const words = params.get("q") ?? "";
  const kind = kindOf(params.get("only"));
  const order = orderOf(params.get("sort"));
  const shown = listed(topics, words, kind, order, (topic) => ready(topic) ?? undefined);
  const choose = (name: string, value: string): void => setParam(name, value, "replace");
  return (
    <>
      <div class="ask" role="search">
        <input type="search" class="grow" aria-label="Filter topics by name, origin, convention or consumer group" placeholder="name, origin, consumer group" spellcheck={false} autocomplete="off" value={words} onInput={(event) => choose("q", event.currentTarget.value)} />
        <select aria-label="Which topics" value={kind} onChange={(event) => choose("only", event.currentTarget.value)}>{Object.entries(kinds).map(([value, name]) => <option value={value}>{name}</option>)}</select>
        <select aria-label="Sort by" value={order} onChange={(event) => choose("sort", event.currentTarget.value)}>{Object.entries(orders).map(([value, name]) => <option value={value}>{name}</option>)}</select>
      </div>
      <p class="vh" role="status">{plural(shown.length, "topic")}</p>
      {shown.length === 0 ? <p class="soft">None of {plural(topics.length, "topic")} fits. <a href={paths.topics}>Show all</a></p> : <TopicTable topics={shown} act={ready} />}
    </>
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
