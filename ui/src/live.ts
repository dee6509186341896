/** Hints of the server that something changed. They carry no data: whoever shows it asks again. */
import { signal } from "@preact/signals";

export type What = "letters" | "failure-groups" | "replays" | "topics" | "deliveries" | "jobs" | "alerts";
interface Hint {
  what: What;
  ids?: string[];
}
export type LiveState = { kind: "connecting" | "live" | "paused" } | { kind: "waiting"; until: number };

export const live = signal<LiveState>({ kind: "connecting" });

type Listener = { what: readonly What[]; run: () => void; letter: string | undefined };
const listeners = new Set<Listener>();
/** Letters named by the hints of one kind; null where any may have changed. */
const pending = new Map<What, Set<string> | null>();
let flushing: ReturnType<typeof setTimeout> | undefined;
let stop: AbortController | undefined;
let attempts = 0;

/** At most two repaints a second, whatever the server sends. */
const pace = 500;
/** The server sends a comment every 15 s; three missed ones mean that the connection is dead. */
const silence = 45_000;
/** Without a connection the screens still ask, more slowly. */
const poll = 15_000;
const everything: readonly What[] = ["letters", "failure-groups", "replays", "topics", "deliveries", "jobs", "alerts"];

/** @param letter where given, hints about other letters are passed over */
export function onHint(what: readonly What[], run: () => void, letter?: string): () => void {
  const listener = { what, run, letter };
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function hint(...what: readonly What[]): void {
  for (const one of what) pending.set(one, null);
  flushSoon();
}

function hintLetters(what: What, ids: string[] | undefined): void {
  const known = pending.get(what);
  // No ids: any of them.
  if (!ids?.length || known === null) pending.set(what, null);
  else pending.set(what, new Set([...(known ?? []), ...ids]));
  flushSoon();
}

function flushSoon(): void {
  flushing ??= setTimeout(() => {
    flushing = undefined;
    const due = new Map(pending);
    pending.clear();
    for (const listener of [...listeners]) if (listener.what.some((one) => concerns(listener, one, due.get(one)))) listener.run();
  }, pace);
}

function concerns(listener: Listener, what: What, ids: Set<string> | null | undefined): boolean {
  if (ids === undefined) return false;
  return ids === null || what !== "letters" || listener.letter === undefined || ids.has(listener.letter);
}

let listening = false;

/** Opens the stream; again after a sign-in. */
export function start(): void {
  void connect();
  if (listening) return;
  listening = true;
  document.addEventListener("visibilitychange", () => {
    if (live.value.kind === "paused" || !stop) return;
    if (document.hidden) stop.abort();
    else {
      hint(...everything);
      void connect();
    }
  });
  setInterval(() => {
    if (live.value.kind === "waiting" && !document.hidden) hint(...everything);
  }, poll);
}

/** Closes the stream until the next start, such as after a sign-out. */
export function halt(): void {
  live.value = { kind: "connecting" };
  stop?.abort();
  stop = undefined;
}

export function togglePause(): void {
  if (live.value.kind === "paused") {
    live.value = { kind: "connecting" };
    hint(...everything);
    void connect();
  } else {
    live.value = { kind: "paused" };
    stop?.abort();
  }
}

async function connect(): Promise<void> {
  stop?.abort();
  const mine = new AbortController();
  stop = mine;
  try {
    const response = await fetch("/api/v1/events", { headers: { Accept: "text/event-stream" }, signal: mine.signal });
    if (!response.ok || !response.body) throw new Error(`events answered ${response.status}`);
    if (attempts > 0) hint(...everything);
    attempts = 0;
    live.value = { kind: "live" };
    await read(response.body, mine);
  } catch {
    // Told by the state below.
  }
  if (mine.signal.aborted && stop !== mine) return;
  if (live.value.kind === "paused" || document.hidden) return;
  const wait = Math.min(30_000, 1000 * 2 ** attempts++) * (0.75 + Math.random() / 2);
  live.value = { kind: "waiting", until: Date.now() + wait };
  setTimeout(() => {
    if (stop === mine && live.value.kind === "waiting" && !document.hidden) void connect();
  }, wait);
}

async function read(body: ReadableStream<Uint8Array>, mine: AbortController): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let text = "";
  for (;;) {
    const timer = setTimeout(() => void reader.cancel(), silence);
    const { done, value } = await reader.read();
    clearTimeout(timer);
    if (done || mine.signal.aborted) return;
    text += value;
    const events = text.split(/\r?\n\r?\n/);
    text = events.pop() ?? "";
    for (const event of events) take(event);
  }
}

function take(event: string): void {
  const field = (name: string): string =>
    event.split(/\r?\n/).filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trimStart()).join("\n");
  if (field("event") === "resync") hint(...everything);
  if (field("event") !== "changed") return;
  try {
    const { what, ids } = JSON.parse(field("data")) as Hint;
    hintLetters(what, ids);
  } catch {
    hint(...everything);
  }
}
