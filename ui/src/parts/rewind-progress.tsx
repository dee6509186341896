import type { JSX } from "preact";
import type { Job, JobRewind } from "../contract.ts";
import { ended } from "../bulk.ts";
import { paths } from "../router.ts";
import { count, plural } from "../text.ts";
import { span } from "../time.ts";
import { Icon } from "./icon.tsx";
import { Notice } from "./states.tsx";
import { Badge, Foreign, type Tone } from "./words.tsx";
import type { IconName } from "./icon.tsx";

/** What the reading again of a topic is at, in one sentence. */
export function RewindVerdict({ job, rewind }: { job: Job; rewind: JobRewind }): JSX.Element {
  const over = ended(job);
  const whole = rewind.passed === rewind.offsets;
  return (
    <div class="stack">
      {!over && rewind.ingestPaused && <Notice>Nobody reads <code><Foreign text={rewind.topic} /></code> for now: its ingest is paused. This goes on when it is resumed.</Notice>}
      {job.state === "paused" && <p class="soft">Ingest is where it stood, so that new letters come in first. Go on to read the rest again.</p>}
      <p class="verdict" role="status">
        <Icon name={!over ? "replaying" : whole ? "recovered" : "discarded"} />
        <span><span class="b">{plural(rewind.added, "letter")} added</span>, {count(rewind.known)} known already.
          {over && !whole && ` ${count(rewind.offsets - rewind.passed)} offsets were not read again; ingest went on where it stood, and nothing is lost.`}
        </span>
      </p>
    </div>
  );
}

/** Added and known as one bar of what is read again; its numbers are in words beside it. */
export function RewindBar({ rewind }: { rewind: JobRewind }): JSX.Element {
  const share = (n: number): number => (100 * n) / Math.max(1, rewind.offsets);
  const label = `${count(rewind.passed)} of ${plural(rewind.offsets, "offset")} read again`;
  return (
    <svg class="bar" role="img" aria-label={label}>
      <title>{label}</title>
      <rect width="100%" height="100%" />
      {rewind.passed > 0 && <rect class="on rest" width={`${share(rewind.passed)}%`} height="100%" />}
      {rewind.added > 0 && <rect class="on settled" width={`${share(rewind.added)}%`} height="100%" />}
    </svg>
  );
}

export function RewindFigures({ job, rewind }: { job: Job; rewind: JobRewind }): JSX.Element {
  const figure = (word: string, value: number, more?: string): JSX.Element => <div><dt>{word}</dt><dd>{count(value)}</dd>{more && <dd>{more}</dd>}</div>;
  const { counters: { gone } } = job;
  return (
    <>
      <dl class="figures">
        {figure("Read again", rewind.passed, `of ${plural(rewind.offsets, "offset")}`)}
        {figure("Added", rewind.added, "were missing")}
        {figure("Known", rewind.known, "stay as they are")}
        {gone !== null && gone > 0 && figure("No record", gone, "deleted, compacted or marks")}
        {job.state === "running" && job.rate !== null && figure("Offsets a second", Math.round(job.rate), job.etaSeconds === null ? undefined : `${span(job.etaSeconds * 1000)} left`)}
      </dl>
      <Partitions rewind={rewind} />
      <p class="acts"><a class="button" href={paths.topic(rewind.topic, rewind.cluster)}>See the topic</a></p>
    </>
  );
}

const phases: Record<JobRewind["partitions"][number]["phase"], [word: string, tone: Tone, icon: IconName]> = {
  reading: ["Reading", "moving", "replaying"],
  resting: ["Paused", "decide", "paused"],
  ended: ["Ended", "settled", "recovered"],
};

function Partitions({ rewind }: { rewind: JobRewind }): JSX.Element {
  return (
    <section>
      <h2>Partitions</h2>
      <table class="rows fold tight" role="table">
        <caption class="vh">Partitions that are read again</caption>
        <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Partition</th><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader" class="num">Offsets</th><th scope="col" role="columnheader" class="num">At</th><th scope="col" role="columnheader" class="num">Added</th><th scope="col" role="columnheader" class="num">Known</th></tr></thead>
        <tbody role="rowgroup">
          {rewind.partitions.map((one) => {
            const [word, tone, icon] = phases[one.phase];
            const short = one.phase === "ended" && one.reachedOffset !== one.toOffset;
            return (
              <tr role="row">
                <th scope="row" role="rowheader">{one.partition}</th>
                <td role="cell"><Badge tone={short ? "rest" : tone} loud="" icon={short ? "discarded" : icon}>{short ? "Ended early" : word}</Badge></td>
                <td role="cell" class="num" data-l="Offsets">{count(one.fromOffset)} to {count(one.toOffset)}</td>
                <td role="cell" class="num" data-l="At">{count(one.reachedOffset)}</td>
                <td role="cell" class="num" data-l="Added">{count(one.added)}</td>
                <td role="cell" class="num" data-l="Known">{count(one.known)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
