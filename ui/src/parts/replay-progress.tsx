import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { asProblem, ask, type Problem } from "../api.ts";
import type { Job, JobWaitsFor } from "../contract.ts";
import { hint } from "../live.ts";
import { capped, count, plural } from "../text.ts";
import { span } from "../time.ts";
import { Icon } from "./icon.tsx";
import { Notice, ProblemBanner } from "./states.tsx";
import { At, Foreign } from "./words.tsx";

const stages = {
  gathering: "Gathering the letters; none is sent before all are known, so that the order holds.",
  canary: "The first few are sent, and what becomes of them is awaited.",
  sending: "Sending.",
  draining: "The last ones are on their way.",
};

/** What a job that replays is at, in one sentence: the page that says whether it worked. */
export function ReplayVerdict({ job }: { job: Job }): JSX.Element {
  const { counters: { sent, recovered, returned, uncertain, cancelled, held, failed } } = job;
  const committed = sent ?? 0;
  const waiting = committed - (recovered ?? 0) - (returned ?? 0);
  return (
    <div class="stack">
      {job.waitsFor ? <LagNotice job={job} waitsFor={job.waitsFor} /> : job.stage && job.state === "running" && <p class="soft">{stages[job.stage]}</p>}
      <p class="verdict" role="status">
        <Icon name={(returned ?? 0) + failed + (uncertain ?? 0) > 0 ? "returned" : committed > 0 && waiting === 0 ? "recovered" : "replaying"} />
        <span><span class="b">Recovered {count(recovered ?? 0)} of {count(committed)}</span> sent
          {(returned ?? 0) > 0 && <>, <span class="b">{count(returned ?? 0)} came back</span></>}
          {waiting > 0 && <>, {count(waiting)} not known yet</>}
          {(uncertain ?? 0) > 0 && <>, <span class="b">{count(uncertain ?? 0)} uncertain</span></>}.
          {(held ?? 0) > 0 && ` ${plural(held ?? 0, "letter")} still held.`}
          {(cancelled ?? 0) > 0 && ` ${plural(cancelled ?? 0, "letter")} never sent: open again.`}
        </span>
      </p>
    </div>
  );
}

/** Nobody paused it: it goes on by itself. */
function LagNotice({ job, waitsFor: { group, topic, lag, fellAt } }: { job: Job; waitsFor: JobWaitsFor }): JSX.Element {
  return (
    <Notice>Waits for <code><Foreign text={group} /></code>: lag {count(lag)} of {count(Number(job.options["maxLag"]))} on <code><Foreign text={topic} /></code>, less than ever at <At time={fellAt} />. It goes on when the group has caught up, and is held where it does not come nearer.</Notice>
  );
}

/** Recovered, returned, sent, failed and left out as one bar; its numbers are in words beside it. */
export function ReplayBar({ job }: { job: Job }): JSX.Element {
  const { counters } = job;
  const whole = Math.max(1, counters.total);
  const unknown = (counters.sent ?? 0) - (counters.recovered ?? 0) - (counters.returned ?? 0);
  const parts: [tone: string, letters: number, word: string][] = [
    ["settled", counters.recovered ?? 0, "recovered"], ["moving", unknown, "sent, not known yet"], ["alarm", (counters.returned ?? 0) + counters.failed + (counters.uncertain ?? 0), "came back, failed or uncertain"],
    ["rest", counters.skipped + (counters.cancelled ?? 0), "left out"],
  ];
  let x = 0;
  const label = `${count(counters.sent ?? 0)} of ${capped({ value: counters.total, relation: counters.relation })} letters sent`;
  return (
    <div>
      <svg class="bar" role="img" aria-label={label}>
        <title>{label}</title>
        <rect width="100%" height="100%" />
        {parts.map(([tone, n]) => {
          const from = x;
          // Two of thousands that came back are seen too.
          const width = Math.max(0.8, (100 * n) / whole);
          if (n > 0) x += width;
          return n > 0 && <rect class={`on ${tone}`} x={`${from}%`} width={`${width}%`} height="100%" />;
        })}
      </svg>
      <p class="line help">{parts.map(([tone, n, word]) => n > 0 && <span class={`key ${tone}`}>{word}</span>)}</p>
    </div>
  );
}

export function ReplayFigures({ job }: { job: Job }): JSX.Element {
  const { counters } = job;
  const figure = (word: string, value: number | null, more?: string, tone = ""): JSX.Element => <div class={tone}><dt>{word}</dt><dd>{count(value ?? 0)}</dd>{more && <dd>{more}</dd>}</div>;
  return (
    <dl class="figures">
      {figure("Sent", counters.sent, `of ${capped({ value: counters.total, relation: counters.relation })}`)}
      {figure("Recovered", counters.recovered)}
      {figure("Came back", counters.returned, undefined, (counters.returned ?? 0) > 0 ? "call alarm" : "")}
      {figure("Failed", counters.failed, "nothing was sent", counters.failed > 0 ? "call alarm" : "")}
      {(counters.uncertain ?? 0) > 0 && figure("Uncertain", counters.uncertain, "decide on each", "call decide")}
      {figure("Left out", counters.skipped + job.exclusions.reduce((sum, { letters }) => sum + letters, 0))}
      {counters.gone !== null && counters.gone > 0 && figure("Gone", counters.gone, "changed before their turn")}
      {job.state === "running" && job.rate !== null && figure("Letters a second", Math.round(job.rate), job.etaSeconds === null ? undefined : `${span(job.etaSeconds * 1000)} left`)}
    </dl>
  );
}

/** Rate and lag guard can be changed while it runs, also where the guard holds it. */
export function RateForm({ job }: { job: Job }): JSX.Element {
  const typed = (name: string): string => (job.options[name] == null ? "" : String(job.options[name]));
  const [rate, setRate] = useState(typed("rate"));
  const [maxLag, setMaxLag] = useState(typed("maxLag"));
  const [problem, setProblem] = useState<Problem>();
  const change = async (): Promise<void> => {
    setProblem(undefined);
    const options = { rate: rate.trim() === "" ? null : Number(rate), maxLag: maxLag.trim() === "" ? 0 : Number(maxLag) };
    try {
      await ask("PATCH", `/jobs/${job.id}`, { body: { options }, headers: { "If-Match": "*" } });
    } catch (error) {
      setProblem(asProblem(error));
    }
    hint("jobs");
  };
  return (
    <form class="acts end-fields" onSubmit={(event) => { event.preventDefault(); void change(); }}>
      <label class="field"><span class="help">Letters a second; nothing for as fast as it goes</span><input inputMode="numeric" size={7} value={rate} onInput={(event) => setRate(event.currentTarget.value)} /></label>
      <label class="field"><span class="help">Wait while consumers are so many behind; 0 for never</span><input inputMode="numeric" size={7} value={maxLag} onInput={(event) => setMaxLag(event.currentTarget.value)} /></label>
      <button disabled={rate.trim() === typed("rate") && maxLag.trim() === typed("maxLag")}>Change the rate</button>
      {problem && <ProblemBanner problem={problem} />}
    </form>
  );
}
