/** Puts failure groups together and takes them apart. Each has its way back. */
import { newKey } from "./actions.ts";
import { ask, asProblem, get } from "./api.ts";
import type { FailureGroup, Job, Selection, SplitGroups } from "./contract.ts";
import { hint } from "./live.ts";
import { paths } from "./router.ts";
import { count, plural, simpleName } from "./text.ts";
import { say } from "./toast.ts";

/** The version as it is now: whoever undoes has seen what he undoes. */
async function post(id: string, what: "merges" | "splits", body: object, version?: number): Promise<Job> {
  const seen = version ?? (await get<FailureGroup>(`/failure-groups/${id}`)).version;
  const headers = { "If-Match": `"v${seen}"`, "Idempotency-Key": `"${newKey()}"`, Prefer: "wait=15" };
  const { data } = await ask<Job>("POST", `/failure-groups/${id}/${what}`, { body, headers, timeout: 30_000 });
  hint("letters", "failure-groups", "jobs");
  return data;
}

const moved = (job: Job): string => (job.finishedAt ? `${plural(job.counters.done, "letter")} moved.` : `Moving ${job.counters.total > 0 ? plural(job.counters.total, "letter") : "its letters"}.`);
const more = (job: Job): { word: string; href: string } => ({ word: "The job", href: paths.job(job.id) });

async function undoing(run: () => Promise<Job>, what: string): Promise<void> {
  try {
    const job = await run();
    say(`${what} ${moved(job)}`, undefined, more(job));
  } catch (error) {
    const problem = asProblem(error);
    say(`Not undone. ${problem.detail ?? problem.title}`);
  }
}

export async function merge(survivor: FailureGroup, others: FailureGroup[], reason: string): Promise<void> {
  const ids = others.map((group) => group.id);
  const job = await post(survivor.id, "merges", { ids, ...(reason.trim() ? { reason: reason.trim() } : {}) }, survivor.version);
  const text = `${plural(others.length, "failure group")} merged into ${survivor.label ?? simpleName(survivor.title)}. ${moved(job)}`;
  say(text, () => undoing(() => post(survivor.id, "splits", { groups: ids, reason: "Undo of a merge" }), "Taken apart again."), more(job));
}

export async function takeOut(survivor: FailureGroup, id: string, title: string): Promise<void> {
  const job = await post(survivor.id, "splits", { groups: [id] }, survivor.version);
  say(`${simpleName(title)} is a failure group of its own again. ${moved(job)}`, () => undoing(() => post(survivor.id, "merges", { ids: [id], reason: "Undo of a split" }), "Merged again."), more(job));
}

/** How many letters of the group a split would take now. */
export async function fitting(group: FailureGroup, q: string): Promise<Selection["count"]> {
  const { data } = await ask<Selection>("POST", "/selections", { body: { q: `group:${group.id} ${q}` } });
  void ask("DELETE", `/selections/${data.id}`).catch(() => undefined);
  return data.count;
}

export async function splitBy(group: FailureGroup, q: string, title: string): Promise<void> {
  const job = await post(group.id, "splits", { q, ...(title.trim() ? { title: title.trim() } : {}) }, group.version);
  const { items } = await get<SplitGroups>(`/failure-groups/${group.id}/splits`);
  const made = items[items.length - 1];
  say(`Split off what fits ${q}. ${moved(job)}`, made && (() => undoing(() => post(group.id, "merges", { ids: [made.id], reason: "Undo of a split" }), "Merged again.")), made ? { word: "The new group", href: paths.group(made.id) } : more(job));
}

export const lettersOf = (groups: FailureGroup[]): string => plural(groups.reduce((sum, group) => sum + group.counts.letters, 0), "letter");
export const atMost = ({ value, relation }: Selection["count"]): string => `${relation === "gte" ? "at least " : ""}${count(value)}`;
