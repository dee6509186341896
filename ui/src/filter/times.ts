import { lower } from "./cursor.ts";
import { FilterError, type Moment, type Value } from "./tree.ts";

const clock = String.raw`([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,3}))?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?`;
const date = new RegExp(String.raw`^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]${clock})?$`);
const short = new RegExp(`^${clock}$`);
const age = /^([0-9]{1,7})([smhdwSMHDW])$/;
const units: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const oldest = 36_500 * 86_400;
const day = 86_400_000;

/** A point in time as written; `length` is the unit it was written to in ms, 0 for an age. */
interface Written {
  start: number;
  length: number;
  ago: number | null;
  date: string;
  zone: string;
}

const begin = (time: Written): Moment => (time.ago === null ? at(time.start) : { ago: time.ago });
const end = (time: Written): Moment => (time.ago === null ? at(time.start + time.length) : { ago: time.ago });
const at = (ms: number): Moment => ({ at: new Date(ms).toISOString() });

/** A span of time; the twin of dev.redrive.filter.TimeReader. */
export function readTimes(word: string, from: number): Value {
  const dots = word.indexOf("..");
  if (dots >= 0) return range(word, from, dots);
  const or = /^[<>]=/.test(word) ? 2 : 1;
  if (word.startsWith(">")) {
    const time = moment(word.slice(or), from + or, null);
    if (time.ago !== null) return { from: null, to: begin(time) };
    return { from: or === 2 ? begin(time) : end(time), to: null };
  }
  if (word.startsWith("<")) {
    const time = moment(word.slice(or), from + or, null);
    if (time.ago !== null) return { from: begin(time), to: null };
    return { from: null, to: or === 2 ? end(time) : begin(time) };
  }
  const time = moment(word, from, null);
  if (time.ago !== null) throw new FilterError(from, from + word.length, "Say whether it is younger or older", `<${word}`);
  return { from: begin(time), to: end(time) };
}

function range(word: string, from: number, dots: number): Value {
  const low = dots === 0 ? null : moment(word.slice(0, dots), from, null);
  const rest = word.slice(dots + 2);
  const high = rest === "" ? null : moment(rest, from + dots + 2, low);
  if (low === null && high === null) throw notATime(word, from);
  const last = high === null ? null : high.length === day ? high.start + high.length : high.start;
  const comparable = low !== null && high !== null && (low.ago === null) === (high.ago === null);
  if (comparable && last !== null && (low.ago === null ? low.start >= last : low.ago <= (high.ago ?? 0))) {
    throw new FilterError(from, from + word.length, "A range goes from the earlier to the later");
  }
  return { from: low && begin(low), to: high && (high.length === day ? end(high) : begin(high)) };
}

function moment(text: string, where: number, start: Written | null): Written {
  const old = age.exec(text);
  if (old) {
    const ago = Number(old[1]) * (units[lower(old[2] ?? "")] ?? 0);
    if (ago > oldest) throw new FilterError(where, where + text.length, "The age is too great");
    return { start: 0, length: 0, ago, date: "", zone: "" };
  }
  const full = date.exec(text);
  if (full) return time(text, where, full[1] ?? "", full[2] === undefined ? null : full.slice(2), "Z");
  const part = short.exec(text);
  if (part && start && start.ago === null) return time(text, where, start.date, part.slice(1), start.zone);
  throw notATime(text, where);
}

/** `parts` are hours, minutes, seconds, fraction and zone; null for a date alone. */
function time(text: string, where: number, day8: string, parts: (string | undefined)[] | null, otherZone: string): Written {
  const [year = 0, month = 0, dayOfMonth = 0] = day8.split("-").map(Number);
  const [h, m, s, fraction, zoned] = parts ?? [];
  const zone = zoned ?? otherZone;
  const [hours, minutes, seconds] = [Number(h ?? 0), Number(m ?? 0), Number(s ?? 0)];
  const local = Date.UTC(year, month - 1, dayOfMonth);
  const shown = new Date(local);
  const offset = shift(zone);
  const exists = year >= 1900 && year <= 9998 && shown.getUTCMonth() === month - 1 && shown.getUTCDate() === dayOfMonth
    && hours < 24 && minutes < 60 && seconds < 60 && offset !== null;
  if (!exists) throw new FilterError(where, where + text.length, "There is no such time");
  const ms = fraction === undefined ? 0 : Number(`${fraction}00`.slice(0, 3));
  const start = local + ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms - offset * 60_000;
  const length = parts === null ? day : s === undefined ? 60_000 : fraction === undefined ? 1_000 : 1;
  return { start, length, ago: null, date: day8, zone };
}

/** Minutes east of UTC; null where no place on earth is. */
function shift(zone: string): number | null {
  if (lower(zone) === "z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))];
  if (hours > 18 || minutes > 59 || (hours === 18 && minutes > 0)) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function notATime(text: string, where: number): FilterError {
  return new FilterError(where, where + text.length, "Expected an age such as <2h or a time such as 2026-11-23T02:00Z");
}
