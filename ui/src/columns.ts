/** The columns of the list of letters: which of them, in which order. The link says it; this browser remembers it. */
import { signal } from "@preact/signals";
import { url } from "./router.ts";

export const columnNames = {
  status: "Status", failed: "Failed", topic: "Origin, topic", position: "Part.:offset", key: "Key", error: "Error", attempts: "Tries", size: "Value",
  consumer: "Consumer group", convention: "Convention", class: "Error class", group: "Failure group", ingested: "Stored", changed: "Changed", assignee: "Assignee", tags: "Tags",
} as const;
export type Column = keyof typeof columnNames;

export const standard: readonly Column[] = ["status", "failed", "topic", "position", "key", "error", "attempts", "size"];
const storage = "redrive.columns";

function read(text: string | null | undefined): Column[] | null {
  if (!text) return null;
  const known = text.split(",").filter((one): one is Column => Object.hasOwn(columnNames, one));
  return known.length > 0 ? [...new Set(known)] : null;
}

function kept(): string | null {
  try {
    return localStorage.getItem(storage);
  } catch {
    return null;
  }
}
const remembered = signal(kept());

/** The position is the way into the letter and is always there. */
export function columns(): Column[] {
  const chosen = read(url.value.searchParams.get("cols")) ?? read(remembered.value) ?? [...standard];
  return chosen.includes("position") ? chosen : [...chosen, "position"];
}

/** What the link has to say for them; null where nothing is to be said. */
export const written = (chosen: readonly Column[]): string | null => (chosen.join() === standard.join() ? null : chosen.join());

export function remember(chosen: readonly Column[]): void {
  remembered.value = written(chosen);
  try {
    if (remembered.value === null) localStorage.removeItem(storage);
    else localStorage.setItem(storage, remembered.value);
  } catch {
    // No storage: the link has them.
  }
}
