import { expect, test } from "@playwright/test";
import { existsSync, readFileSync } from "node:fs";
import { parse } from "../../src/filter/parse.ts";
import { textOf } from "../../src/filter/text.ts";
import { tokens } from "../../src/filter/tokens.ts";
import { type Filter, FilterError } from "../../src/filter/tree.ts";
import { freeOf, narrowed, parseQuery, without } from "../../src/query.ts";

/** src/test/java/dev/redrive/filter/FilterParserTest reads the same cases. */
const cases = JSON.parse(readFileSync(new URL("../../../src/test/resources/filter/cases.json", import.meta.url), "utf8")) as Parsed[];
const random = new URL("../../../target/filter-random.ndjson", import.meta.url);

interface Parsed {
  q: string;
  tree?: unknown;
  error?: { start: number; end: number; message: string; suggestion: string | null };
}

/** Without positions, as the cases have it. */
function plain(filter: Filter): unknown {
  if ("and" in filter) return { and: filter.and.map(plain) };
  if ("or" in filter) return { or: filter.or.map(plain) };
  if ("not" in filter) return { not: plain(filter.not) };
  if ("words" in filter) return { words: filter.words, prefix: filter.prefix };
  return "field" in filter ? { field: filter.field, path: filter.path, values: filter.values } : filter;
}

function parsed(text: string): Omit<Parsed, "q"> {
  try {
    return { tree: plain(parse(text)) };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { start, end, message, suggestion } = error;
    return { error: { start, end, message, suggestion } };
  }
}

test("reads each case as it is written down", () => {
  expect(cases.length).toBeGreaterThanOrEqual(300);
  for (const { q, tree, error } of cases) expect(parsed(q), q.slice(0, 200)).toEqual(tree === undefined ? { error } : { tree });
});

test("reads its own writing as the same filter", () => {
  for (const { q, tree } of cases) {
    if (tree === undefined) continue;
    const text = textOf(parse(q));
    if (text.length <= 4_000) expect(parsed(text), text).toEqual({ tree });
  }
});

/** Written by the Java test in the same build, with what its parser made of each text. */
function randomTexts(): { query: string; tree?: unknown; error?: unknown; text?: string }[] {
  expect(existsSync(random), "./mvnw test -Dtest=RandomFilterTest -Dui.skip=true writes them").toBe(true);
  return readFileSync(random, "utf8").trimEnd().split("\n").map((line) => {
    const { q, ...made } = JSON.parse(line) as { q: number[]; tree?: unknown; error?: unknown; text?: string };
    return { query: String.fromCharCode(...q), ...made };
  });
}

/** Of this process and not of the clock, because the machine does other things beside; the least of three, because a collector may run in any one of them. */
function took(run: () => unknown): number {
  return Math.min(...[1, 2, 3].map(() => {
    const began = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  }));
}

test("reads 20,000 random texts as the server does, each in less than 50 ms", () => {
  const texts = randomTexts();
  expect(texts.length).toBe(20_000);
  let slowest = 0;
  for (const { query, tree, error, text } of texts) {
    slowest = Math.max(slowest, took(() => parsed(query)));
    const found = parsed(query);
    const same = JSON.stringify(found) === JSON.stringify(tree === undefined ? { error } : { tree });
    if (!same) expect(found, JSON.stringify(query)).toEqual(tree === undefined ? { error } : { tree });
    if (text !== undefined && textOf(parse(query)) !== text) expect(textOf(parse(query)), JSON.stringify(query)).toBe(text);
  }
  expect(slowest).toBeLessThan(50);
});

/** The pieces of the tree that are written as fields and words, in order. */
function written(filter: Filter): { kind: string; start: number }[] {
  if ("and" in filter) return filter.and.flatMap(written);
  if ("or" in filter) return filter.or.flatMap(written);
  if ("not" in filter) return written(filter.not);
  if ("words" in filter) return [{ kind: "words", start: filter.start }];
  return "field" in filter ? [{ kind: "field", start: filter.start }] : [];
}

test("colours every character but spaces, and what it reads by what it is", () => {
  for (const { query, tree } of [...randomTexts(), ...cases.map(({ q, tree }) => ({ query: q, tree }))]) {
    const found = tokens(query);
    let at = 0;
    let between = "";
    for (const { start, end } of found) {
      if (start < at || end <= start || end > query.length) expect({ start, end }, JSON.stringify(query)).toBe(`behind ${at}`);
      between += query.slice(at, start);
      at = end;
    }
    if (!/^[ \t\n\r\u00a0]*$/.test(between + query.slice(at))) expect(between + query.slice(at), JSON.stringify(query)).toBe("spaces");
    if (tree === undefined) continue;
    const told = found.filter(({ kind }) => kind === "field" || kind === "words").map(({ kind, start }) => ({ kind, start }));
    const wanted = written(parse(query));
    if (JSON.stringify(told) !== JSON.stringify(wanted)) expect(told, JSON.stringify(query)).toEqual(wanted);
  }
});

const all = (parts: Filter[]): unknown => {
  const flat = parts.flatMap((part) => ("and" in part ? part.and : "all" in part ? [] : [part])).map(plain);
  return flat.length > 1 ? { and: flat } : (flat[0] ?? { all: true });
};

test("drops and adds terms so that the filter is the others and nothing else", () => {
  let changed = 0;
  for (const { query, tree } of randomTexts()) {
    if (tree === undefined) continue;
    const { terms } = parseQuery(query);
    for (const term of terms) {
      const left = parsed(without(query, term));
      const wanted = { tree: all(terms.filter((one) => one !== term).map(({ filter }) => filter)) };
      if (JSON.stringify(left) !== JSON.stringify(wanted)) expect(left, JSON.stringify([query, term])).toEqual(wanted);
    }
    const others = terms.filter(({ filter }) => !("field" in filter && filter.field === "key")).map(({ filter }) => filter);
    const wanted = { tree: all([...others, parse('key:"never, before"')]) };
    const added = parsed(narrowed(freeOf(query, "key"), 'key:"never, before"'));
    if (JSON.stringify(added) !== JSON.stringify(wanted)) expect(added, JSON.stringify(query)).toEqual(wanted);
    changed++;
  }
  expect(changed).toBeGreaterThan(2_000);
});

test("S-31 reads what is meant to be slow in less than 50 ms", () => {
  for (const [unit, tail] of [["(", ""], [")", ""], ["a(", ""], ['"', ""], ['\\"', ""], ["-", "a"], ["NOT ", "a"], ["a OR ", ""], ["a,", "!"], ["topic:a,", "*"], ['header."a"', ":"],
    [" ", "AND"], ["\u00a0", ")"], ["ts:2026-11-23", "!"], ["1", "!"], ["..", ""], ["a.", ":"], ["payload.a", "["], ["[0]", ":x"], ["*", ")"], ["😀", "("], ["topi", ":"]] as const) {
    for (const length of [4_000, 100_000]) {
      for (const prefix of ["", "payload.", 'key:"', "ts:", "size:", "is:", "a AND "]) {
        const text = (prefix + unit.repeat(Math.floor(length / unit.length))).slice(0, length - tail.length) + tail;
        expect(took(() => parsed(text)), `${prefix} ${unit} ${tail}`).toBeLessThan(50);
        expect(took(() => tokens(text.slice(0, 4_000))), `${prefix} ${unit} ${tail}`).toBeLessThan(50);
        expect(took(() => without(text.slice(0, 4_000), { start: 3_999, end: 4_000 })), `${prefix} ${unit} ${tail}`).toBeLessThan(50);
      }
    }
  }
});
