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
let enter: KeyboardEventInit | null = null;

/**
 * From now on keys are for a part that is about to come, and no shortcuts: whoever presses n and types a note must not
 * discard a letter with its first d. Returns what ends it, once. If the part came, what was typed stands in the field that
 * has the focus, and an Enter behind it counts; where it has choices and no field, one key is one of them.
 */
export function holdKeys(): (came: boolean) => void {
  let over = false;
  holds++;
  return (came) => {
    if (over) return;
    over = true;
    if (--holds > 0) return;
    const [text, pressed] = [held, enter];
    held = "";
    enter = null;
    const field = document.activeElement;
    if (!came || !field) return;
    if (!isText(field)) {
      if (text.length === 1 && !pressed) field.dispatchEvent(new KeyboardEvent("keydown", { key: text, bubbles: true, cancelable: true }));
      return;
    }
    // Old, but the only way that a field's own undo knows of.
    if (text) document.execCommand("insertText", false, text);
    // Behind what the field tells of its text.
    if (pressed) setTimeout(() => press(field, pressed));
  };
}

function hold(event: KeyboardEvent): void {
  const strange = event.ctrlKey || event.metaKey || event.altKey;
  if (strange && event.key !== "Enter") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  // What comes behind an Enter is not for this field.
  if (enter) return;
  if (event.key === "Enter") enter = { key: "Enter", ctrlKey: event.ctrlKey, metaKey: event.metaKey, bubbles: true, cancelable: true };
  else if (event.key === "Backspace") held = held.slice(0, -1);
  else if (event.key.length === 1) held += event.key;
}

function press(field: Element, init: KeyboardEventInit): void {
  if (field.dispatchEvent(new KeyboardEvent("keydown", init)) && field instanceof HTMLInputElement) field.form?.requestSubmit();
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
  // Before the field sees it, which may have the focus already: what is held comes first.
  addEventListener("keydown", (event) => holds > 0 && event.key !== "Escape" && !event.isComposing && hold(event), true);
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event) || (keysOn.value === "off" && event.key.length === 1 && event.key !== "?")) return;
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
