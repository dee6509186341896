import type { JSX } from "preact";
import type { Check } from "../contract.ts";
import { count, plural, size } from "../text.ts";
import { Icon } from "./icon.tsx";

const tones = { ok: "settled", warning: "decide", error: "alarm" } as const;
const icons = { ok: "recovered", warning: "warn", error: "fail" } as const;
const words = { ok: "Fine", warning: "Warning", error: "Refused" } as const;

/** The dry run, errors first. */
export function Checks({ check }: { check: Check }): JSX.Element {
  const rank = { error: 0, warning: 1, ok: 2 };
  const sorted = [...check.checks].sort((a, b) => rank[a.level] - rank[b.level]);
  return (
    <ul class="checks">
      {sorted.map((one) => (
        <li class={tones[one.level]}><Icon name={icons[one.level]} /><span><span class="vh">{words[one.level]}: </span>{one.detail}</span></li>
      ))}
    </ul>
  );
}

/** Everybody who will see the record once it is sent, not only the consumer that failed. */
export function BlastRadius({ check, consumerGroup }: { check: Check; consumerGroup: string | null }): JSX.Element {
  const { groups, compacted, newerSameKey } = check.blastRadius;
  const { topic, partition, maxMessageBytes } = check.target;
  return (
    <>
      <dl class="facts">
        <dt>To</dt><dd class="mono">{topic ?? "no topic"}{topic !== null && <> : {partition === null ? "partition of the broker's choice" : partition}</>}</dd>
        <dt>Size</dt><dd>{check.size === null ? "unknown" : size(check.size)}{maxMessageBytes !== null && <span class="soft"> of {size(maxMessageBytes)} allowed</span>}</dd>
        {compacted !== null && <><dt>Compacted</dt><dd>{compacted ? "yes, this record replaces what its key holds" : "no"}</dd></>}
        {newerSameKey !== null && <><dt>Newer</dt><dd>{newerSameKey ? "a newer record has this key" : "no newer record has this key"}</dd></>}
        <dt>Headers</dt><dd>{count(check.headers.dropped.length)} left out, {count(check.headers.added.length)} added</dd>
      </dl>
      {groups === null ? <p class="soft tight">Who reads the topic is unknown: Kafka did not say.</p>
        : groups.length === 0 ? <p class="soft tight">No consumer group reads this topic at present.</p>
        : (
          <table class="rows marks tight">
            <caption class="vh">Consumer groups that read {topic}</caption>
            <thead><tr><th scope="col">{plural(groups.length, "consumer group reads", "consumer groups read")} it</th><th scope="col">Sees it</th></tr></thead>
            <tbody>
              {groups.map((group) => {
                const failed = group === consumerGroup;
                return <tr class={failed ? "m-solid settled" : "m-dash decide"}><th scope="row" class="mono any">{group}</th><td>{failed ? "again, it failed" : "again"}</td></tr>;
              })}
            </tbody>
          </table>
        )}
    </>
  );
}
