import type { JSX } from "preact";
import { get, withQuery } from "../api.ts";
import { ended, worked } from "../bulk.ts";
import type { Job, JobPage } from "../contract.ts";
import { useLoad } from "../load.ts";
import { Frame } from "../parts/frame.tsx";
import { JobBadge, JobBar, jobName } from "../parts/job-words.tsx";
import { Loaded } from "../parts/states.tsx";
import { At, Foreign } from "../parts/words.tsx";
import { paths, setParam, url } from "../router.ts";
import { capped, count } from "../text.ts";

const running = "scheduled,running,paused";

/** What was done to many letters at once, by whom and why. */
export function Jobs(): JSX.Element {
  const cursor = url.value.searchParams.get("cursor");
  const active = url.value.searchParams.get("state") === "active";
  const path = withQuery("/jobs", { state: active ? running : null, limit: 50, cursor });
  const page = useLoad(path, (abort) => get<JobPage>(path, abort), ["jobs"]);
  return (
    <Frame title="Jobs">
      <ul class="facets" aria-label="Which">
        <li><a href={paths.jobs} {...(active ? {} : { "aria-current": "true" as const })}>All</a></li>
        <li><a href={`${paths.jobs}?state=active`} {...(active ? { "aria-current": "true" as const } : {})}>Not finished</a></li>
      </ul>
      <Loaded load={page}>
        {({ items, page: { next } }) => (
          <>
            {items.length === 0 ? <NoJobs active={active} /> : <Table jobs={items} />}
            {(next || cursor) && (
              <nav class="acts" aria-label="Pages">
                {cursor && <button type="button" onClick={() => setParam("cursor", null)}>Newest</button>}
                {next && <button type="button" onClick={() => setParam("cursor", next)}>Older</button>}
              </nav>
            )}
          </>
        )}
      </Loaded>
    </Frame>
  );
}

function Table({ jobs }: { jobs: Job[] }): JSX.Element {
  return (
    <table class="rows fold jobs" role="table">
      <caption class="vh">Jobs, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">Job</th><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader" class="num">Letters</th>
          <th scope="col" role="columnheader">Reason</th><th scope="col" role="columnheader">By</th><th scope="col" role="columnheader" class="num">Started</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {jobs.map((job) => (
          <tr role="row">
            <th scope="row" role="rowheader" class="all"><a href={paths.job(job.id)}>{jobName(job)}</a> <code class="soft any"><Foreign text={job.q.slice(0, 120)} /></code></th>
            <td role="cell"><JobBadge job={job} />{!ended(job) && <JobBar job={job} />}</td>
            <td role="cell" class="num" data-l="Letters">{ended(job) ? count(job.type === "replay" ? (job.counters.sent ?? 0) : job.counters.done) : `${count(worked(job))} of ${capped({ value: job.counters.total, relation: job.counters.relation })}`}</td>
            <td role="cell" class="any all"><Foreign text={job.reason} /></td>
            <td role="cell" class="who" data-l="By">{job.requestedBy}</td>
            <td role="cell" class="num"><At time={job.createdAt} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NoJobs({ active }: { active: boolean }): JSX.Element {
  return (
    <div class="calm">
      <h2>{active ? "Nothing is going on" : "No jobs yet"}</h2>
      <p>{active ? <a href={paths.jobs}>See the jobs that are done</a> : <>A job is what is done to several letters at once: select some under <a href={paths.letters()}>Letters</a>, and what became of each is told here.</>}</p>
    </div>
  );
}
