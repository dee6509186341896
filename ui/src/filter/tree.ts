/** What a filter asks for; the same tree as dev.redrive.filter.Filter, as src/test/resources/filter/cases.json has it. */
export type Filter =
  | { all: true }
  | { and: Filter[] }
  | { or: Filter[] }
  | { not: Filter }
  | Match
  | Words;

export interface Match {
  field: Field;
  /** Header name or payload path, for those two fields alone. */
  path: string | null;
  values: Value[];
  /** UTF-16 code units from 0, the end exclusive. */
  start: number;
  end: number;
}
export interface Words {
  words: string;
  prefix: boolean;
  start: number;
  end: number;
}

export type Value =
  | { text: string; prefix: boolean }
  /** Whole numbers of 64 bits, hence as text; both ends inclusive. */
  | { min: string | null; max: string | null }
  /** The end exclusive. */
  | { from: Moment | null; to: Moment | null };

/** Seconds before now, or RFC 3339 with milliseconds. */
export type Moment = { ago: number } | { at: string };

export type Kind = "text" | "number" | "size" | "time" | "word";

const statuses = ["open", "replaying", "replayed", "recovered", "returned", "discarded", "purged"];
const states = ["new", "ongoing", "escalating", "regressed", "snoozed", "resolved"];

interface About {
  kind: Kind;
  words: readonly string[];
}
const of = (kind: Kind, ...words: string[]): About => ({ kind, words: words.sort() });

/** In the order of dev.redrive.filter.Field, which decides between equally near names. */
export const fields = {
  topic: of("text"), origin: of("text"), group: of("number"), consumer: of("text"), status: of("word", ...statuses),
  state: of("word", ...states), outcome: of("word", "sent", "recovered", "returned", "failed", "uncertain"), class: of("text"),
  cause: of("text"), error: of("text"), label: of("text"), key: of("text"), convention: of("text"),
  partition: of("number"), offset: of("number"), attempt: of("number"), size: of("size"), id: of("number"),
  ts: of("time"), tag: of("text"), assignee: of("text"), trace: of("text"), job: of("text"),
  is: of("word", ...statuses, ...states, "loop", "edited", "binary", "oversize", "mine", "assigned"),
  has: of("word", "note", "draft", "trace", "stack", "key", "value", "payload", "parent", "tag", "assignee", "ticket", "runbook", "label"),
  severity: of("word", "critical", "error", "warning", "info"), rule: of("text"),
  header: of("text"), payload: of("text"),
} as const;

export type Field = keyof typeof fields;

export const fieldNames = Object.keys(fields) as Field[];

export function isField(name: string): name is Field {
  return Object.hasOwn(fields, name);
}
export function hasPath(field: Field): boolean {
  return field === "header" || field === "payload";
}

/** A filter that cannot be understood; it is refused as a whole. */
export class FilterError extends Error {
  constructor(readonly start: number, readonly end: number, message: string, readonly suggestion: string | null = null) {
    super(message);
  }
}
