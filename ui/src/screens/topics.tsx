import type { JSX } from "preact";
import { get } from "../api.ts";
import type { Topic, TopicPage } from "../contract.ts";
import { useLoad } from "../load.ts";
import { Frame } from "../parts/frame.tsx";
import { Loaded } from "../parts/states.tsx";
import { Ago, Badge, TopicName } from "../parts/words.tsx";
import { paths } from "../router.ts";
import { capped, count, plural } from "../text.ts";

export function Topics(): JSX.Element {
  const topics = useLoad("topics", (abort) => get<TopicPage>("/topics", abort), ["topics"]);
  return (
    <Frame title="Topics">
      <Loaded load={topics}>{({ items }) => (items.length === 0 ? <NoTopics /> : <TopicTable topics={items} />)}</Loaded>
    </Frame>
  );
}

export function TopicTable({ topics }: { topics: Topic[] }): JSX.Element {
  return (
    <table class="rows fold topics" role="table">
      <caption class="vh">Dead-letter topics that are read</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">Topic</th><th scope="col" role="columnheader">Origin</th><th scope="col" role="columnheader" class="num">Open</th><th scope="col" role="columnheader" class="num">Stored</th>
          <th scope="col" role="columnheader" class="num">Behind</th><th scope="col" role="columnheader" class="num">Partitions</th><th scope="col" role="columnheader" class="num">Last letter</th>
        </tr>
      </thead>
      <tbody role="rowgroup">{topics.map((topic) => <TopicRow topic={topic} />)}</tbody>
    </table>
  );
}

function TopicRow({ topic }: { topic: Topic }): JSX.Element {
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="all any"><a class="mono" href={paths.letters(`topic:${topic.name}`)}><TopicName topic={topic.name} origin={topic.origin} /></a>
        {topic.gaps > 0 && <> <Badge tone="alarm" loud="fill" icon="fail">{plural(topic.gaps, "gap")}</Badge></>}</th>
      <td role="cell" class="mono any all" data-l="Origin">{topic.origin ?? "—"}</td>
      <td role="cell" class="num" data-l="Open"><a href={paths.letters(`topic:${topic.name} is:open`)}>{capped(topic.open)}</a></td>
      <td role="cell" class="num" data-l="Stored">{capped(topic.letters)}</td>
      <td role="cell" class="num" data-l="Behind">{topic.lag === null ? "unknown" : count(topic.lag)}</td>
      <td role="cell" class="num" data-l="Partitions">{topic.partitions.length}</td>
      <td role="cell" class="num" data-l="Last letter">{topic.lastLetterAt ? <Ago time={topic.lastLetterAt} /> : "none yet"}</td>
    </tr>
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
