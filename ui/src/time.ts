import { signal } from "@preact/signals";
import { utc } from "./prefs.ts";

/** Wall clock of this browser, coarse, for relative times. */
export const now = signal(Date.now());
if (typeof document !== "undefined") setInterval(() => (now.value = Date.now()), 5000);

const units: [number, string][] = [[86_400_000, "d"], [3_600_000, "h"], [60_000, "min"], [1000, "s"]];

/** `40 s`, `2 min`, `5 d`: always ends in a unit; the future reads as `0 s`. */
export function span(ms: number): string {
  for (const [unit, name] of units) if (ms >= unit) return `${Math.floor(ms / unit)}\u202f${name}`;
  return "0\u202fs";
}

/** `59:07`, `2:00:00`, `6\u202fd 23:59:59`: what is left, to the second. */
export function clock(ms: number): string {
  const all = Math.max(0, Math.ceil(ms / 1000));
  const [days, hours, minutes, seconds] = [Math.floor(all / 86_400), Math.floor(all / 3600) % 24, Math.floor(all / 60) % 60, all % 60];
  return `${days > 0 ? `${days}\u202fd ` : ""}${days > 0 || hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds)}`;
}

export function ago(time: string, at: number = now.value): string {
  return span(at - Date.parse(time));
}

const two = (n: number): string => String(n).padStart(2, "0");
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Parts of a time in UTC or local time, as the reader chose. */
function parts(time: string): { day: string; clock: string; year: number } {
  const date = new Date(time);
  const shift = utc.value ? 0 : date.getTimezoneOffset() * 60_000;
  const seen = new Date(date.getTime() - shift);
  return {
    day: `${two(seen.getUTCDate())} ${months[seen.getUTCMonth()] ?? ""}`,
    clock: `${two(seen.getUTCHours())}:${two(seen.getUTCMinutes())}:${two(seen.getUTCSeconds())}`,
    year: seen.getUTCFullYear(),
  };
}

/** `03:07:41` today, `22 Nov 03:07` this year, `22 Nov 2024` before. */
export function stamp(time: string): string {
  const { day, clock, year } = parts(time);
  const today = parts(new Date(now.value).toISOString());
  if (year !== today.year) return `${day} ${year}`;
  return day === today.day ? clock : `${day} ${clock.slice(0, 5)}`;
}

/** The whole time, for titles and details: `2026-11-23 03:07:41 UTC`. */
export function exact(time: string): string {
  if (utc.value) return `${time.slice(0, 10)} ${time.slice(11, 23)} UTC`;
  const { day, clock, year } = parts(time);
  return `${day} ${year} ${clock} local time`;
}

/** A time as a field for date and time has it, in UTC or local time, as the reader chose. */
export function toField(ms: number): string {
  const shift = utc.value ? 0 : new Date(ms).getTimezoneOffset() * 60_000;
  return new Date(ms - shift).toISOString().slice(0, 16);
}
/** @return ms since 1970; null where the field holds no time */
export function fromField(text: string): number | null {
  const ms = Date.parse(utc.value ? `${text}Z` : text);
  return Number.isNaN(ms) ? null : ms;
}
