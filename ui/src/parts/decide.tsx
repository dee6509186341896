import { useMemo, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, withQuery } from "../api.ts";
import { newKey } from "../actions.ts";
import type { ReadingRequest } from "../contract.ts";
import { hint } from "../live.ts";
import { say } from "../toast.ts";

const words = {
  include: { ask: "Read it", go: "Read", done: "is read from now on." },
  exclude: { ask: "Do not read it", go: "Exclude", done: "is not read any more." },
  "by-name": { ask: "Decide by its name again", go: "Decide by name", done: "is read, or not, as its name and its records say." },
} as const satisfies Record<ReadingRequest["decision"], object>;

/** Whether a topic is read, against what its name says; asked for in place, with a reason. */
export function Decide({ name, cluster, decision, done }: { name: string; cluster: string; decision: ReadingRequest["decision"]; done?: () => void }): JSX.Element {
  const [reason, setReason] = useState<string>();
  const [busy, setBusy] = useState(false);
  const key = useMemo(newKey, [reason, decision]);
  const word = words[decision];
  const send = async (why: string): Promise<void> => {
    setBusy(true);
    try {
      await ask("POST", withQuery(`/topics/${encodeURIComponent(name)}/readings`, { cluster }), { body: { decision, reason: why }, headers: { "Idempotency-Key": `"${key}"` } });
      say(`${name} ${word.done}`);
      setReason(undefined);
      hint("topics");
      done?.();
    } catch (error) {
      say(asProblem(error).detail ?? "Nothing was changed.");
    }
    setBusy(false);
  };
  if (reason === undefined) return <button type="button" class="link" onClick={() => setReason("")}>{word.ask}<span class="vh"> {name}</span></button>;
  return (
    <form class="acts" onSubmit={(event) => { event.preventDefault(); if (reason.trim() && !busy) void send(reason.trim()); }}>
      <input aria-label={`Why, for the audit: ${word.go} ${name}`} placeholder="Why" required maxLength={500} value={reason} ref={(input) => input?.focus()} onInput={(event) => setReason(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Escape") setReason(undefined); }} />
      <button class="go" disabled={!reason.trim() || busy}>{word.go}</button>
    </form>
  );
}
