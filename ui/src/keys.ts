import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { keysOn } from "./prefs.ts";

/** One key, or two in sequence such as `g o`. */
export interface Key {
  keys: string;
  what: string;
  run: (event: KeyboardEvent) => void;
}
interface Layer {
  where: string;
  keys: Key[];
}

/** What is listened to now, the latest layer first; the shortcut sheet shows it. */
export const layers = signal<Layer[]>([]);
let first = "";
let firstAt = 0;

let holds = 0;
let held = "";

/**
 * From now on keys are text for a field that is about to come, and no shortcuts: whoever presses n and types a note must
 * not discard a letter with its first d. Returns what ends it, once; what was typed then stands in the field that has the
 * focus, if one has.
 */
export function holdKeys(): () => void {
  let over = false;
  holds++;
  return () => {
    if (over) return;
    over = true;
    if (--holds > 0) return;
    const text = held;
    held = "";
    // Old, but the only way that a field's own undo knows of.
    if (text && isText(document.activeElement)) document.execCommand("insertText", false, text);
  };
}

/** Listens while the component is shown, from its first picture on: a hand that knows the keys does not wait. A later layer wins over an earlier one. */
export function useKeys(where: string, keys: Key[]): void {
  const latest = useRef(keys);
  latest.current = keys;
  const names = keys.map((key) => `${key.keys} ${key.what}`).join("|");
  useLayoutEffect(() => {
    const layer: Layer = {
      where,
      keys: latest.current.map((key, i) => ({ ...key, run: (event: KeyboardEvent) => latest.current[i]?.run(event) })),
    };
    layers.value = [layer, ...layers.value];
    return () => {
      layers.value = layers.value.filter((one) => one !== layer);
    };
  }, [where, names]);
}

/** True where a key is text: in fields, in editors (also inside their shadow tree), in an open dialog. */
export function typing(event: Event): boolean {
  return isText(event.composedPath()[0]);
}

function isText(target: unknown): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event) || (keysOn.value === "off" && event.key.length === 1 && event.key !== "?")) return;
    if (holds > 0 && event.key !== "Escape") {
      event.preventDefault();
      held = event.key === "Backspace" ? held.slice(0, -1) : event.key.length === 1 ? held + event.key : held;
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const target = event.composedPath()[0];
    const pressable = target instanceof HTMLElement && target.matches("a, button, summary, input");
    if (event.key === "Enter" && pressable) return;
    const sequence = Date.now() - firstAt < 1500 ? `${first} ${event.key}` : "";
    const all = layers.value.flatMap((layer) => layer.keys);
    const found = all.find((key) => key.keys === sequence) ?? all.find((key) => key.keys.split(" or ").includes(event.key));
    first = found && !found.keys.includes(" or ") ? "" : event.key;
    firstAt = Date.now();
    if (!found || (event.repeat && !["j", "k"].includes(event.key))) return;
    event.preventDefault();
    found.run(event);
  });
}
