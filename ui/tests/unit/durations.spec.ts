import { expect, test } from "@playwright/test";
import { inUnit, isoOf, said, secondsOf } from "../../src/durations.ts";

test("a duration is shown in the largest unit that keeps it whole, and written back as it was", () => {
  for (const [iso, n, unit] of [["PT30S", 30, "second"], ["PT90S", 90, "second"], ["PT5M", 5, "minute"], ["PT4H", 4, "hour"], ["P1D", 1, "day"], ["PT48H", 2, "day"], ["PT0S", 0, "minute"]] as const) {
    expect(inUnit(iso)).toEqual([n, unit]);
    expect(secondsOf(isoOf(n, unit))).toBe(secondsOf(iso));
  }
  expect(secondsOf("P1W1DT1H1M1.5S")).toBe(694_861);
  expect(secondsOf("soon")).toBe(0);
  expect(said("PT1H")).toBe("1 hour");
});
