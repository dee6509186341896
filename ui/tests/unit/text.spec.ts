import { expect, test } from "@playwright/test";
import { bytesOf, contentOf, fromHex, headerView, hexRows, toHex } from "../../src/bytes.ts";
import { count, looksBinary, pieces, simpleName, size, topicParts } from "../../src/text.ts";
import { span } from "../../src/time.ts";

test("what hides, reorders or forges is shown by name", () => {
  expect(pieces("a\u202eb\u0000\u200b\u{e0041}\ud800c")).toEqual([
    { text: "a" }, { tag: "U+202E" }, { text: "b" }, { tag: "NUL" }, { tag: "U+200B" }, { tag: "U+E0041" }, { tag: "U+D800" }, { text: "c" },
  ]);
});

test("what people write stays as it is", () => {
  for (const text of ["ليلى حسن", "👩‍🚀 ok", "tab\tand\nline", "नमस्ते", ""]) expect(pieces(text)).toEqual([{ text }]);
});

test("bytes survive the way there and back", () => {
  for (const bytes of [[], [0], [0xff, 0xfe], [0xef, 0xbb, 0xbf, 0x41], [0xc3, 0xa9], [0xed, 0xa0, 0x80]]) {
    expect(Array.from(bytesOf(contentOf(Uint8Array.from(bytes))))).toEqual(bytes);
  }
});

test("hex is read with blanks and refused when it is not hex", () => {
  expect(fromHex("00 fF\n10")).toEqual(Uint8Array.of(0, 255, 16));
  expect(fromHex("0")).toBeNull();
  expect(fromHex("zz")).toBeNull();
  expect(toHex(Uint8Array.of(0, 255))).toBe("00 ff");
});

test("hex rows count offsets from the start and hide what is not ASCII", () => {
  const rows = hexRows(Uint8Array.from({ length: 20 }, (_, i) => i + 60), 0, 10);
  expect(rows).toHaveLength(2);
  expect(rows[1]).toEqual({ offset: "000010", hex: "4c 4d 4e 4f".padEnd(49), ascii: "LMNO" });
});

test("a header is null, empty, text, a number of Java, or bytes", () => {
  const long = contentOf(Uint8Array.of(0, 0, 0, 0, 0, 1, 0x58, 0x25));
  expect(headerView(null)).toEqual({ kind: "null" });
  expect(headerView(contentOf(new Uint8Array()))).toEqual({ kind: "empty" });
  expect(headerView({ encoding: "utf8", data: "12345678" })).toEqual({ kind: "text", text: "12345678" });
  expect(headerView(long)).toMatchObject({ kind: "number", number: "88101", type: "int64" });
  expect(headerView(contentOf(Uint8Array.of(0xff, 0xff, 0xff, 0xfe)))).toMatchObject({ kind: "number", number: "-2", type: "int32" });
  expect(headerView(contentOf(Uint8Array.of(0xff, 1)))).toMatchObject({ kind: "binary", hex: "ff 01" });
});

test("says numbers, sizes and spans as people do, and keeps 64 bits exact", () => {
  expect(count("9007199254740993")).toBe("9\u202f007\u202f199\u202f254\u202f740\u202f993");
  expect(count(null)).toBe("—");
  expect([size(999), size(1500), size(999_600), size(2_000_000), size(12_400_000), size(1_000_000_000), size(null)]).toEqual(["999\u202fB", "1.5\u202fkB", "1.0\u202fMB", "2.0\u202fMB", "12\u202fMB", "1.0\u202fGB", "—"]);
  expect([span(-5), span(61_000), span(26 * 3_600_000)]).toEqual(["0\u202fs", "1\u202fmin", "1\u202fd"]);
  expect(simpleName("a.b.C$D")).toBe("C$D");
  expect(topicParts("orders-dlt", "orders")).toEqual(["", "orders", "-dlt"]);
  expect(topicParts("dead-letters", "orders")).toEqual(["", "dead-letters", ""]);
});

test("one control character in a long text does not make it binary", () => {
  expect(looksBinary("a long enough text\u001b[31m")).toBe(false);
  expect(looksBinary("\u0001\u0002\u0003a")).toBe(true);
});
