/** What an operator does to letters. Each call is safe to repeat: the key is made once for each intent. */
import { ask, asProblem, may } from "./api.ts";
import type { Action, DeadLetter, Replay, ReplayRequest, StatusChange } from "./contract.ts";
import { hint } from "./live.ts";
import { plural } from "./text.ts";
import { say } from "./toast.ts";

/** What its status allows and we may do; the server looks at both again. */
export function actionsOn({ allowedActions }: Pick<DeadLetter, "allowedActions">): ReadonlySet<Action> {
  return new Set(allowedActions.filter((one) => may(one === "edit" ? "edit" : one === "fetch" ? "payload:read" : "operate")));
}

/** Random, 122 bits; `crypto.randomUUID` exists only on secure origins. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export async function replay(letterId: string, key: string, request: ReplayRequest): Promise<Replay> {
  const { data } = await ask<Replay>("POST", `/dead-letters/${letterId}/replays`, { body: request, headers: { "Idempotency-Key": `"${key}"` } });
  hint("letters", "replays");
  return data;
}

/** Takes a replay back that no lane has taken; fails where one has. */
export async function cancelReplay(id: string): Promise<void> {
  await ask("DELETE", `/replays/${id}`);
  hint("letters", "replays");
  say("Replay cancelled. Nothing was sent, the letter is open.");
}

/**
 * Acts at once; the toast has the way back. Letters that cannot be discarded are counted, not hidden.
 *
 * @return whether any was discarded
 */
export async function discard(ids: string[]): Promise<boolean> {
  const { done, refused } = await each(ids, "discards");
  hint("letters");
  if (done.length === 0) {
    say(refused);
    return false;
  }
  say(`${plural(done.length, "letter")} discarded.${refused ? ` ${refused}` : ""}`, async () => {
    const restored = await each(done, "restores");
    hint("letters");
    say(`${plural(restored.done.length, "letter")} restored.${restored.refused ? ` ${restored.refused}` : ""}`);
  });
  return true;
}

/** @return whether it was restored */
export async function restore(id: string): Promise<boolean> {
  const { done, refused } = await each([id], "restores");
  hint("letters");
  if (done.length === 0) say(refused);
  else say("1 letter restored.", async () => {
    const again = await each([id], "discards");
    hint("letters");
    say(again.refused || "1 letter discarded again.");
  });
  return done.length > 0;
}

async function each(ids: string[], action: "discards" | "restores"): Promise<{ done: string[]; refused: string }> {
  const done: string[] = [];
  let refused = 0;
  let why = "";
  for (const id of ids) {
    try {
      await ask<StatusChange>("POST", `/dead-letters/${id}/${action}`, { body: {} });
      done.push(id);
    } catch (error) {
      refused++;
      const problem = asProblem(error);
      why = problem.detail ?? problem.title;
      if (problem.status === 0 || problem.status === 401 || problem.status === 503) break;
    }
  }
  return { done, refused: refused > 0 ? `${plural(refused, "letter")} refused: ${why}` : "" };
}
