import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { asProblem, type Problem } from "./api.ts";
import { onHint, type What } from "./live.ts";

/** What a screen knows about one thing it asked for. */
export interface Load<T> {
  data: T | undefined;
  /** Why the latest try failed; `data` is then older than that. */
  problem: Problem | undefined;
  /** When `data` was asked for, ms since 1970. */
  at: number;
  /** True when nothing has come for so long that bones should be shown. */
  bones: boolean;
  busy: boolean;
  again: () => void;
  /** Gives up what is being asked for; what was known stays. */
  stop: () => void;
}

/** At most two repaints a second, however fast hints and answers come. */
const repaint = 500;
/** Shorter waits than this are not worth a flicker. */
const patience = 150;

/**
 * Asks when `key` changes, and again when a hint names what it watches. A failed try keeps the data of the try before.
 *
 * @param key null asks for nothing
 * @param letter hints about other letters are passed over
 * @param pace the least ms between two questions that hints cause
 */
export function useLoad<T>(key: string | null, fetcher: (abort: AbortSignal) => Promise<T>, watch: readonly What[] = [], letter?: string, pace = repaint): Load<T> {
  const [state, setState] = useState<{ key: string | null; data?: T; problem?: Problem; at: number; busy: boolean }>({ key: null, at: 0, busy: false });
  const [bones, setBones] = useState(false);
  const [turn, setTurn] = useState(0);
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const again = useCallback(() => setTurn((n) => n + 1), []);
  const flight = useRef<{ abort?: AbortController; at: number; due?: ReturnType<typeof setTimeout> | undefined; hinted: boolean }>({ at: 0, hinted: false });
  const current = state.key === key ? state : undefined;

  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    Object.assign(flight.current, { abort, at: Date.now(), hinted: false });
    const slow = setTimeout(() => setBones(true), patience);
    const settle = (): void => {
      clearTimeout(slow);
      setBones(false);
      delete flight.current.abort;
      if (flight.current.hinted) soon();
    };
    setState((before) => (before.key === key ? { ...before, busy: true } : { key, at: 0, busy: true }));
    latest.current(abort.signal).then(
      (data) => {
        if (abort.signal.aborted) return;
        settle();
        setState({ key, data, at: Date.now(), busy: false });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        settle();
        setState((before) => ({ ...(before.key === key ? before : { key, at: 0 }), problem: asProblem(error), busy: false }));
      },
    );
    abort.signal.addEventListener("abort", () => {
      settle();
      setState((before) => (before.key === key ? { ...before, busy: false } : before));
    });
    return () => {
      flight.current.hinted = false;
      clearTimeout(flight.current.due);
      flight.current.due = undefined;
      abort.abort();
    };
  }, [key, turn]);

  // Where hints come faster than answers, an answer in flight is waited for: given up each time, none would ever come.
  const soon = (): void => {
    const { current: now } = flight;
    now.hinted = true;
    if (now.abort || now.due !== undefined) return;
    now.due = setTimeout(again, Math.max(0, now.at + pace - Date.now()));
  };
  const hinted = useRef(soon);
  hinted.current = soon;
  const kinds = watch.join(",");
  useEffect(() => (kinds === "" ? undefined : onHint(kinds.split(",") as What[], () => hinted.current(), letter)), [kinds, letter]);

  return {
    data: current?.data,
    problem: current?.problem,
    at: current?.at ?? 0,
    bones: bones && current?.data === undefined && current?.problem === undefined,
    busy: current?.busy ?? true,
    again,
    stop: () => flight.current.abort?.abort(),
  };
}

/** Asks again now and then, for what no hint tells of; never where nobody looks. */
export function useEvery(ms: number | null, again: () => void): void {
  useEffect(() => {
    if (ms === null) return;
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, ms);
    return () => clearInterval(timer);
  }, [ms, again]);
}
