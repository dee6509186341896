import { expect, test } from "@playwright/test";
import { existsSync, readFileSync } from "node:fs";
import { parse } from "../../src/filter/parse.ts";
import { textOf } from "../../src/filter/text.ts";
import { type Filter, FilterError } from "../../src/filter/tree.ts";

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

test("reads 20,000 random texts as the server does, each in less than 50 ms", () => {
  expect(existsSync(random), "./mvnw test -Dtest=RandomFilterTest -Dui.skip=true writes them").toBe(true);
  const lines = readFileSync(random, "utf8").trimEnd().split("\n");
  expect(lines.length).toBe(20_000);
  let slowest = 0;
  for (const line of lines) {
    const { q, tree, error, text } = JSON.parse(line) as { q: number[]; tree?: unknown; error?: unknown; text?: string };
    const query = String.fromCharCode(...q);
    const began = performance.now();
    const found = parsed(query);
    slowest = Math.max(slowest, performance.now() - began);
    const same = JSON.stringify(found) === JSON.stringify(tree === undefined ? { error } : { tree });
    if (!same) expect(found, JSON.stringify(query)).toEqual(tree === undefined ? { error } : { tree });
    if (text !== undefined && textOf(parse(query)) !== text) expect(textOf(parse(query)), JSON.stringify(query)).toBe(text);
  }
  expect(slowest).toBeLessThan(50);
});
