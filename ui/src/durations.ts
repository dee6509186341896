/** ISO 8601 durations as a person types and reads them. */
import { plural } from "./text.ts";

export const unitNames = ["second", "minute", "hour", "day"] as const;
export type Unit = (typeof unitNames)[number];
const lengths: Record<Unit, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

/** Of durations such as `PT5M` or `P1DT12H`; parts of a second are dropped. What is none counts as 0. */
export function secondsOf(iso: string): number {
  const found = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/.exec(iso);
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = (found ?? []).slice(1).map((part) => Number(part ?? 0));
  return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** In the largest unit that keeps it whole: `PT90M` is 90 minutes, `PT48H` 2 days. */
export function inUnit(iso: string): [number, Unit] {
  const seconds = secondsOf(iso);
  const unit = [...unitNames].reverse().find((one) => seconds > 0 && seconds % lengths[one] === 0) ?? (seconds === 0 ? "minute" : "second");
  return [seconds / lengths[unit], unit];
}

export function isoOf(n: number, unit: Unit): string {
  const marks: Record<Unit, string> = { second: `PT${n}S`, minute: `PT${n}M`, hour: `PT${n}H`, day: `P${n}D` };
  return n === 0 ? "PT0S" : marks[unit];
}

/** `5 minutes`, `one day` as `1 day`. */
export function said(iso: string): string {
  const [n, unit] = inUnit(iso);
  return plural(n, unit);
}
