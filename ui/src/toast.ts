import { signal } from "@preact/signals";
import { asProblem } from "./api.ts";

export interface Toast {
  text: string;
  undo?: () => Promise<void>;
  /** What the way back is called where it is no undo. */
  back?: string;
  /** Where more is to be read about it. */
  more?: { word: string; href: string };
  /** ms since 1970 */
  until: number;
}

/** One at a time: the latest word, and the way back. */
export const toast = signal<Toast | null>(null);
/** Read out by screen readers, politely. */
export const said = signal("");
const undoTime = 30_000;
const day = 86_400_000;
const mostDeeds = 20;

/** Something that was done in this tab and can be taken back. */
export interface Deed {
  text: string;
  undo: () => Promise<void>;
  /** ms since 1970 */
  at: number;
}

/** The latest first. What a job did is in the list of jobs, where others can undo it too. */
const deeds = signal<Deed[]>([]);

/** Those of the last day. */
export const deedsSince = (now: number): Deed[] => deeds.value.filter(({ at }) => at > now - day);

/** What can be undone last; a remark in between, such as that something was copied, does not take that away. */
let undoable: Toast | null = null;

const undoableNow = (): Toast | null => (undoable && undoable.until > Date.now() ? undoable : null);

export function say(text: string, undo?: () => Promise<void>, more?: Toast["more"]): void {
  said.value = text;
  const mine: Toast = { text, until: Date.now() + (undo ? undoTime : 5000), ...(undo ? { undo } : {}), ...(more ? { more } : {}) };
  if (undo) undoable = mine;
  if (undo && !more) keep({ text, undo, at: Date.now() });
  toast.value = mine;
  setTimeout(settle, mine.until - Date.now());
}

function keep(deed: Deed): void {
  deeds.value = [...deeds.value, deed].sort((a, b) => b.at - a.at).slice(0, mostDeeds);
}

/** Says what comes, each second anew, and is read out once. Until it comes it can be taken back. */
export function countDown(words: (seconds: number) => string, ms: number, undo: () => Promise<void>): void {
  const until = Date.now() + ms;
  let mine: Toast | null = null;
  const step = (): void => {
    const left = Math.ceil((until - Date.now()) / 1000);
    // Taken back, closed, or something newer is what one would undo.
    if (left <= 0 || (mine && undoable !== mine)) return;
    const next: Toast = { text: words(left), until, undo, back: "Cancel" };
    if (!mine || toast.value === mine) toast.value = next;
    undoable = mine = next;
    setTimeout(step, Math.max(1, until - (left - 1) * 1000 - Date.now()));
  };
  step();
  said.value = toast.value?.text ?? "";
  setTimeout(settle, ms);
}

/** Takes away what has had its time; what can still be undone shows again. */
function settle(): void {
  if (!toast.value || toast.value.until <= Date.now()) toast.value = undoableNow();
}

/** Something that goes on: shown until the next word, and not read out at each step. What was done before it is not what one would undo now. */
export function saySoftly(text: string, more: NonNullable<Toast["more"]>): void {
  undoable = null;
  toast.value = { text, more, until: Number.MAX_SAFE_INTEGER };
}

/** Nobody wants to see it any more, nor to undo it. */
export function dismiss(): void {
  if (toast.value === undoable) undoable = null;
  toast.value = undoableNow();
}

export async function undoLatest(): Promise<void> {
  const latest = undoableNow();
  if (!latest?.undo) return say("There is nothing to undo.");
  const deed = deeds.value.find(({ undo }) => undo === latest.undo);
  if (deed) return takeBack(deed);
  undoable = null;
  if (toast.value === latest) toast.value = null;
  await attempt(latest.undo);
}

/** Once, also where it is asked for twice; what could not be undone can be tried again. */
export async function takeBack(deed: Deed): Promise<void> {
  if (!deeds.value.includes(deed)) return;
  deeds.value = deeds.value.filter((one) => one !== deed);
  if (undoable?.undo === deed.undo) undoable = null;
  if (toast.value?.undo === deed.undo) toast.value = null;
  if (!(await attempt(deed.undo))) keep(deed);
}

async function attempt(undo: () => Promise<void>): Promise<boolean> {
  try {
    await undo();
    return true;
  } catch (error) {
    const { title, detail } = asProblem(error);
    say(`Not undone. ${detail ?? title}`);
    return false;
  }
}
