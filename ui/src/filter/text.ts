import { isPlain, isSpace, lower, quoted } from "./cursor.ts";
import { type Filter, hasPath, isField, type Match, type Moment, type Value } from "./tree.ts";

/** The one way of writing a filter that reads as the same filter; the twin of dev.redrive.filter.FilterText. */
export function textOf(filter: Filter): string {
  if ("all" in filter) return "";
  if ("words" in filter) return (isPlainWord(filter.words) ? filter.words : quoted(filter.words)) + (filter.prefix ? "*" : "");
  if ("not" in filter) return `-${inner(filter.not, "and" in filter.not || "or" in filter.not)}`;
  if ("and" in filter) return filter.and.map((part) => inner(part, "or" in part)).join(" ");
  if ("or" in filter) return filter.or.map(textOf).join(" OR ");
  return match(filter);
}

const inner = (filter: Filter, parenthesised: boolean): string => (parenthesised ? `(${textOf(filter)})` : textOf(filter));

function match({ field, path, values }: Match): string {
  const plain = path !== null && (field === "payload" || [...path].every((c) => isPlain(c) || c === "."));
  const name = path === null ? field : `${field}.${plain ? path : quoted(path)}`;
  return `${name}:${values.map(valueText).join(",")}`;
}

export function valueText(value: Value): string {
  if ("text" in value) return (isPlainValue(value.text) ? value.text : quoted(value.text)) + (value.prefix ? "*" : "");
  if ("min" in value) return value.min !== null && value.min === value.max ? value.min : `${value.min ?? ""}..${value.max ?? ""}`;
  return `${moment(value.from)}..${moment(value.to)}`;
}

const units: [number, string][] = [[604_800, "w"], [86_400, "d"], [3_600, "h"], [60, "m"], [1, "s"]];

function moment(time: Moment | null): string {
  if (time === null) return "";
  if ("at" in time) return time.at;
  const [size, name] = units.find(([unit]) => time.ago > 0 && time.ago % unit === 0) ?? [1, "s"];
  return `${time.ago / size}${name}`;
}

function isPlainWord(text: string): boolean {
  return isPlainValue(text) && !text.startsWith("-") && !/[:\uff1a]/.test(text) && !["AND", "OR", "NOT"].includes(text) && !beginsLikeAPath(text);
}

/** As `payload.ab` does: without quotes it would be read as the field and its path, with no value. */
function beginsLikeAPath(text: string): boolean {
  const name = lower(text.slice(0, Math.max(0, text.indexOf("."))));
  return isField(name) && hasPath(name);
}

function isPlainValue(text: string): boolean {
  return text !== "" && !/^[<>]/.test(text) && !text.endsWith("*") && ![...text].some((c) => isSpace(c) || '"(),'.includes(c));
}
