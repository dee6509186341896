import { expect, test } from "@playwright/test";
import { contentOf } from "../../src/bytes.ts";
import { editOf, type Form, type Original } from "../../src/editor/draft.ts";
import { madeOf, partOf } from "../../src/editor/part.ts";

const text = (data: string) => contentOf(new TextEncoder().encode(data));

test("what is opened and not changed is sent byte for byte", () => {
  const contents = [text('{"id":9007199254740993,"a":1,"a":2}'), text('{ "kept": "as it was" }\n'), text("plain"), text("7"), text(""), contentOf(Uint8Array.of(0xff, 0, 1)), contentOf(Uint8Array.from({ length: 100 }, (_, i) => i)), null];
  for (const content of contents) expect(madeOf(partOf(content)).content).toEqual(content);
});

test("JSON without blanks is edited indented and sent without blanks", () => {
  const part = partOf(text('{"a":[1,2],"amount":"12,50","long":"' + "x".repeat(80) + '"}'));
  expect(part.text).toContain("\n");
  expect(madeOf({ ...part, text: part.text.replace('"12,50"', "12.50") }).content?.data).toBe('{"a":[1,2],"amount":12.50,"long":"' + "x".repeat(80) + '"}');
});

test("broken JSON is not sent, unless it is said to be text", () => {
  const part = partOf(text('{"a":[1,2]}'));
  expect(madeOf({ ...part, text: "{" }).error).toContain("No JSON");
  expect(madeOf({ ...part, text: "{", compacted: false }).content?.data).toBe("{");
});

test("a draft names only what differs from the letter", () => {
  const original: Original = { key: text("k"), value: text('{"a":1}'), headers: [{ name: "x", value: null }] };
  const form: Form = { key: partOf(original.key), value: partOf(original.value), headers: original.headers, target: { topic: null, partitioning: "key", partition: null, timestamp: "now" } };
  expect(editOf(form, original)).toEqual({});
  expect(editOf({ ...form, value: partOf(null) }, original)).toEqual({ value: null, mode: "as-typed" });
  expect(editOf({ ...form, target: { topic: "other", partitioning: "key", partition: null, timestamp: "now" } }, original)).toEqual({ target: { topic: "other", partitioning: "key", partition: null, timestamp: "now" } });
  expect(editOf({ ...form, value: { mode: "hex", text: "0", compacted: false } }, original)).toBeNull();
});
