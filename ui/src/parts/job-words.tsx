import type { JSX } from "preact";
import { doing, worked } from "../bulk.ts";
import type { Job, JobState } from "../contract.ts";
import { capped, count } from "../text.ts";
import { Badge, type Tone } from "./words.tsx";
import type { IconName } from "./icon.tsx";

const states: Record<JobState, [word: string, tone: Tone, icon: IconName]> = {
  scheduled: ["Scheduled", "rest", "ongoing"],
  running: ["Running", "moving", "replaying"],
  paused: ["Paused", "decide", "paused"],
  succeeded: ["Done", "settled", "recovered"],
  "succeeded-with-failures": ["Done, with failures", "alarm", "fail"],
  cancelled: ["Cancelled", "rest", "discarded"],
  failed: ["Failed", "alarm", "fail"],
};

export function JobBadge({ job }: { job: Pick<Job, "state"> }): JSX.Element {
  // A newer server may say more.
  const [word, tone, icon] = states[job.state] ?? [job.state, "rest" as const, "open" as const];
  return <Badge tone={tone} loud={tone === "rest" || tone === "settled" ? "" : "ring"} icon={icon}>{word}</Badge>;
}

export function jobName(job: Job): string {
  return doing(job);
}

/** Done, left out and failed as one bar; its numbers are in words beside it. */
export function JobBar({ job }: { job: Job }): JSX.Element {
  const { counters } = job;
  const whole = Math.max(1, counters.total, worked(job));
  const parts: [string, number][] = [["settled", counters.done], ["rest", counters.skipped], ["alarm", counters.failed]];
  let x = 0;
  const label = `${count(worked(job))} of ${capped({ value: counters.total, relation: counters.relation })} letters`;
  return (
    <svg class="bar" role="img" aria-label={label}>
      <title>{label}</title>
      <rect width="100%" height="100%" />
      {parts.map(([tone, n]) => {
        const from = x;
        x += (100 * n) / whole;
        return n > 0 && <rect class={`on ${tone}`} x={`${from}%`} width={`${(100 * n) / whole}%`} height="100%" />;
      })}
    </svg>
  );
}
