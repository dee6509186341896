/** Rules of the retention in words a person reads, and durations a person types. */
import type { RetentionRule, Status } from "./contract.ts";
import { plural } from "./text.ts";

export type Rule = Required<RetentionRule>;
export const ruled = ["recovered", "discarded", "replayed", "returned", "open"] as const satisfies Status[];

export const whole = (rule: RetentionRule): Rule => ({ topics: [], failureGroupId: null, action: "purge", purgesOpenLetters: false, ...rule });

const units = [["week", 168], ["day", 24], ["hour", 1]] as const;
export type Unit = (typeof units)[number][0];

/** Hours of an ISO duration such as `P30D` or `PT12H`; part hours count as whole. */
export function hoursOf(iso: string): number {
  const found = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso);
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = (found ?? []).slice(1).map((part) => Number(part ?? 0));
  return (weeks * 7 + days) * 24 + hours + Math.ceil((minutes * 60 + seconds) / 3600);
}

/** `30` and `day`: in days wherever that is a whole number, since nobody counts in weeks beyond a few. */
export function inUnit(iso: string): [number, Unit] {
  const hours = hoursOf(iso);
  return hours % 24 === 0 && hours > 0 ? [hours / 24, "day"] : [hours, "hour"];
}

export function iso(n: number, unit: Unit): string {
  const hours = n * (units.find(([name]) => name === unit)?.[1] ?? 1);
  return hours % 24 === 0 ? `P${hours / 24}D` : `PT${hours}H`;
}

export function time(duration: string): string {
  const [n, unit] = inUnit(duration);
  return plural(n, unit);
}

const list = (words: readonly string[]): string => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

/** `Recovered letters of orders-*: bytes gone after 30 days`. */
export function sentence({ statuses, topics, failureGroupId, keepFor }: Rule): string {
  const who = list(statuses);
  const where = [topics.length > 0 ? ` of ${list(topics)}` : "", failureGroupId === null ? "" : ` in failure group ${failureGroupId}`].join("");
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} letters${where}: bytes gone after ${time(keepFor)}`;
}

/** Why a rule cannot be saved yet; null where it can. */
export function wrong({ statuses, keepFor, purgesOpenLetters, failureGroupId }: Rule): string | null {
  if (statuses.length === 0) return "Choose which letters.";
  if (hoursOf(keepFor) < 1) return "Keep them an hour at least.";
  if (statuses.includes("open") && !purgesOpenLetters) return "Say that open letters are meant.";
  return failureGroupId !== null && !/^\d{1,18}$/.test(failureGroupId) ? "A failure group is a number." : null;
}
