/** From "what would happen" to "sent", for the panel and the edit screen alike. */
import { useEffect, useRef, useState } from "preact/hooks";
import { cancelReplay, newKey, replay } from "./actions.ts";
import { ask, asProblem, type Problem } from "./api.ts";
import type { Check, Override, ReplayRequest, TargetRequest } from "./contract.ts";
import { lastReason } from "./prefs.ts";
import { countDown } from "./toast.ts";

/** So long a replay can be taken back, in seconds. The server waits, so that it is sent also where this page is closed. */
const regret = 5;

export interface Intent {
  source: ReplayRequest["source"];
  draftVersion?: number | null;
  target?: TargetRequest;
}

export interface Sending {
  check: Check | undefined;
  problem: Problem | undefined;
  checking: boolean;
  sending: boolean;
  sent: boolean;
  overrides: readonly Override[];
  toggleOverride: (override: Override) => void;
  /** Why sending is refused; null where it may be sent. */
  blocked: string | null;
  recheck: () => void;
  /** @param atOnce without the time to take it back */
  send: (atOnce?: boolean) => void;
}

/** @param intent null while there is nothing to check; a new intent is a new key */
export function useSending(letterId: string, intent: Intent | null, done: () => void): Sending {
  const [check, setCheck] = useState<Check>();
  const [problem, setProblem] = useState<Problem>();
  const [checking, setChecking] = useState(false);
  const [state, setState] = useState<"idle" | "sending" | "sent">("idle");
  const [overrides, setOverrides] = useState<readonly Override[]>([]);
  const [turn, setTurn] = useState(0);
  // One key for one intent: a second click and a retry after a time-out cannot send twice.
  const first = useRef<{ intent: string; key: string; request: ReplayRequest } | undefined>(undefined);
  const inFlight = useRef(false);
  const name = intent && JSON.stringify([letterId, intent]);

  useEffect(() => {
    if (!intent) return;
    const abort = new AbortController();
    setChecking(true);
    const body = { source: intent.source, ...(intent.target ? { target: intent.target } : {}) };
    ask<Check>("POST", `/dead-letters/${letterId}/checks`, { body, signal: abort.signal }).then(
      ({ data }) => {
        setCheck(data);
        setProblem(undefined);
        setChecking(false);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setProblem(asProblem(error));
        setChecking(false);
      },
    );
    return () => abort.abort();
  }, [name, turn]);

  const blocked = why(check, checking, overrides);
  const send = (atOnce = false): void => {
    if (!intent || name === null || blocked !== null || inFlight.current || state === "sent") return;
    const request: ReplayRequest = { ...intent, reason: lastReason.value.trim() || null, ...(overrides.length > 0 ? { overrides: [...overrides] } : {}) };
    // The reason and the overrides belong to the intent: the server refuses a key with another body. The delay does not:
    // who presses again after a lost answer, this time in a hurry, means the same replay.
    const whole = JSON.stringify([name, request]);
    if (first.current?.intent !== whole) first.current = { intent: whole, key: newKey(), request: atOnce ? request : { ...request, delay: `PT${regret}S` } };
    const { key, request: said } = first.current;
    inFlight.current = true;
    setState("sending");
    replay(letterId, key, said)
      .then(
        ({ id }) => {
          if (said.delay) countDown((seconds) => `Sending in ${seconds}\u202fs…`, regret * 1000, () => cancelReplay(id));
          setState("sent");
          setProblem(undefined);
          done();
        },
        (error: unknown) => {
          setProblem(asProblem(error));
          setState("idle");
        },
      )
      .finally(() => (inFlight.current = false));
  };
  return {
    check, problem, checking, sending: state === "sending", sent: state === "sent", overrides, blocked,
    toggleOverride: (one) => setOverrides(overrides.includes(one) ? overrides.filter((other) => other !== one) : [...overrides, one]),
    recheck: () => setTurn((n) => n + 1),
    send,
  };
}

function why(check: Check | undefined, checking: boolean, overrides: readonly Override[]): string | null {
  if (!check) return checking ? "The dry run is not back yet." : "The dry run has not answered.";
  if (check.overrides.some((override) => !overrides.includes(override))) return "It needs your explicit word, see above.";
  const errors = check.checks.filter((one) => one.level === "error" && !check.overrides.some((override) => override === one.id));
  if (errors.length > 0) return errors[0]?.detail ?? "The check refuses it.";
  return check.ok || check.overrides.length > 0 ? null : "The check refuses it.";
}
