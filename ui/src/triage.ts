/** What an operator decides about failure groups. Whatever is done here can be taken back. */
import { newKey } from "./actions.ts";
import { ask, asProblem } from "./api.ts";
import type { FailureGroup, FailureGroupPatch, Job, Selection } from "./contract.ts";
import { hint } from "./live.ts";
import { takeBack } from "./noting.ts";
import { paths } from "./router.ts";
import { count, plural } from "./text.ts";
import { say } from "./toast.ts";

/** Versions that our own decisions made: the list may still show the ones before, and nobody stands in their own way. */
const ours = new Map<string, number>();

function remember(group: FailureGroup): FailureGroup {
  ours.set(group.id, Math.max(group.version, ours.get(group.id) ?? 0));
  return group;
}

async function patch(group: FailureGroup, body: FailureGroupPatch): Promise<FailureGroup> {
  const seen = Math.max(group.version, ours.get(group.id) ?? 0);
  const { data } = await ask<FailureGroup>("PATCH", `/failure-groups/${group.id}`, { body, headers: { "If-Match": `"v${seen}"` } });
  return remember(data);
}

/** What puts back what the patch is about to change. */
function before(group: FailureGroup, body: FailureGroupPatch): FailureGroupPatch {
  const back: FailureGroupPatch = {};
  if (body.state) {
    back.state = group.state === "snoozed" || group.state === "resolved" ? group.state : "ongoing";
    if (group.state === "snoozed" && group.snooze) {
      const { until, letters, rate } = group.snooze;
      back.snooze = { ...(until === null ? {} : { until }), ...(letters === null ? {} : { letters }), ...(rate === null ? {} : { rate }) };
    }
  }
  if ("assignee" in body) back.assignee = group.assignee;
  if ("tags" in body) back.tags = group.tags;
  if ("label" in body) back.label = group.label;
  if ("ticketUrl" in body) back.ticketUrl = group.ticketUrl;
  if ("runbookUrl" in body) back.runbookUrl = group.runbookUrl;
  return back;
}

/** Acts at once on each; the toast has the way back. Groups that somebody else changed meanwhile are named. */
export async function decide(groups: FailureGroup[], what: string, of: (group: FailureGroup) => FailureGroupPatch): Promise<void> {
  const done: { now: FailureGroup; back: FailureGroupPatch }[] = [];
  let refused = "";
  for (const group of groups) {
    const body = of(group);
    try {
      done.push({ now: await patch(group, body), back: before(group, body) });
    } catch (error) {
      const problem = asProblem(error);
      refused = ` ${problem.detail ?? problem.title}.`;
    }
  }
  hint("failure-groups");
  if (done.length === 0) return say(`Nothing done.${refused}`);
  say(`${plural(done.length, "failure group")} ${what}.${refused}`, async () => {
    let back = 0;
    for (const { now, back: body } of done) {
      try {
        await patch(now, body);
        back++;
      } catch {
        // Somebody decided again since; that stands.
      }
    }
    hint("failure-groups");
    say(back === done.length ? `Undone: ${plural(back, "failure group")} as before.` : `${back} of ${plural(done.length, "failure group")} as before; the others were changed since.`);
  });
}

export async function note(groups: FailureGroup[], text: string): Promise<void> {
  for (const group of groups) remember((await ask<FailureGroup>("POST", `/failure-groups/${group.id}/notes`, { body: { text } })).data);
  hint("failure-groups");
  say(`Noted at ${plural(groups.length, "failure group")}.`, async () => {
    let back = 0;
    for (const group of groups) if (await takeBack(`/failure-groups/${group.id}/notes`, text)) back++;
    hint("failure-groups");
    say(back === groups.length ? `The note is gone from ${plural(back, "failure group")}.` : `The note is gone from ${back} of ${plural(groups.length, "failure group")}; somebody took it from the others before.`);
  });
}

/** The open letters of a group, frozen: what a discard would hit. */
export async function openLetters(groups: FailureGroup[]): Promise<Selection> {
  const q = `group:${groups.map((group) => group.id).join(",")} is:open`;
  return (await ask<Selection>("POST", "/selections", { body: { q } })).data;
}

/** @param key made once for each intent, so that a second try starts nothing more */
export async function discardAll(selection: Selection, reason: string, key: string): Promise<void> {
  const body = { type: "discard", selectionId: selection.id, expectedCount: selection.count.value, reason };
  const headers = { "Idempotency-Key": `"${key}"`, Prefer: "wait=15" };
  const { data: job } = await ask<Job>("POST", "/jobs", { body, headers, timeout: 30_000 });
  hint("letters", "failure-groups");
  say(job.finishedAt ? `${plural(job.counters.done, "letter")} discarded.` : `Discarding ${count(job.counters.total)} letters.`, async () => {
    const again = { "Idempotency-Key": `"${newKey()}"`, Prefer: "wait=15" };
    if (!job.finishedAt) await ask("POST", `/jobs/${job.id}/cancellations`, { body: {} });
    const { data: undone } = await ask<Job>("POST", `/jobs/${job.id}/undos`, { body: {}, headers: again, timeout: 30_000 });
    hint("letters", "failure-groups");
    say(`${plural(undone.counters.done, "letter")} restored.${undone.counters.skipped > 0 ? ` ${count(undone.counters.skipped)} were changed since.` : ""}`);
  }, { word: "Job", href: paths.job(job.id) });
}

/** Tomorrow at nine, where the operator is. */
export function tomorrow(): string {
  const time = new Date();
  time.setDate(time.getDate() + 1);
  time.setHours(9, 0, 0, 0);
  return time.toISOString();
}

export const snoozes: { name: string; said: string; snooze: () => NonNullable<FailureGroupPatch["snooze"]> }[] = [
  { name: "For an hour", said: "snoozed for an hour", snooze: () => ({ until: new Date(Date.now() + 3_600_000).toISOString() }) },
  { name: "Until tomorrow, 9:00", said: "snoozed until tomorrow", snooze: () => ({ until: tomorrow() }) },
  { name: "Until 10 more letters", said: "snoozed until 10 more letters", snooze: () => ({ letters: 10 }) },
  { name: "Until 100 more letters", said: "snoozed until 100 more letters", snooze: () => ({ letters: 100 }) },
  { name: "Until 60 or more in an hour", said: "snoozed while fewer than 60 come", snooze: () => ({ rate: 60 }) },
];
