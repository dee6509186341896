import { expect, test } from "@playwright/test";
import { blocks, culprit } from "../../src/trace.ts";
import { stackTrace } from "../sample.ts";

test("library frames fold, own frames stay, causes are heads", () => {
  expect(blocks(stackTrace).map((block) => block.kind)).toEqual(["head", "library", "head", "library", "own", "own", "library"]);
  expect(culprit(stackTrace)).toBe("OrderPriceMapper.toCents:57");
});

test("no line of a trace is lost", () => {
  const kept = blocks(stackTrace).flatMap((block) => (block.kind === "library" ? block.frames : [block.text]));
  expect(kept).toEqual(stackTrace.trimEnd().split("\n"));
});

test("a folded run is named by its packages", () => {
  expect(blocks(stackTrace)[1]).toMatchObject({ names: ["org.springframework.kafka"] });
});

test("module and class loader names in a frame do not hide the package", () => {
  expect(blocks("x\n\tat app//dev.shop.A.b(A.java:1)\n\tat java.base@17.0.1/java.util.ArrayList.add(ArrayList.java:2)").map((block) => block.kind)).toEqual(["head", "own", "library"]);
});

test("traces of other languages are read too", () => {
  const python = 'Traceback (most recent call last):\n  File "/app/labels.py", line 3, in run\n    go()\n  File "/usr/lib/python3/site-packages/kafka/consumer.py", line 9, in poll\n    x()\nValueError: no';
  expect(blocks(python).map((block) => block.kind)).toEqual(["head", "own", "own", "library", "head"]);
});

test("text that is no trace is shown as it is", () => {
  expect(blocks("something broke")).toEqual([{ kind: "head", text: "something broke" }]);
  expect(culprit("something broke")).toBeNull();
});
