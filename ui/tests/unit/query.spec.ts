import { expect, test } from "@playwright/test";
import { has, parseQuery, toggled, without } from "../../src/query.ts";

test("reads terms, negation, quotes, lists and prefixes", () => {
  expect(parseQuery('topic:orders-dlt -class:Json* error:"no \\"x\\" y" status:open,returned ts:>2h').terms.map((term) => [term.negated, term.field, term.value])).toEqual([
    [false, "topic", "orders-dlt"], [true, "class", "Json*"], [false, "error", '"no \\"x\\" y"'], [false, "status", "open,returned"], [false, "ts", ">2h"],
  ]);
  expect(parseQuery("  ")).toEqual({ terms: [] });
});

for (const [text, start, end, suggestion] of [
  ["topic:a clas:Json*", 8, 12, "class:"],
  ["is:opne", 3, 7, "open"],
  ["timeout", 0, 7, "error:timeout"],
  ["topic:", 0, 6, null],
  ['error:"no end', 0, 13, null],
  ["status:open,retuned", 12, 19, "returned"],
] as const) {
  test(`points at the mistake in ${text}`, () => {
    expect(parseQuery(text).error).toMatchObject({ start, end, suggestion });
  });
}

test("adds, replaces and drops single terms", () => {
  expect(toggled("topic:a is:open", "is", "returned")).toBe("topic:a is:returned");
  expect(toggled("topic:a is:open", "is", "open")).toBe("topic:a");
  expect(toggled("", "topic", "a b")).toBe('topic:"a b"');
  expect(has("topic:a is:open", "is", "open")).toBe(true);
  expect(has("-is:open", "is", "open")).toBe(false);
  const { terms } = parseQuery("a:b topic:x is:open");
  expect(terms).toHaveLength(0);
  const [first] = parseQuery("topic:x is:open").terms;
  expect(first && without("topic:x is:open", first)).toBe("is:open");
});
