/** Who looks after one letter, its tags and notes: done at once, with the way back. */
import { asProblem, ask, get, me } from "./api.ts";
import type { DeadLetterSummary, Noting, NotingPatch, Notes } from "./contract.ts";
import { hint } from "./live.ts";
import { say } from "./toast.ts";

type Noted = Pick<DeadLetterSummary, "id" | "version" | "assignee" | "tags">;

async function patch(letter: Pick<Noted, "id" | "version">, change: NotingPatch, word: string, back?: NotingPatch): Promise<void> {
  try {
    const { data } = await ask<Noting>("PATCH", `/dead-letters/${letter.id}`, { body: change, headers: { "If-Match": `"v${letter.version}"` } });
    hint("letters");
    say(word, back && (() => patch(data, back, "As it was before.")));
  } catch (error) {
    const problem = asProblem(error);
    hint("letters");
    say(problem.status === 412 ? "Somebody changed the letter meanwhile. Nothing was done; look again." : (problem.detail ?? problem.title));
  }
}

export function assign(letter: Noted, assignee: string | null): Promise<void> {
  return patch(letter, { assignee }, assignee === null ? "Assigned to nobody." : `Assigned to ${assignee}.`, { assignee: letter.assignee });
}

export async function assignToMe(letter: Noted): Promise<void> {
  const actor = me.value?.actor;
  if (actor === undefined) return say("Redrive does not know yet who you are.");
  if (letter.assignee === actor) return say("It is assigned to you already.");
  await assign(letter, actor);
}

export function tag(letter: Noted, add: string[], remove: string[]): Promise<void> {
  const tags = [...letter.tags.filter((one) => !remove.includes(one)), ...add.filter((one) => !letter.tags.includes(one))];
  return patch(letter, { tags }, "Tagged.", { tags: letter.tags });
}

/** @throws ProblemError so that what was written is not lost */
export async function note(letter: Pick<Noted, "id">, text: string): Promise<void> {
  await ask<Noting>("POST", `/dead-letters/${letter.id}/notes`, { body: { text } });
  hint("letters");
  say("Noted.", async () => {
    const gone = await takeBack(`/dead-letters/${letter.id}/notes`, text);
    hint("letters");
    say(gone ? "The note is gone." : "The note was taken back before.");
  });
}

/**
 * Removes the newest of our notes that says this, as the server keeps it.
 *
 * @param path of the notes of one thing
 * @return whether it was there
 */
export async function takeBack(path: string, text: string): Promise<boolean> {
  const { items } = await get<Notes>(path);
  const mine = items.filter((one) => one.own && one.text === text.trim()).sort((a, b) => Number(BigInt(b.id) - BigInt(a.id)))[0];
  if (mine) await ask("DELETE", `${path}/${mine.id}`);
  return mine !== undefined;
}
