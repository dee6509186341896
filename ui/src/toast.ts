import { signal } from "@preact/signals";

export interface Toast {
  text: string;
  undo?: () => Promise<void>;
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

export function say(text: string, undo?: () => Promise<void>, more?: Toast["more"]): void {
  said.value = text;
  const mine: Toast = { text, until: Date.now() + (undo ? undoTime : 5000), ...(undo ? { undo } : {}), ...(more ? { more } : {}) };
  toast.value = mine;
  setTimeout(() => {
    if (toast.value === mine) toast.value = null;
  }, mine.until - Date.now());
}

/** Something that goes on: shown until the next word, and not read out at each step. */
export function saySoftly(text: string, more: NonNullable<Toast["more"]>): void {
  toast.value = { text, more, until: Number.MAX_SAFE_INTEGER };
}

export async function undoLatest(): Promise<void> {
  const latest = toast.value;
  if (!latest?.undo) return;
  toast.value = null;
  await latest.undo();
}
