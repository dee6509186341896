/** The columns of the list of letters: which of them, in which order. The link says it; this browser remembers it. */
import { signal } from "@preact/signals";
import { me } from "./api.ts";
import { parseQuery, parted } from "./query.ts";
import { url } from "./router.ts";

export const columnNames = {
  status: "Status", failed: "Failed", topic: "Origin, topic", position: "Part.:offset", key: "Key", error: "Error", attempts: "Tries", size: "Value",
  consumer: "Consumer group", convention: "Convention", class: "Error class", group: "Failure group", ingested: "Stored", changed: "Changed", assignee: "Assignee", tags: "Tags",
} as const;
export type Known = keyof typeof columnNames;
/** A header or a payload path, as it stands in a filter before its colon. */
export type Field = `header.${string}` | `payload.${string}`;
export type Column = Known | Field;

export const standard: readonly Column[] = ["status", "failed", "topic", "position", "key", "error", "attempts", "size"];
/** As many as the server shows. */
export const mostFields = 3;
const storage = "redrive.columns";

export const isKnown = (column: string): column is Known => Object.hasOwn(columnNames, column);
export const nameOf = (column: Column): string => (isKnown(column) ? columnNames[column] : column);

/** Whether the filter language reads it as one header or path. */
export function isField(text: string): text is Field {
  const { filter, terms } = parseQuery(`${text}:x`);
  const only = terms.length === 1 && filter !== null && "field" in filter ? filter : null;
  return only !== null && text.length <= 200 && (only.field === "header" || only.field === "payload") && text.startsWith(`${only.field}.`);
}

function read(text: string | null | undefined): Column[] | null {
  if (!text) return null;
  let fields = 0;
  const columns = [...new Set(parted(text))].filter((one): one is Column => isKnown(one) || (isField(one) && ++fields <= mostFields));
  return columns.length > 0 ? columns : null;
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

export const mayRead = (): boolean => me.value?.permissions.includes("payload:read") ?? true;

/** What the server is to show of each letter; a link of somebody who may read payloads still opens for one who may not. */
export const fieldsOf = (shown: readonly Column[]): Field[] => (mayRead() ? shown.filter((one): one is Field => !isKnown(one)) : []);

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
