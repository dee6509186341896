import { expect, test } from "@playwright/test";
import { compact, layout, losesDigits, parse, pretty } from "../../src/json.ts";

const tokens = (text: string) => {
  const parsed = parse(text);
  if (!parsed.tokens) throw new Error(parsed.error.message);
  return parsed.tokens;
};

test("numbers, duplicate keys and escapes come out as they went in", () => {
  const text = '{"id":9007199254740993,"price":1.10,"e":1E+2,"a":1,"a":2,"s":"\\u202e\\/é","deep":[[],{},null,true]}';
  expect(compact(tokens(text))).toBe(text);
  expect(compact(tokens(pretty(tokens(text))))).toBe(text);
});

test("a hundred thousand levels are a loop, not a recursion", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  expect(compact(tokens(deep))).toBe(deep);
  expect(layout(tokens(deep)).length).toBeGreaterThan(1000);
});

for (const [text, message, line, column] of [
  ["", "no JSON value", 1, 1],
  ['{"a" 1}', "a colon is missing", 1, 6],
  ['{"a":1,}', "a comma before }", 1, 8],
  ['[1\n2]', "a comma or ] is missing", 2, 1],
  ['{"a":"x\ny"}', "a string is not closed or holds a raw control character", 1, 6],
  ["[01]", "a comma or ] is missing", 1, 3],
  ["{} x", "text after the end of the value", 1, 4],
  ['{"a":', "the text ends too early", 1, 6],
  ["{'a':1}", "a key in double quotes is missing", 1, 2],
  ["[NaN]", "no JSON value", 1, 2],
] as const) {
  test(`names the mistake in ${JSON.stringify(text)}`, () => {
    expect(parse(text).error).toMatchObject({ message, line, column });
  });
}

test("small containers stay on one line, larger ones are broken", () => {
  expect(pretty(tokens('{"a":{"b":1,"c":[1,2]},"d":[],"long":"' + "x".repeat(70) + '"}'))).toBe(
    `{\n  "a": { "b": 1, "c": [1, 2] },\n  "d": [],\n  "long": "${"x".repeat(70)}"\n}`,
  );
});

test("knows which numbers a double would change", () => {
  expect(["9007199254740993", "0.12345678901234567", "12345678901234567890"].filter(losesDigits)).toHaveLength(3);
  expect(["1", "9007199254740991", "1.50", "1e300", "100000000000000000000", "-0"].filter(losesDigits)).toEqual([]);
});
