import { isDigit, isLetter, isSpace } from "./filter/cursor.ts";
import { parseTerms, type Term } from "./filter/parse.ts";
import { valueText } from "./filter/text.ts";
import { fieldNames, fields, type Field, type Filter, FilterError, isField } from "./filter/tree.ts";

export type { Term } from "./filter/parse.ts";
export { tokens, type Token } from "./filter/tokens.ts";

/** A mistake: the end is exclusive, and the suggestion stands for what is between the two. */
export interface QueryError {
  start: number;
  end: number;
  message: string;
  suggestion: string | null;
}
export type Query =
  | { filter: Filter; terms: Term[]; alternatives: boolean; error?: undefined }
  | { filter: null; terms: Term[]; alternatives: boolean; error: QueryError };

/**
 * What the filter bar needs of a query; `terms` are those joined by AND at its top, none where it has a mistake, and
 * one for all `alternatives` that OR joins there.
 */
export function parseQuery(text: string): Query {
  try {
    return parseTerms(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { start, end, message, suggestion } = error;
    return { filter: null, terms: [], alternatives: false, error: { start, end, message: `${message}.`, suggestion } };
  }
}

/** The query without one of its terms. */
export function without(text: string, dropped: Pick<Term, "start" | "end">): string {
  const before = trimmed(text.slice(0, dropped.start)).replace(/(^|[ \t\n\r\u00a0)])AND$/, "$1");
  const after = trimmed(text.slice(dropped.end));
  return trimmed(trimmed(before) === "" ? after.replace(/^AND(?=[ \t\n\r\u00a0(])/, "") : `${trimmed(before)} ${after}`);
}

/** Of the spaces that part terms; other blanks belong to a word. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (isSpace(text[start] ?? "")) start++;
  while (end > start && isSpace(text[end - 1] ?? "")) end--;
  return text.slice(start, end);
}

/** Text as the value of a term. */
export function asValue(text: string): string {
  return valueText({ text, prefix: false });
}

/** The terms that say a value of the field; what excludes one is none of them. */
function saying(terms: Term[], field: string): Term[] {
  return terms.filter(({ filter }) => "field" in filter && filter.field === field && filter.path === null);
}

/**
 * The query without what it says about the field at its top; what it excludes stays.
 * @param which leaves the terms alone that have another value than these
 */
export function freeOf(text: string, field: string, which?: readonly string[]): string {
  let rest = text;
  for (const one of saying(parseQuery(text).terms, field).reverse()) {
    if (!which || ("field" in one.filter && one.filter.values.every((value) => which.includes(valueText(value))))) rest = without(rest, one);
  }
  return rest;
}

/** What the query says of the field at its top, each value as it is written. */
export function saidOf(text: string, field: string): string[] {
  return saying(parseQuery(text).terms, field).flatMap(({ filter }) => ("field" in filter ? filter.values.map(valueText) : []));
}

/** The query and one more term, whatever OR it has at its top. */
export function narrowed(text: string, term: string): string {
  if (text === "") return term;
  return parseQuery(text).alternatives ? `(${text}) ${term}` : `${text} ${term}`;
}

/** The one span of time that the query has at its top, in ms since 1970; null where it has none, or several. */
export function spanOf(text: string, now: number): { from: number | null; to: number | null } | null {
  const [term, ...others] = saying(parseQuery(text).terms, "ts");
  if (!term || others.length > 0 || !("field" in term.filter) || term.filter.values.length !== 1) return null;
  const [value] = term.filter.values;
  if (!value || !("from" in value)) return null;
  const ms = (time: typeof value.from): number | null => (time === null ? null : "at" in time ? Date.parse(time.at) : now - time.ago * 1000);
  return { from: ms(value.from), to: ms(value.to) };
}

/** What is being typed at the caret; `from` to `to` is what a choice replaces. */
export type Typing =
  | { what: "field"; prefix: string; from: number; to: number; choices: string[] }
  | { what: "value"; field: Field; path: string | null; prefix: string; from: number; to: number; choices: string[] };

export function typing(text: string, caret: number): Typing | null {
  const from = tokenStart(text, caret);
  const token = text.slice(from, caret).replace(/^-+/, "");
  const start = caret - token.length;
  const colon = colonOf(token);
  if (colon < 0) {
    if (![...token].every((c) => isLetter(c) || isDigit(c) || c === "_" || c === "-")) return null;
    const small = token.toLowerCase();
    const choices = fieldNames.filter((field) => field.startsWith(small)).map((field) => (field === "header" || field === "payload" ? `${field}.` : `${field}:`));
    return { what: "field", prefix: token, from: start, to: caret, choices };
  }
  const [name = "", ...path] = token.slice(0, colon).split(".");
  const field = name.toLowerCase();
  if (!isField(field)) return null;
  const values = token.slice(colon + 1);
  const begun = lastValue(values);
  const prefix = values.slice(begun);
  const choices = fields[field].words.filter((word) => word.startsWith(prefix.toLowerCase()));
  return { what: "value", field, path: path.length > 0 ? path.join(".") : null, prefix: prefix.replace(/^"/, ""), from: start + colon + 1 + begun, to: caret, choices };
}

/** Quotes hold spaces and commas, so both are looked for outside of them. */
function outside(text: string, until: number, found: (c: string, i: number) => void): void {
  let inQuotes = false;
  for (let i = 0; i < until; i++) {
    const c = text[i] ?? "";
    if (inQuotes && c === "\\") i++;
    else if (c === '"') inQuotes = !inQuotes;
    else if (!inQuotes) found(c, i);
  }
}
/** What commas part, those in quotes apart. */
export function parted(text: string): string[] {
  const ends: number[] = [];
  outside(text, text.length, (c, i) => {
    if (c === ",") ends.push(i);
  });
  return [...ends, text.length].map((end, i) => text.slice(i === 0 ? 0 : (ends[i - 1] ?? 0) + 1, end));
}
function tokenStart(text: string, caret: number): number {
  let start = 0;
  outside(text, caret, (c, i) => {
    if (isSpace(c) || c === "(" || c === ")") start = i + 1;
  });
  return start;
}
function colonOf(token: string): number {
  let colon = -1;
  outside(token, token.length, (c, i) => {
    if (c === ":" && colon < 0) colon = i;
  });
  return colon;
}
function lastValue(values: string): number {
  let start = 0;
  outside(values, values.length, (c, i) => {
    if (c === ",") start = i + 1;
  });
  return start;
}
