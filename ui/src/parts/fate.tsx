import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { cancelReplay, newKey } from "../actions.ts";
import { ask, asProblem, may, type Problem } from "../api.ts";
import type { Replay } from "../contract.ts";
import { hint } from "../live.ts";
import { paths } from "../router.ts";
import { ProblemBanner } from "./states.tsx";
import { Track, type Station } from "./track.tsx";
import { Badge, Foreign } from "./words.tsx";

/** True once nothing more will happen by itself. */
export function settled(replay: Replay): boolean {
  return replay.state === "failed" || replay.state === "cancelled" || replay.state === "uncertain" || replay.outcome === "recovered" || replay.outcome === "returned";
}

/** Asks again while a replay is on its way, quickly at first. Hints of the server come on top. */
export function useWatch(replay: Replay | undefined, again: () => void): void {
  const busy = replay !== undefined && !settled(replay);
  useEffect(() => {
    if (!busy) return;
    let timer: ReturnType<typeof setTimeout>;
    const since = Date.now();
    const next = (): void => {
      timer = setTimeout(() => {
        if (!document.hidden) again();
        next();
      }, Date.now() - since < 60_000 ? 1000 : 10_000);
    };
    next();
    return () => clearTimeout(timer);
  }, [busy, replay?.id]);
}

/** What became of the latest replay, as far as is known. */
export function Fate({ replay }: { replay: Replay }): JSX.Element {
  const place = `${replay.target.topic}${replay.target.partition === null ? "" : ` ${replay.target.partition}:${replay.target.offset ?? "?"}`}`;
  const stations: Station[] = [{ name: "Asked for", icon: "replaying", tone: "rest", time: replay.createdAt, place: `${replay.requestedBy}${replay.source === "draft" ? `, draft v${replay.draftVersion ?? "?"}` : replay.source === "transform" ? ", transformed by its job" : replay.source === "origin-record" ? ", from its source" : replay.source === "receipt" ? ", known by its receipt alone" : ", as it came"}` }];
  if (replay.state === "failed" || replay.state === "cancelled") stations.push({ name: replay.state === "failed" ? "Not sent" : "Cancelled", icon: "fail", tone: "alarm", time: replay.updatedAt, place: "the letter is open again", now: true });
  else if (replay.state === "uncertain") stations.push({ name: "Uncertain", icon: "uncertain", tone: "decide", time: replay.updatedAt, place: "it may have been sent", now: true });
  else if (waits(replay)) stations.push({ name: "Waiting", icon: "sent", tone: "moving", time: replay.notBefore, place: <span class="mono">→ {place}</span>, now: true }, { name: "Outcome", icon: "open", tone: "rest", todo: true });
  else if (replay.state !== "done") stations.push({ name: "Sending", icon: "sent", tone: "moving", place: <span class="mono">→ {place}</span>, now: true }, { name: "Outcome", icon: "open", tone: "rest", todo: true });
  else {
    stations.push({ name: "Sent", icon: "sent", tone: "moving", place: <span class="mono">→ {place}</span>, now: replay.outcome === "sent" });
    if (replay.outcome === "recovered") stations.push({ name: "Recovered", icon: "recovered", tone: "settled", time: replay.updatedAt, place: "its consumer group moved past it", now: true });
    else if (replay.outcome === "returned") stations.push({ name: "Returned", icon: "returned", tone: "alarm", time: replay.updatedAt, ...(replay.returnedAs ? { place: <a href={paths.letter(replay.returnedAs)}>as letter {replay.returnedAs}</a> } : {}), now: true });
    else stations.push({ name: "Outcome", icon: "open", tone: "rest", todo: true, place: "waiting for its consumer group" });
  }
  return (
    <section aria-label="Latest replay" class="fate">
      <div class="head"><h2>Replay</h2><FateBadge replay={replay} />{replay.possibleDuplicate && <span class="tag">may be there twice</span>}{replay.mode === "fallback" && <span class="tag">without transactions</span>}{replay.mode === "best-effort" && <span class="tag">best effort</span>}</div>
      <div aria-live="polite"><Track label="Replay" stations={stations} /></div>
      {(replay.abortedCopies.length > 0 || replay.abortedCopyUnknown) && <p class="soft">{copiesOf(replay)}</p>}
      {waits(replay) && may("operate") && <Cancel replay={replay} />}
      {replay.error && <p class="why decide"><Foreign text={replay.error} /></p>}
      {replay.state === "uncertain" && (may("operate") ? <Decide replay={replay} /> : <p class="help">Somebody with the permission operate says what became of it.</p>)}
    </section>
  );
}

/** Its time has not come, and no lane has taken it. */
const waits = ({ state, jobId, notBefore }: Replay): boolean => state === "queued" && jobId === null && Date.parse(notBefore) > Date.now();

function Cancel({ replay }: { replay: Replay }): JSX.Element {
  const [problem, setProblem] = useState<Problem>();
  const cancel = (): void => void cancelReplay(replay.id).catch((error: unknown) => setProblem(asProblem(error)));
  return (
    <div class="acts">
      {problem && <ProblemBanner problem={problem} />}
      <button type="button" onClick={cancel}>Cancel, nothing was sent yet</button>
    </div>
  );
}

function copiesOf({ abortedCopies, abortedCopyUnknown }: Replay): string {
  const met = "Readers of uncommitted data may have met";
  if (abortedCopies.length === 0) return `${met} an aborted copy; the search for it did not come to its end.`;
  const places = abortedCopies.map((copy) => `${copy.partition}:${copy.offset}`).join(", ");
  const known = abortedCopies.length === 1 ? `an aborted copy at ${places}` : `${abortedCopies.length} aborted copies, at ${places}`;
  return `${met} ${known}.${abortedCopyUnknown ? " A search did not come to its end, so there may be one more." : ""}`;
}

export function FateBadge({ replay }: { replay: Replay }): JSX.Element {
  if (replay.outcome === "recovered") return <Badge tone="settled" loud="" icon="recovered">Recovered</Badge>;
  if (replay.outcome === "returned") return <Badge tone="alarm" loud="fill" icon="returned">Returned</Badge>;
  if (replay.state === "uncertain") return <Badge tone="decide" loud="fill" icon="uncertain">Uncertain</Badge>;
  if (replay.state === "failed") return <Badge tone="alarm" loud="fill" icon="fail">Not sent</Badge>;
  if (replay.state === "cancelled") return <Badge tone="rest" loud="" icon="discarded">Cancelled</Badge>;
  if (replay.state === "done") return <Badge tone="moving" loud="" icon="sent">Sent</Badge>;
  return <Badge tone="moving" loud="ring" icon="replaying">Replaying</Badge>;
}

/** Redrive never guesses: a person who has looked into the target says what happened. */
function Decide({ replay }: { replay: Replay }): JSX.Element {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const keys = useRef({ sent: newKey(), resend: newKey() });
  const decide = async (decision: "sent" | "resend"): Promise<void> => {
    setBusy(true);
    try {
      await ask<Replay>("POST", `/replays/${replay.id}/decisions`, { body: { decision }, headers: { "Idempotency-Key": `"${keys.current[decision]}"` } });
      hint("replays", "letters");
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="acts">
      {problem && <ProblemBanner problem={problem} />}
      <button type="button" disabled={busy} onClick={() => void decide("sent")}>I saw it in {replay.target.topic}</button>
      <button type="button" class="bad" disabled={busy} onClick={() => void decide("resend")}>Send again, at the risk of a second copy</button>
    </div>
  );
}
