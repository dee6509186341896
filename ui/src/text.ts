/** Text that came from Kafka may hide, reorder or forge what an operator reads. It is cut into what is safe to show. */

/** A run of harmless text, or the name of a code point that must be seen and not obeyed. */
export type Piece = { text: string } | { tag: string };

// Controls but tab and newline, direction marks and overrides, invisible joiners of words, line separators,
// lone surrogates, and the tag block. ZWJ and ZWNJ stay: emoji, Persian and Indic scripts need them.
const unsafe =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

const names: Record<number, string> = { 0: "NUL", 10: "LF", 13: "CR", 27: "ESC", 127: "DEL" };

/** `U+202E`, or the short name where everybody knows it. */
export function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return names[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(unsafe)) {
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ tag: nameOf(match[0]) });
    end = match.index + match[0].length;
  }
  if (end < text.length || found.length === 0) found.push({ text: text.slice(end) });
  return found;
}

/** True where a person could not read the text as it is: a share of controls over one in ten, or a NUL. */
export function looksBinary(text: string): boolean {
  if (text.includes("\0")) return true;
  const hidden = pieces(text).filter((piece) => "tag" in piece).length;
  return hidden * 10 > text.length;
}

/** 12345 as `12 345`, with a narrow no-break space; takes texts so that 64-bit numbers stay exact. */
export function count(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return "—";
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** `≥ 10 000` where counting stopped. */
export function capped(total: { value: number; relation: "eq" | "gte" }): string {
  return `${total.relation === "gte" ? "≥\u202f" : ""}${count(total.value)}`;
}

/** `1 204 ms`: how long somebody took to answer; never in another unit, so that two can be compared. */
export const millis = (value: number): string => `${count(value)}\u202fms`;

/** Bytes in the unit a person would say. */
export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return "—";
  let value = bytes;
  let unit = 0;
  // What is rounded up to a thousand is one of the next unit.
  for (; unit < 3 && value >= (unit === 0 ? 1000 : 999.5); unit++) value /= 1000;
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)}\u202f${["B", "kB", "MB", "GB"][unit]}`;
}

/** `one letter`, `3 letters`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** The last segment of a class name, inner classes kept: `java.net.ConnectException` is `ConnectException`. */
export function simpleName(className: string): string {
  return className.slice(className.lastIndexOf(".") + 1) || className;
}

/** `dev.shop.orders.OrderPriceMapper.toCents` is read as `OrderPriceMapper.toCents`. */
export function shortFrame(frame: string): string {
  const match = /([\w$]+\.[\w$<>]+)(?:\(.*)?$/.exec(frame);
  return match?.[1] ?? frame;
}

/** `orders.placed-dlt` with origin `orders.placed` is read as one: [`orders.placed`, `-dlt`], the second part softer. */
export function topicParts(topic: string, origin: string | null | undefined): [string, string, string] {
  const at = origin ? topic.indexOf(origin) : -1;
  if (!origin || at < 0) return ["", topic, ""];
  return [topic.slice(0, at), origin, topic.slice(at + origin.length)];
}
