import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { get } from "../api.ts";
import { ended, worked } from "../bulk.ts";
import type { Job, JobPage } from "../contract.ts";
import { useLoad } from "../load.ts";
import { paths, url } from "../router.ts";
import { capped, count } from "../text.ts";
import { now } from "../time.ts";
import { type Deed, deedsSince, takeBack } from "../toast.ts";
import { Icon } from "./icon.tsx";
import { JobBadge, JobBar, jobName } from "./job-words.tsx";
import { Ago, Foreign } from "./words.tsx";

const day = 86_400_000;
/** Jobs report each batch; nobody reads faster than this. */
const pace = 2000;

/** What goes on, what went on in the last 24 hours, and what was done here in that time, from every screen. */
export function Tray(): JSX.Element | null {
  const load = useLoad("tray", (abort) => get<JobPage>("/jobs?limit=20", abort), ["jobs"], undefined, pace);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const href = url.value.href;
  useEffect(() => setOpen(false), [href]);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event): void => {
      if (!event.composedPath().includes(box.current as EventTarget)) setOpen(false);
    };
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open]);
  const jobs = (load.data?.items ?? []).filter((job) => !ended(job) || now.value - Date.parse(job.finishedAt ?? job.createdAt) < day);
  const deeds = deedsSince(now.value);
  if (jobs.length + deeds.length === 0) return null;
  const going = jobs.filter((job) => !ended(job)).length;
  const leave = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };
  return (
    <div class="tray" ref={box} onKeyDown={leave}>
      <button type="button" class={`bare ${going > 0 ? "moving" : ""}`} aria-expanded={open} aria-label={`Activity, ${going === 0 ? "nothing is going on" : `${count(going)} going on`}`} onClick={() => setOpen(!open)}><Icon name="jobs" />{going > 0 && <span class="num">{count(going)}</span>}</button>
      {open && (
        <section class="sheet" aria-label="Activity">
          {deeds.length > 0 && <ul aria-label="Done here">{deeds.map((deed) => <Done deed={deed} />)}</ul>}
          {jobs.length > 0 && <ul>{jobs.map((job) => <Line job={job} />)}</ul>}
          <p class="help"><a href={paths.jobs}>All jobs</a></p>
        </section>
      )}
    </div>
  );
}

function Line({ job }: { job: Job }): JSX.Element {
  return (
    <li class="stack">
      <div class="line"><a href={paths.job(job.id)}>{jobName(job)}</a><JobBadge job={job} /><span class="soft num end">{count(worked(job))} of {capped({ value: job.counters.total, relation: job.counters.relation })}</span></div>
      {!ended(job) && <JobBar job={job} />}
      <p class="help any"><Foreign text={job.reason} />{job.undoable && job.undoneBy === null && <> · <a href={paths.job(job.id)}>can be undone</a></>}</p>
    </li>
  );
}

function Done({ deed }: { deed: Deed }): JSX.Element {
  return <li class="line"><span class="any">{deed.text}</span> <span class="soft num end"><Ago time={new Date(deed.at).toISOString()} /></span><button type="button" onClick={() => void takeBack(deed)}>Undo<span class="vh"> {deed.text}</span></button></li>;
}
