/** One thing done to many letters: a selection is frozen, a job works on it, and a toast says how far it is. */
import { signal } from "@preact/signals";
import { ask, get } from "./api.ts";
import { newKey } from "./actions.ts";
import type { Job, Selection, SelectionRequest } from "./contract.ts";
import { hint, onHint } from "./live.ts";
import { paths } from "./router.ts";
import { capped, count, plural } from "./text.ts";
import { stamp } from "./time.ts";
import { say, saySoftly, toast } from "./toast.ts";

export type BulkAction = "discard" | "restore" | "assign" | "tag" | "note" | "purge" | "replay";

/** What a job does, has done, and does when it takes that back. */
const words: Record<string, [doing: string, done: string]> = {
  discard: ["Discarding", "discarded"], restore: ["Restoring", "restored"], assign: ["Assigning", "assigned"], tag: ["Tagging", "tagged"], note: ["Noting", "noted"],
  replay: ["Replaying", "replayed"], purge: ["Purging", "purged"], regroup: ["Regrouping", "regrouped"], merge: ["Merging", "moved"], split: ["Splitting", "moved"], rewind: ["Reading again", "added"],
};
export const doing = (job: Pick<Job, "type" | "undoes">): string => (job.undoes ? `Undoing: ${job.type}` : (words[job.type]?.[0] ?? job.type));
const done = (job: Pick<Job, "type" | "undoes">): string => (job.undoes ? "put back" : (words[job.type]?.[1] ?? "done"));

export const ended = (job: Pick<Job, "state">): boolean => ["succeeded", "succeeded-with-failures", "cancelled", "failed"].includes(job.state);
/** Letters that had their turn; of a replay those whose sending is settled. */
export const worked = ({ type, counters }: Pick<Job, "type" | "counters">): number =>
  type === "replay" ? (counters.sent ?? 0) + (counters.uncertain ?? 0) + (counters.cancelled ?? 0) + counters.skipped + counters.failed : counters.done + counters.skipped + counters.failed;

/** The program that an edit was made into, on its way to the letters of its failure group; only for this page. */
export const handedProgram = signal<string | undefined>(undefined);

/** More letters than this are confirmed by typing how many they are. */
export const manyLetters = 100;

export async function freeze(scope: SelectionRequest): Promise<Selection> {
  return (await ask<Selection>("POST", "/selections", { body: scope, timeout: 60_000 })).data;
}

/** @param key made once for each intent, so that a second press or a second try starts nothing more */
export async function order(type: BulkAction, selection: Selection, reason: string, options: Record<string, unknown>, key: string): Promise<void> {
  const body = { type, selectionId: selection.id, expectedCount: selection.count.value, reason, options };
  const { data } = await ask<Job>("POST", "/jobs", { body, headers: { "Idempotency-Key": `"${key}"`, Prefer: "wait=2" } });
  if (data.state === "scheduled") waits(data);
  else if (data.state === "paused") say(`${doing(data)} ${plural(data.counters.total, "letter")} begins when you let it go on.`, undefined, { word: "Job", href: paths.job(data.id) });
  else void watch(data);
}

/** Nothing is done before its time; until then one key takes it back. */
function waits(job: Job): void {
  hint("jobs");
  say(`${doing(job)} ${plural(job.counters.total, "letter")} begins at ${stamp(job.notBefore)}.`, async () => {
    await ask("POST", `/jobs/${job.id}/cancellations`, { body: {} });
    hint("jobs");
    say("The job was cancelled. Nothing was changed.");
  }, { word: "Job", href: paths.job(job.id) });
}

export async function undo(id: string): Promise<Job> {
  const { data } = await ask<Job>("POST", `/jobs/${id}/undos`, { headers: { "Idempotency-Key": `"${newKey()}"`, Prefer: "wait=2" } });
  hint("jobs", "letters");
  return data;
}

/** Follows the job until its end; the toast then has the way back. */
export async function watch(first: Job): Promise<void> {
  const more = { word: "Job", href: paths.job(first.id) };
  let job = first;
  let mine = toast.value;
  while (!ended(job)) {
    const taken = toast.value !== mine && toast.value !== null;
    if (!taken) {
      saySoftly(`${doing(job)}: ${count(worked(job))} of ${capped({ value: job.counters.total, relation: job.counters.relation })}${job.state === "running" ? "" : `, ${job.state}`}`, more);
      mine = toast.value;
    }
    await nextChange();
    job = await get<Job>(`/jobs/${job.id}`).catch(() => job);
  }
  hint("letters", "jobs");
  const back = job.allowedActions.includes("undo") ? async (): Promise<void> => void watch(await undo(job.id)) : undefined;
  say(outcome(job), back, more);
}

/** `3 904 letters discarded. 11 left out.` */
export function outcome(job: Job): string {
  const { counters } = job;
  if (job.type === "replay") return replayOutcome(job);
  const left = counters.skipped + (counters.gone ?? 0);
  const text = [`${plural(counters.done, "letter")} ${done(job)}.`];
  if (left > 0) text.push(`${count(left)} left out.`);
  if (counters.failed > 0) text.push(`${count(counters.failed)} failed.`);
  if (job.state === "cancelled" || job.state === "failed") text.push(job.state === "failed" ? "The job failed." : "The job was cancelled.");
  return text.join(" ");
}

/** What became of them shows later, on the job's page. */
function replayOutcome({ state, counters }: Job): string {
  const sent = counters.sent ?? 0;
  const text = [`${plural(sent, "letter")} sent.`];
  if ((counters.returned ?? 0) > 0) text.push(`${count(counters.returned ?? 0)} came back.`);
  if (counters.failed > 0) text.push(`${count(counters.failed)} failed.`);
  if (counters.skipped > 0) text.push(`${count(counters.skipped)} left out.`);
  if (state === "cancelled") text.push("The rest was cancelled.");
  if (state === "failed") text.push("The job failed.");
  return text.join(" ");
}

/** A hint about jobs, or a second where none comes. */
function nextChange(): Promise<void> {
  return new Promise((resolve) => {
    const stop = onHint(["jobs"], () => finish());
    const timer = setTimeout(() => finish(), 1000);
    const finish = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
  });
}
