import type { JSX } from "preact";
import type { RetryTopics } from "../contract.ts";
import { Foreign } from "./words.tsx";

/** Who is to see the records again: everybody who reads the origin, or only the group that failed. */
export function RetryChoice({ topics, chosen, choose }: { topics: RetryTopics; chosen: string | null; choose: (topic: string | null) => void }): JSX.Element | null {
  const offered = topics.filter((one) => one.offered || one.topic === chosen);
  const others = topics.filter((one) => !one.offered && one.topic !== chosen);
  if (topics.length === 0) return null;
  return (
    <fieldset class="field stack tight">
      <legend class="help">Send to</legend>
      {offered.length > 0 && <label class="tick"><input type="radio" name="retry-topic" checked={chosen === null} onChange={() => choose(null)} />The origin; every group that reads it sees the record again</label>}
      {offered.map((one) => (
        <label class="tick"><input type="radio" name="retry-topic" checked={chosen === one.topic} onChange={() => choose(one.topic)} /><span><code><Foreign text={one.topic} /></code>. <Foreign text={one.why} />.</span></label>
      ))}
      {others.map((one) => <p class="help">Not to <code><Foreign text={one.topic} /></code>: <Foreign text={one.why} />.</p>)}
    </fieldset>
  );
}
