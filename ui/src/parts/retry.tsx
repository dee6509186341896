import { useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { newKey } from "../actions.ts";
import { asProblem, ask, type Problem } from "../api.ts";
import { watch } from "../bulk.ts";
import type { Job, RetryResult } from "../contract.ts";
import { hint } from "../live.ts";
import { go, paths } from "../router.ts";
import { count, plural } from "../text.ts";
import { ProblemBanner } from "./states.tsx";

const words: [RetryResult, string][] = [["failed", "that failed"], ["returned", "that came back, as they came back"], ["cancelled", "that were never sent"]];

/** Orders a job over letters of this one that went wrong; it goes as this one went. */
export function RetryForm({ job }: { job: Job }): JSX.Element | null {
  const offered = words.filter(([result]) => (job.counters[result as "failed"] ?? 0) > 0);
  const [results, setResults] = useState<RetryResult[]>(offered.slice(0, 1).map(([result]) => result));
  const [reason, setReason] = useState(job.reason);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  // One key for one intent: a second press starts nothing more.
  const key = useRef({ intent: "", key: "" });
  if (!job.allowedActions.includes("retry")) return null;
  const letters = results.reduce((sum, result) => sum + (job.counters[result as "failed"] ?? 0), 0);
  const start = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    const body = { results, reason: reason.trim() };
    const intent = JSON.stringify(body);
    if (key.current.intent !== intent) key.current = { intent, key: newKey() };
    try {
      const { data } = await ask<Job>("POST", `/jobs/${job.id}/retries`, { body, headers: { "Idempotency-Key": `"${key.current.key}"` } });
      hint("jobs");
      void watch(data);
      go(paths.job(data.id));
    } catch (error) {
      const found = asProblem(error);
      if (found.status !== 0) key.current = { intent: "", key: "" };
      setProblem(found);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="panel stack" aria-label="Try again" onSubmit={(event) => { event.preventDefault(); void start(); }}>
      <h2>Try again</h2>
      {problem && <ProblemBanner problem={problem} />}
      {offered.map(([result, what]) => (
        <label class="tick"><input type="checkbox" checked={results.includes(result)} onChange={() => setResults(results.includes(result) ? results.filter((one) => one !== result) : [...results, result])} />The {count(job.counters[result as "failed"] ?? 0)} {what}</label>
      ))}
      <label class="field"><span class="help">Reason, kept with the job and in the audit</span><input value={reason} maxLength={2000} onInput={(event) => setReason(event.currentTarget.value)} /></label>
      <div class="acts">
        <button class="go" disabled={letters === 0 || reason.trim() === "" || busy}>Replay {plural(letters, "letter")} again</button>
        <span class="help">A new job with the options of this one. Letters that are not open any more are left out.{(job.counters.uncertain ?? 0) > 0 && ` The ${count(job.counters.uncertain ?? 0)} uncertain need your decision first.`}</span>
      </div>
    </form>
  );
}
