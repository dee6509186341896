import { Cursor, isDigit, isPlain, lower, nearest, quoted } from "./cursor.ts";
import { type Field, fields, FilterError, type Value } from "./tree.ts";
import { readTimes } from "./times.ts";

const units: Record<string, bigint> = { "": 1n, b: 1n, kb: 1_000n, mb: 1_000_000n, kib: 1_024n, mib: 1_048_576n };

/** One value of a field as its kind has it; the twin of dev.redrive.filter.ValueReader. */
export function readValue(cursor: Cursor, field: Field): Value {
  const from = cursor.at;
  const { kind, words } = fields[field];
  if (cursor.peek() === '"') {
    const text = cursor.quoted();
    if (kind === "text") return { text, prefix: cursor.accept("*") };
    throw new FilterError(from, cursor.at, `${field} takes no quotes`);
  }
  const word = cursor.bare(true);
  if (word === "" || word === "*") throw new FilterError(from, cursor.at, `Expected a value for ${field}`);
  if (kind === "time") return readTimes(word, from);
  if (kind === "number" || kind === "size") return numbers(word, from, kind === "size");
  if (kind === "word") {
    const small = lower(word);
    if (words.includes(small)) return { text: small, prefix: false };
    throw new FilterError(from, cursor.at, `${field} knows ${words.join(", ")}`, nearest(word, words));
  }
  if (/^[<>]/.test(word)) throw new FilterError(from, cursor.at, `${field} is text and not compared`, quoted(word));
  const prefix = word.endsWith("*");
  return { text: prefix ? word.slice(0, -1) : word, prefix };
}

function numbers(word: string, from: number, size: boolean): Value {
  const read = (text: string, at: number): bigint => number(text, at, size);
  const ends = (min: bigint | null, max: bigint | null): Value => ({ min: min === null ? null : `${min}`, max: max === null ? null : `${max}` });
  const dots = word.indexOf("..");
  if (dots >= 0) {
    const min = dots === 0 ? null : read(word.slice(0, dots), from);
    const max = dots + 2 === word.length ? null : read(word.slice(dots + 2), from + dots + 2);
    if ((min === null && max === null) || (min !== null && max !== null && min > max)) {
      throw new FilterError(from, from + word.length, "A range goes from the smaller to the greater");
    }
    return ends(min, max);
  }
  if (word.startsWith(">=")) return ends(read(word.slice(2), from + 2), null);
  if (word.startsWith("<=")) return ends(null, read(word.slice(2), from + 2));
  if (word.startsWith(">")) return ends(next(read(word.slice(1), from + 1) + 1n, word, from), null);
  if (word.startsWith("<")) return ends(null, next(read(word.slice(1), from + 1) - 1n, word, from));
  const exact = read(word, from);
  return ends(exact, exact);
}

/** The number after the sign, or the one before it; the last has none. */
function next(found: bigint, word: string, from: number): bigint {
  if (found > 999_999_999_999_999_999n || found < -999_999_999_999_999_999n) throw new FilterError(from, from + word.length, "The number is too large");
  return found;
}

function number(word: string, from: number, size: boolean): bigint {
  const negative = word.startsWith("-") ? 1 : 0;
  let digits = negative;
  while (isDigit(word[digits] ?? "")) digits++;
  const end = from + word.length;
  const suffix = lower(word.slice(digits));
  const unit = Object.hasOwn(units, suffix) ? units[suffix] : undefined;
  if (digits === negative || unit === undefined || (!size && digits < word.length)) {
    throw new FilterError(from, end, size ? "Expected a size such as 500, 2kB or 1MiB" : "Expected a whole number");
  }
  if (digits - negative > 18 || (digits - negative > 11 && unit !== 1n)) throw new FilterError(from, end, "The number is too large");
  return BigInt(word.slice(0, digits)) * unit;
}

/** What stands between `header.` or `payload.` and the colon; the twin of dev.redrive.filter.PathReader. */
export function readPath(cursor: Cursor, field: Field): string {
  const from = cursor.at;
  if (field === "header") return name(cursor, from, true);
  let segments = 0;
  do {
    name(cursor, from, false);
    segments++;
    while (cursor.accept("[")) {
      place(cursor);
      segments++;
    }
    if (segments > 20) throw new FilterError(from, cursor.at, "A path has at most 20 names");
  } while (cursor.accept("."));
  return cursor.since(from);
}

function name(cursor: Cursor, from: number, withDots: boolean): string {
  const start = cursor.at;
  if (cursor.peek() === '"') {
    const text = cursor.quoted();
    if (text !== "") return text;
  } else {
    while (isPlain(cursor.peek()) || (withDots && cursor.peek() === ".")) cursor.at++;
  }
  const found = cursor.since(start);
  if (found === "" || found === '""') throw new FilterError(from, cursor.at, "Expected a name; others than a.b-c_d stand in quotes");
  return found;
}

function place(cursor: Cursor): void {
  const start = cursor.at;
  while (isDigit(cursor.peek())) cursor.at++;
  const digits = cursor.since(start).length;
  if (digits === 0 || digits > 6 || !cursor.accept("]")) throw new FilterError(start, start + 1, "Expected a place in the array, such as [0]");
}
