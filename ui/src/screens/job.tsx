import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { asProblem, ask, get, may, withQuery, type Problem } from "../api.ts";
import { ended, undo, watch, worked } from "../bulk.ts";
import type { Job as JobData, JobItemPage } from "../contract.ts";
import { hint } from "../live.ts";
import { useEvery, useLoad } from "../load.ts";
import { Curl } from "../parts/curl.tsx";
import { Frame } from "../parts/frame.tsx";
import { Excluded, JobTroubles } from "../parts/job-groups.tsx";
import { Icon } from "../parts/icon.tsx";
import { JobBadge, JobBar, jobName } from "../parts/job-words.tsx";
import { RateForm, ReplayBar, ReplayFigures, ReplayVerdict } from "../parts/replay-progress.tsx";
import { RetryForm } from "../parts/retry.tsx";
import { RewindBar, RewindFigures, RewindVerdict } from "../parts/rewind-progress.tsx";
import { Loaded, ProblemBanner } from "../parts/states.tsx";
import { At, Badge, Foreign } from "../parts/words.tsx";
import { JobOptions } from "../parts/job-options.tsx";
import { go, paths, setParam, url } from "../router.ts";
import { capped, count } from "../text.ts";
import { clock, span } from "../time.ts";
import { useKeys } from "../keys.ts";

export function Job({ id }: { id: string }): JSX.Element {
  const job = useLoad(`/jobs/${id}`, (abort) => get<JobData>(`/jobs/${id}`, abort), ["jobs"]);
  const active = job.data !== undefined && (!ended(job.data) || awaitsOutcomes(job.data));
  useEvery(active ? 1000 : null, job.again);
  return (
    <Frame lead={job.data ? `Job ${id.slice(0, 8)}` : "Job"} title={job.data ? jobName(job.data) : id.slice(0, 8)}>
      <Loaded load={job} rows={4}>
        {(data) => (
          <>
            <Head job={data} />
            {data.rewind ? <RewindFigures job={data} rewind={data.rewind} /> : data.type === "replay" ? <ReplayFigures job={data} /> : <Figures job={data} />}
            <JobTroubles job={data} />
            {may("operate") && data.allowedActions.includes("change") && <RateForm key={`${data.options["rate"]} ${data.options["maxLag"]}`} job={data} />}
            {may("operate") && data.allowedActions.includes("retry") && <RetryForm key={data.id} job={data} />}
            <Settings job={data} />
            {!data.rewind && <Items job={data} />}
            <Actions job={data} />
          </>
        )}
      </Loaded>
    </Frame>
  );
}

/** A replay tells more after its end: what became of the records. */
function awaitsOutcomes({ counters, finishedAt }: JobData): boolean {
  const waiting = (counters.sent ?? 0) - (counters.recovered ?? 0) - (counters.returned ?? 0);
  return waiting > 0 && finishedAt !== null && Date.now() - Date.parse(finishedAt) < 10 * 60_000;
}

function Head({ job }: { job: JobData }): JSX.Element {
  return (
    <div class="stack">
      <div class="acts">
        <JobBadge job={job} />
        {job.stateReason && <span><Foreign text={job.stateReason} /></span>}
        <span class="end help">Started by {job.requestedBy}, <At time={job.createdAt} />{job.finishedAt && <>, ended <At time={job.finishedAt} /></>}</span>
      </div>
      {job.state === "scheduled" && <Countdown job={job} />}
      {job.rewind ? <><RewindBar rewind={job.rewind} /><RewindVerdict job={job} rewind={job.rewind} /></> : job.type === "replay" ? <><ReplayBar job={job} /><ReplayVerdict job={job} /></> : <JobBar job={job} />}
    </div>
  );
}

/** What was ordered, and how this job hangs together with others. */
function Settings({ job }: { job: JobData }): JSX.Element {
  return (
    <section>
      <h2>As ordered</h2>
      <dl class="facts">
        <dt>Reason</dt><dd><Foreign text={job.reason} /></dd>
        <dt>Letters of</dt><dd><code><Foreign text={job.q || "everything"} /></code></dd>
        <JobOptions job={job} />
        <Excluded exclusions={job.exclusions} />
        {job.retryOf && <><dt>Takes up again</dt><dd><a href={paths.job(job.retryOf)}>{job.retryOf.slice(0, 8)}</a>, letters that are {job.retryResults?.join(", ")} there</dd></>}
        {job.retriedBy.length > 0 && <><dt>Taken up by</dt><dd>{job.retriedBy.map((id, i) => <>{i > 0 && ", "}<a href={paths.job(id)}>{id.slice(0, 8)}</a></>)}</dd></>}
        {job.undoes && <><dt>Undoes</dt><dd><a href={paths.job(job.undoes)}>{job.undoes.slice(0, 8)}</a></dd></>}
        {job.undoneBy && <><dt>Undone by</dt><dd><a href={paths.job(job.undoneBy)}>{job.undoneBy.slice(0, 8)}</a></dd></>}
      </dl>
    </section>
  );
}

/** The page asks again each second, and so this counts down. */
function Countdown({ job }: { job: JobData }): JSX.Element {
  const left = Date.parse(job.notBefore) - Date.now();
  return (
    <div class="why decide tight">
      <p><span class="b">{left > 0 ? `Begins in ${clock(left)}` : "Begins now"}</span>, <At time={job.notBefore} />. Until then it can be cancelled, and nothing is changed.{!job.undoable && " After that it cannot be undone."}</p>
    </div>
  );
}

function Figures({ job }: { job: JobData }): JSX.Element {
  const { counters } = job;
  const figure = (word: string, value: string, more?: string): JSX.Element => <div><dt>{word}</dt><dd>{value}</dd>{more && <dd>{more}</dd>}</div>;
  return (
    <dl class="figures">
      {figure("Worked on", count(worked(job)), `of ${capped({ value: counters.total, relation: counters.relation })}`)}
      {figure("Done", count(counters.done))}
      {figure("Left out", count(counters.skipped))}
      {figure("Failed", count(counters.failed))}
      {counters.gone !== null && counters.gone > 0 && figure("Gone", count(counters.gone), "changed before their turn")}
      {job.state === "running" && job.rate !== null && figure("Letters a second", count(Math.round(job.rate)), job.etaSeconds === null ? undefined : `${span(job.etaSeconds * 1000)} left`)}
    </dl>
  );
}

const results = {
  done: ["Done", "settled", "recovered"], recovered: ["Recovered", "settled", "recovered"], returned: ["Came back", "alarm", "returned"], sent: ["Sent", "moving", "sent"], failed: ["Failed", "alarm", "fail"],
  uncertain: ["Uncertain", "decide", "warn"], skipped: ["Left out", "rest", "discarded"], held: ["Held", "rest", "paused"], queued: ["Queued", "moving", "replaying"], sending: ["Sending", "moving", "replaying"], cancelled: ["Never sent", "rest", "discarded"],
} as const;
type Result = keyof typeof results;
const offered = (job: JobData): Result[] => (job.type === "replay" ? (Object.keys(results) as Result[]).filter((one) => one !== "done") : ["done", "skipped", "failed"]);

function Items({ job }: { job: JobData }): JSX.Element {
  const result = url.value.searchParams.get("result");
  const cursor = url.value.searchParams.get("cursor");
  const path = withQuery(`/jobs/${job.id}/items`, { result, limit: 50, cursor });
  const page = useLoad(`${path} ${worked(job)} ${job.counters.recovered} ${job.counters.returned}`, (abort) => get<JobItemPage>(path, abort));
  return (
    <section>
      <h2>What became of each letter</h2>
      <ul class="facets" aria-label="Result">
        {[null, ...offered(job)].map((one) => (
          <li><a href={withQuery(paths.job(job.id), { result: one })} {...(result === one ? { "aria-current": "true" as const } : {})}>{one === null ? "All" : results[one][0]}</a></li>
        ))}
      </ul>
      <Loaded load={page} rows={3}>
        {({ items, page: { next } }) => (
          <>
            {items.length === 0 ? <p class="soft">{ended(job) ? "None." : "None yet."}</p> : (
              <table class="rows tight">
                <caption class="vh">Letters of the job</caption>
                <thead><tr><th scope="col">Letter</th><th scope="col">Result</th><th scope="col" class="num">At</th></tr></thead>
                <tbody>
                  {items.map((item) => (
                    <tr>
                      <th scope="row"><a href={paths.letter(item.letterId)}>{item.letterId}</a></th>
                      <td><Badge tone={results[item.result][1]} loud="" icon={results[item.result][2]}>{results[item.result][0]}</Badge>{item.detail && <> <span class="soft"><Foreign text={item.result === "skipped" || (item.result === "failed" && item.replayId === null) ? `because it ${item.detail}` : item.detail} /></span></>}</td>
                      <td class="num"><At time={item.at} /></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            {(next || cursor) && (
              <nav class="acts" aria-label="Pages">
                {cursor && <button type="button" onClick={() => setParam("cursor", null)}>First</button>}
                {next && <button type="button" onClick={() => setParam("cursor", next)}>More</button>}
              </nav>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

const moves = { pause: ["Pause", "pauses"], resume: ["Go on", "resumes"], cancel: ["Cancel", "cancellations"] } as const;

function Actions({ job }: { job: JobData }): JSX.Element {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const operate = may("operate");
  const able = new Set(operate ? job.allowedActions : []);
  const attempt = async (run: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await run();
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
    hint("jobs");
  };
  const move = (one: keyof typeof moves): Promise<void> => attempt(async () => void (await ask("POST", `/jobs/${job.id}/${moves[one][1]}`, { body: {} })));
  const back = (): Promise<void> => attempt(async () => {
    const undoing = await undo(job.id);
    void watch(undoing);
    go(paths.job(undoing.id));
  });
  useKeys("Job", [
    ...(able.has("pause") ? [{ keys: "p", what: "Pause", run: () => void move("pause") }] : []),
    ...(able.has("resume") ? [{ keys: "p", what: "Go on", run: () => void move("resume") }] : []),
    { keys: "Escape", what: "Back to the jobs", run: () => go(paths.jobs) },
  ]);
  return (
    <div class="stack">
      {problem && <ProblemBanner problem={problem} />}
      <div class="acts dock" role="group" aria-label="Actions">
        {able.has("pause") && <button type="button" class="go" disabled={busy} onClick={() => void move("pause")}><Icon name="paused" />Pause <kbd>p</kbd></button>}
        {able.has("resume") && <button type="button" class="go" disabled={busy} onClick={() => void move("resume")}>Go on <kbd>p</kbd></button>}
        {able.has("cancel") && <button type="button" class="bad" disabled={busy} onClick={() => void move("cancel")}>{job.state === "scheduled" ? "Cancel, nothing is changed" : job.rewind ? "Cancel, ingest goes on where it stood" : job.type === "replay" ? `Cancel, ${count(job.counters.sent ?? 0)} stay sent` : `Cancel, ${count(job.counters.done)} stay done`}</button>}
        {able.has("undo") && <button type="button" disabled={busy} onClick={() => void back()}>Undo {count(job.counters.done)}</button>}
        <a class="button" href={paths.letters(job.rewind ? job.q : `job:${job.id}`)}>See the letters</a>
        <Curl where="Job" path={`/jobs/${job.id}`} />
        {!operate && job.allowedActions.length > 0 && <span class="help">To act on it needs the permission operate.</span>}
      </div>
    </div>
  );
}
