import { isDigit, isLetter, isSpace, quoted } from "./filter/cursor.ts";
import { parseTerms, type Term } from "./filter/parse.ts";
import { valueText } from "./filter/text.ts";
import { fieldNames, fields, type Field, type Filter, FilterError, isField } from "./filter/tree.ts";

export type { Term } from "./filter/parse.ts";

/** A mistake: the end is exclusive, and the suggestion stands for what is between the two. */
export interface QueryError {
  start: number;
  end: number;
  message: string;
  suggestion: string | null;
}
export type Query = { filter: Filter; terms: Term[]; error?: undefined } | { filter: null; terms: Term[]; error: QueryError };

/** What the filter bar needs of a query; `terms` are those joined by AND at its top, none where it has a mistake. */
export function parseQuery(text: string): Query {
  try {
    return parseTerms(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { start, end, message, suggestion } = error;
    return { filter: null, terms: [], error: { start, end, message: `${message}.`, suggestion } };
  }
}

/** The query without one of its terms. */
export function without(text: string, dropped: Pick<Term, "start" | "end">): string {
  const before = text.slice(0, dropped.start).trimEnd().replace(/(^|\s+)AND$/, "");
  const after = text.slice(dropped.end).trimStart();
  return before === "" ? after.replace(/^AND\s+/, "") : `${before} ${after}`.trim();
}

/** Text as the value of a term. */
export function asValue(text: string): string {
  return valueText({ text, prefix: false });
}

function matches(text: string, field: string, value: string, negated: boolean): Term[] {
  return parseQuery(text).terms.filter(({ filter }) => {
    const one = "not" in filter ? filter.not : filter;
    return "not" in filter === negated && "field" in one && one.field === field && one.path === null
      && (value === "" || one.values.map(valueText).join(",") === value);
  });
}

/**
 * The query with `field:value` in place of what it says about the field now; the same term again takes it away.
 * @param value as it is written in the term's canonical text, see asValue
 */
export function toggled(text: string, field: string, value: string, negated = false): string {
  const written = asValue(value);
  const same = matches(text, field, written, negated).length > 0;
  let rest = text;
  for (const one of [...(negated ? matches(text, field, written, true) : matches(text, field, "", false))].reverse()) rest = without(rest, one);
  return same ? rest : `${rest} ${negated ? "-" : ""}${field}:${written}`.trim();
}

/** True where the query has exactly this term at its top. */
export function has(text: string, field: string, value: string, negated = false): boolean {
  return matches(text, field, asValue(value), negated).length > 0;
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

/** A text with every special character, as free text. */
export const phrase = (text: string): string => quoted(text);
