/**
 * The filter language, as far as the filter bar needs it: to name a mistake before asking the server, and to add and
 * drop single terms. The server's parser decides; tests/query-cases.json holds what both agree on.
 */
export const fields = [
  "topic", "origin", "group", "consumer", "status", "class", "cause", "error", "key", "convention", "partition",
  "offset", "attempt", "id", "is", "has", "ts",
] as const;

const words: Record<string, readonly string[]> = {
  is: ["open", "replaying", "replayed", "recovered", "returned", "discarded", "purged", "loop"],
  has: ["trace", "key", "value", "payload", "parent"],
  status: ["open", "replaying", "replayed", "recovered", "returned", "discarded", "purged"],
};

export interface Term {
  negated: boolean;
  field: string;
  /** As written, with quotes and commas. */
  value: string;
  /** Where it stands in the query, end exclusive. */
  start: number;
  end: number;
}
export interface QueryError {
  start: number;
  end: number;
  message: string;
  suggestion: string | null;
}
export type Query = { terms: Term[]; error?: undefined } | { terms: Term[]; error: QueryError };

const term = /(-?)([A-Za-z]+)(:)((?:"(?:[^"\\]|\\.)*"|[^\s"])*)/y;

export function parseQuery(text: string): Query {
  const terms: Term[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? "")) {
      at++;
      continue;
    }
    term.lastIndex = at;
    const match = term.exec(text);
    const word = /\S+/y;
    word.lastIndex = at;
    const end = at + (match?.[0] ?? word.exec(text)?.[0] ?? " ").length;
    const whole = text.slice(at, end);
    if (!match) {
      const open = whole.includes('"') ? "a quote is not closed" : "a term is field:value";
      const phrase = /^[\w.$-]+$/.test(whole) ? `error:${whole}` : null;
      return { terms, error: { start: at, end, message: `${open}; fields are ${fields.join(", ")}`, suggestion: phrase } };
    }
    const [, minus = "", field = "", , value = ""] = match;
    const start = at + minus.length;
    if (!(fields as readonly string[]).includes(field)) {
      const near = nearest(field, fields);
      return { terms, error: { start, end: start + field.length, message: `There is no field ${field}.`, suggestion: near && `${near}:` } };
    }
    if (value === "" || (end < text.length && !/\s/.test(text[end] ?? ""))) {
      const message = value === "" ? `${field} has no value.` : "A quote is not closed.";
      return { terms, error: { start, end: text.length, message, suggestion: null } };
    }
    const wrong = words[field] && value.split(",").find((one) => !words[field]?.includes(one));
    if (wrong !== undefined) {
      const from = start + field.length + 1 + value.split(",").slice(0, value.split(",").indexOf(wrong)).join(",").length;
      const begin = from + (value.startsWith(wrong) ? 0 : 1);
      return {
        terms,
        error: { start: begin, end: begin + wrong.length, message: `${field} knows ${words[field]?.join(", ")}.`, suggestion: nearest(wrong, words[field] ?? []) },
      };
    }
    terms.push({ negated: minus === "-", field, value, start: at, end });
    at = end;
  }
  return { terms };
}

/** The query without one of its terms. */
export function without(text: string, dropped: Term): string {
  return `${text.slice(0, dropped.start)} ${text.slice(dropped.end)}`.replace(/\s+/g, " ").trim();
}

/** The query with `field:value` set; the same term again takes it away. */
export function toggled(text: string, field: string, value: string): string {
  const { terms } = parseQuery(text);
  const quoted = /^[^\s",]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
  const old = terms.filter((one) => one.field === field && !one.negated);
  let rest = text;
  for (const one of [...old].reverse()) rest = without(rest, one);
  return old.some((one) => one.value === quoted) ? rest : `${rest} ${field}:${quoted}`.trim();
}

/** True where the query has exactly this term. */
export function has(text: string, field: string, value: string): boolean {
  return parseQuery(text).terms.some((one) => one.field === field && !one.negated && one.value === value);
}

/** The candidate at most two edits away, else null. */
function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let least = 3;
  for (const candidate of candidates) {
    const d = candidate.startsWith(word) ? 1 : distance(word, candidate);
    if (d < least) [best, least] = [candidate, d];
  }
  return best;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
