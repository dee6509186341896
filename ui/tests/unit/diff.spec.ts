import { expect, test } from "@playwright/test";
import { diffLines } from "../../src/diff.ts";

/** Both texts, rebuilt from the diff. */
function sides(before: string, after: string): [string[], string[]] {
  const lines = diffLines(before, after, Infinity);
  return [
    lines.flatMap((line) => (line.kind === "same" || line.kind === "del" ? [line.text] : [])),
    lines.flatMap((line) => (line.kind === "same" || line.kind === "ins" ? [line.text] : [])),
  ];
}

test("both texts can be rebuilt from any diff", () => {
  let seed = 7;
  const random = (n: number): number => (seed = (seed * 48_271) % 2_147_483_647) % n;
  for (let round = 0; round < 300; round++) {
    const text = (): string => Array.from({ length: random(9) }, () => "abc"[random(3)]).join("\n");
    const [before, after] = [text(), text()];
    if (before === after) expect(diffLines(before, after)).toEqual([{ kind: "gap", lines: before.split("\n").length }]);
    else expect(sides(before, after)).toEqual([before.split("\n"), after.split("\n")]);
  }
});

test("one changed line is one removed, one added, with the difference marked", () => {
  expect(diffLines('a\n"amount": "12,50",\nb', 'a\n"amount": 12.50,\nb')).toEqual([
    { kind: "same", before: 1, after: 1, text: "a" },
    { kind: "del", before: 2, text: '"amount": "12,50",', mark: { from: 10, to: 17 } },
    { kind: "ins", after: 2, text: '"amount": 12.50,', mark: { from: 10, to: 15 } },
    { kind: "same", before: 3, after: 3, text: "b" },
  ]);
});

test("long unchanged runs are counted", () => {
  const same = Array.from({ length: 50 }, (_, i) => `line ${i}`).join("\n");
  const lines = diffLines(`${same}\nold`, `${same}\nnew`);
  expect(lines[0]).toEqual({ kind: "gap", lines: 47 });
  expect(lines).toHaveLength(6);
});

test("texts that have nothing in common are replaced, and soon", () => {
  const text = (name: string): string => Array.from({ length: 5000 }, (_, i) => `${name}${i}`).join("\n");
  const start = Date.now();
  expect(diffLines(text("a"), text("b")).filter((line) => line.kind === "del")).toHaveLength(5000);
  expect(Date.now() - start).toBeLessThan(5000);
});
