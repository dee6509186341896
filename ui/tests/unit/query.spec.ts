import { expect, test } from "@playwright/test";
import { freeOf, narrowed, parseQuery, saidOf, spanOf, typing, without } from "../../src/query.ts";

test("tells the terms at the top and where they are written", () => {
  const text = 'topic:a  NOT status:open (key:1 OR key:2) AND -"x y"';
  expect(parseQuery(text).terms.map(({ start, end }) => text.slice(start, end))).toEqual(["topic:a", "NOT status:open", "(key:1 OR key:2)", '-"x y"']);
  expect(parseQuery("a OR b c").terms.map(({ start, end }) => [start, end])).toEqual([[0, 8]]);
  expect(parseQuery("  ").terms).toEqual([]);
});

test("points at the mistake", () => {
  expect(parseQuery("topic:a clas:Json*").error).toMatchObject({ start: 8, end: 13, suggestion: "class:" });
});

for (const [text, dropped, rest] of [
  ["topic:a is:open", 0, "is:open"],
  ["topic:a is:open", 1, "topic:a"],
  ["topic:a AND is:open AND key:1", 1, "topic:a AND key:1"],
  ["topic:a AND is:open", 0, "is:open"],
  ["topic:a AND is:open", 1, "topic:a"],
  ['error:"two  spaces" is:open', 1, 'error:"two  spaces"'],
  ["(topic:a)AND is:open", 1, "(topic:a)"],
  ["topic:a AND(is:open)", 0, "(is:open)"],
  ["key:a\u3000 is:open", 1, "key:a\u3000"],
] as const) {
  test(`drops term ${dropped} of ${text}`, () => {
    const term = parseQuery(text).terms[dropped];
    const left = term && without(text, term);
    expect(left).toBe(rest);
    expect(parseQuery(left ?? "").error).toBeUndefined();
  });
}

for (const [text, expected] of [
  ["to", { what: "field", prefix: "to", from: 0, to: 2, choices: ["topic:"] }],
  ["a -sta", { what: "field", prefix: "sta", from: 3, to: 6, choices: ["status:", "state:"] }],
  ["(he", { what: "field", from: 1, choices: ["header."] }],
  ["status:re", { what: "value", field: "status", from: 7, to: 9, choices: ["recovered", "replayed", "replaying", "returned"] }],
  ["status:open,di", { what: "value", from: 12, choices: ["discarded"] }],
  ['topic:"a, b', { what: "value", field: "topic", prefix: "a, b", from: 6, to: 11, choices: [] }],
  ["header.trace-id:00", { what: "value", field: "header", path: "trace-id", prefix: "00", from: 16 }],
] as const) {
  test(`knows what is being typed in ${text}`, () => {
    expect(typing(text, text.length)).toMatchObject(expected);
  });
}

test("offers nothing where nothing fits", () => {
  expect(typing("foo:ba", 6)).toBeNull();
  expect(typing('"to', 3)).toBeNull();
});

test("what is said of a field is told, and taken away without what is excluded or belongs to another field", () => {
  const q = 'topic:a,"b c" -topic:d is:open is:loop class:Json*';
  expect(saidOf(q, "topic")).toEqual(["a", '"b c"']);
  expect(saidOf(q, "class")).toEqual(["Json*"]);
  expect(saidOf(q, "key")).toEqual([]);
  expect(freeOf(q, "topic")).toBe("-topic:d is:open is:loop class:Json*");
  expect(freeOf(q, "is", ["open", "discarded"])).toBe('topic:a,"b c" -topic:d is:loop class:Json*');
  expect(freeOf("topic:a OR is:open", "topic")).toBe("topic:a OR is:open");
});

test("one more term narrows alternatives as a whole", () => {
  expect(narrowed("", "is:open")).toBe("is:open");
  expect(narrowed("topic:a", "is:open")).toBe("topic:a is:open");
  expect(narrowed("topic:a OR topic:b", "is:open")).toBe("(topic:a OR topic:b) is:open");
});

test("the span of time of a query, and none where it has several", () => {
  const now = Date.parse("2026-11-23T12:00:00.000Z");
  expect(spanOf("is:open ts:<2h", now)).toEqual({ from: now - 7_200_000, to: null });
  expect(spanOf("ts:2026-11-23T02:00Z..03:00Z", now)).toEqual({ from: Date.parse("2026-11-23T02:00:00Z"), to: Date.parse("2026-11-23T03:00:00Z") });
  expect(spanOf("is:open", now)).toBeNull();
  expect(spanOf("ts:<2h ts:>1h", now)).toBeNull();
  expect(spanOf("-ts:<2h", now)).toBeNull();
});
