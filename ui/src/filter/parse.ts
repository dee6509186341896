import { Cursor, isSpace, lower, nearest, quoted } from "./cursor.ts";
import { type Field, fieldNames, type Filter, FilterError, hasPath, isField, type Match } from "./tree.ts";
import { readPath, readValue } from "./values.ts";

const operators = ["AND", "NOT", "OR"];

/**
 * Reads the filter language of docs/filter.md; the twin of dev.redrive.filter.FilterParser, held to it by
 * src/test/resources/filter/cases.json. Throws a FilterError.
 */
export function parse(text: string, top: Term[] = []): Filter {
  if (text.length > 4_000) throw new FilterError(4_000, text.length, "A filter has at most 4,000 characters");
  const cursor = new Cursor(text);
  cursor.skipSpace();
  return cursor.atEnd ? { all: true } : new Parser(cursor, top).whole();
}

/** A part of what AND joins at the top of a filter, with where it is written. */
export interface Term {
  filter: Filter;
  start: number;
  end: number;
}

/** As parse; where OR is at the top (`alternatives`) the whole is one term. */
export function parseTerms(text: string): { filter: Filter; terms: Term[]; alternatives: boolean } {
  const terms: Term[] = [];
  const filter = parse(text, terms);
  const [first] = terms;
  const last = terms.at(-1);
  const alternatives = "or" in filter && terms.length > 1;
  return { filter, terms: alternatives && first && last ? [{ filter, start: first.start, end: last.end }] : terms, alternatives };
}

class Parser {
  private terms = 0;
  private depth = 0;

  constructor(private readonly cursor: Cursor, private readonly top: Term[]) {}

  whole(): Filter {
    const filter = this.anyOf();
    if (!this.cursor.atEnd) throw new FilterError(this.cursor.at, this.cursor.at + 1, "There is no ( for this )");
    return filter;
  }

  private anyOf(): Filter {
    const or: Filter[] = [];
    do {
      const part = this.allOf();
      or.push(...("or" in part ? part.or : [part]));
    } while (this.operator("OR"));
    return or.length === 1 && or[0] ? or[0] : { or };
  }

  private allOf(): Filter {
    const and: Filter[] = [];
    do {
      this.cursor.skipSpace();
      const start = this.cursor.at;
      const part = this.one();
      if (this.depth === 0) this.top.push({ filter: part, start, end: this.cursor.at });
      and.push(...("and" in part ? part.and : [part]));
      this.cursor.skipSpace();
    } while (this.operator("AND") || (!this.cursor.atEnd && this.cursor.peek() !== ")" && !this.isNext("OR")));
    return and.length === 1 && and[0] ? and[0] : { and };
  }

  private operator(word: string): boolean {
    this.cursor.skipSpace();
    if (!this.isNext(word)) return false;
    this.cursor.at += word.length;
    this.cursor.skipSpace();
    return true;
  }

  private isNext(operator: string): boolean {
    const here = this.cursor.at;
    const word = this.cursor.bare(false);
    const ended = this.cursor.peek() !== '"';
    this.cursor.at = here;
    return ended && word === operator;
  }

  private one(): Filter {
    this.cursor.skipSpace();
    const from = this.cursor.at;
    if (this.operator("NOT") || this.cursor.accept("-")) return this.negated(from);
    if (this.cursor.accept("(")) {
      this.enter(from);
      const inner = this.anyOf();
      if (!this.cursor.accept(")")) throw new FilterError(from, from + 1, "There is no ) for this (");
      this.depth--;
      return inner;
    }
    return this.term();
  }

  private negated(from: number): Filter {
    this.enter(from);
    if (this.cursor.atEnd || isSpace(this.cursor.peek())) {
      throw new FilterError(from, this.cursor.at, "Nothing follows that could be left out");
    }
    const part = this.one();
    this.depth--;
    return "not" in part ? part.not : { not: part };
  }

  private enter(from: number): void {
    if (++this.depth > 20) throw new FilterError(from, from + 1, "At most 20 parentheses and negations around a term");
  }

  private term(): Filter {
    const { cursor } = this;
    const from = cursor.at;
    const operator = operators.find((word) => this.isNext(word));
    if (operator) throw new FilterError(from, from + operator.length, `${operator} stands between two terms`, quoted(operator));
    if (cursor.atEnd || cursor.peek() === ")") throw new FilterError(from, from, "Expected a term");
    if (++this.terms > 100) throw new FilterError(from, from + 1, "At most 100 terms");
    const name = lower(cursor.identifier());
    if (isField(name) && hasPath(name) && cursor.accept(".")) return this.match(name, readPath(cursor, name), from);
    if (isField(name) && !hasPath(name) && cursor.peek() === ":") return this.match(name, null, from);
    cursor.at = from;
    return this.words(from);
  }

  private match(field: Field, path: string | null, start: number): Match {
    const { cursor } = this;
    if (!cursor.accept(":")) throw new FilterError(start, cursor.at, "Expected : and a value");
    const values = [];
    do {
      if (values.length === 500) throw new FilterError(cursor.at, cursor.at + 1, "At most 500 values");
      values.push(readValue(cursor, field));
    } while (cursor.accept(","));
    this.endOfTerm();
    return { field, path, values, start, end: cursor.at };
  }

  private words(start: number): Filter {
    const { cursor } = this;
    if (cursor.peek() === '"') {
      const words = cursor.quoted();
      const prefix = cursor.accept("*");
      this.endOfTerm();
      if (/^[ \t\n\r\u00a0]*$/.test(words)) throw new FilterError(start, cursor.at, "There is nothing to look for between the quotes");
      return { words, prefix, start, end: cursor.at };
    }
    const word = cursor.bare(false);
    const wide = word.indexOf("\uff1a");
    if (wide >= 0 && isField(lower(word.slice(0, wide)))) throw new FilterError(start + wide, start + wide + 1, "A field ends in a plain colon", ":");
    const colon = word.indexOf(":");
    if (colon >= 0) throw unknown(word, colon, start);
    this.endOfTerm();
    const prefix = word.endsWith("*");
    const words = prefix ? word.slice(0, -1) : word;
    if (words === "") throw new FilterError(start, cursor.at, "Expected a word before the *");
    return { words, prefix, start, end: cursor.at };
  }

  /** What is next to a value must not be taken for a term of its own. */
  private endOfTerm(): void {
    const next = this.cursor.peek();
    if (next === "" || isSpace(next) || next === ")") return;
    const message = next === '"' || next === "(" ? "Quotes and parentheses stand in quotes" : "Expected a space";
    throw new FilterError(this.cursor.at, this.cursor.at + 1, message);
  }
}

function unknown(word: string, colon: number, from: number): FilterError {
  const name = word.slice(0, colon);
  const end = from + colon;
  if (isField(lower(name))) return new FilterError(from, end, `Say which ${name}, as in ${name}.name:value`);
  const near = nearest(name, fieldNames);
  if (near) return new FilterError(from, end + 1, `There is no field ${name}`, `${near}:`);
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name) && name.includes(".")
    ? new FilterError(from, end + 1, `There is no field ${name}`, `payload.${name}:`)
    : new FilterError(from, from + word.length, "A word with a colon stands in quotes", quoted(word));
}
