/**
 * JSON read as tokens, never as values: an untouched number keeps its digits, duplicate keys stay, and 100,000
 * levels of nesting are a loop and not a recursion.
 */
export type TokenKind = "open" | "close" | "comma" | "colon" | "key" | "string" | "number" | "word";
export interface Token {
  kind: TokenKind;
  text: string;
  at: number;
}
export interface JsonError {
  /** Index into the text, in UTF-16 units. */
  at: number;
  line: number;
  column: number;
  message: string;
}
export type Parsed = { tokens: Token[]; error?: undefined } | { tokens?: undefined; error: JsonError };

const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// eslint-disable-next-line no-control-regex
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const word = /true|false|null/y;

type Expect = "value" | "value or ]" | "key or }" | "key" | "colon" | "comma or end" | "nothing more";

function take(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

export function parse(text: string): Parsed {
  const tokens: Token[] = [];
  const open: string[] = [];
  let expect: Expect = "value";
  let at = take(space, text, 0).length;
  const add = (kind: TokenKind, piece: string): void => {
    tokens.push({ kind, text: piece, at });
    at += piece.length;
    at += take(space, text, at).length;
  };
  const closed = (): Expect => (open.length === 0 ? "nothing more" : "comma or end");

  while (at < text.length) {
    const next = text[at] ?? "";
    if (expect === "nothing more") return fail(text, at, "text after the end of the value");
    if (expect === "colon") {
      if (next !== ":") return fail(text, at, "a colon is missing");
      add("colon", ":");
      expect = "value";
    } else if (expect === "comma or end" || ((next === "]" && expect === "value or ]") || (next === "}" && expect === "key or }"))) {
      const end = open.at(-1) === "{" ? "}" : "]";
      if (next === end) {
        open.pop();
        add("close", next);
        expect = closed();
      } else if (next === "," && expect === "comma or end") {
        add("comma", ",");
        expect = end === "}" ? "key" : "value";
      } else return fail(text, at, `a comma or ${end} is missing`);
    } else if (expect === "key" || expect === "key or }") {
      const key = take(string, text, at);
      if (!key) return fail(text, at, next === "}" ? "a comma before }" : "a key in double quotes is missing");
      add("key", key);
      expect = "colon";
    } else if (next === "{" || next === "[") {
      open.push(next);
      add("open", next);
      expect = next === "{" ? "key or }" : "value or ]";
    } else {
      const kind: TokenKind = next === '"' ? "string" : next === "-" || (next >= "0" && next <= "9") ? "number" : "word";
      const piece = take(kind === "string" ? string : kind === "number" ? number : word, text, at);
      if (!piece) return fail(text, at, kind === "string" ? "a string is not closed or holds a raw control character" : "no JSON value");
      add(kind, piece);
      expect = closed();
    }
  }
  if (expect !== "nothing more") return fail(text, text.length, tokens.length === 0 ? "no JSON value" : "the text ends too early");
  return { tokens };
}

function fail(text: string, at: number, message: string): { error: JsonError } {
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  return { error: { at, line, column: at - before.lastIndexOf("\n"), message } };
}

/** A line of the indented form; `tokens` carry no blanks, `indent` counts levels. */
export interface Line {
  indent: number;
  tokens: Token[];
}

/** Small containers stay on one line, as a person would write them. */
const inlineWidth = 64;
/** Deeper levels are still shown, but not pushed further to the right. */
export const maxIndent = 40;

export function layout(tokens: Token[]): Line[] {
  const inline = inlineContainers(tokens);
  const lines: Line[] = [];
  let current: Line = { indent: 0, tokens: [] };
  let depth = 0;
  let flat = 0; // > 0 inside a container that is written on one line
  const wrap = (): void => {
    lines.push(current);
    current = { indent: Math.min(depth, maxIndent), tokens: [] };
  };
  tokens.forEach((token, index) => {
    if (token.kind === "open") {
      current.tokens.push(token);
      if (flat > 0 || inline.has(index)) flat++;
      else {
        depth++;
        wrap();
      }
    } else if (token.kind === "close") {
      if (flat > 0) flat--;
      else {
        depth--;
        wrap();
      }
      current.tokens.push(token);
    } else {
      current.tokens.push(token);
      if (token.kind === "comma" && flat === 0) wrap();
    }
  });
  lines.push(current);
  return lines;
}

/** Indexes of the opening tokens whose container fits on one line. */
function inlineContainers(tokens: Token[]): Set<number> {
  const fits = new Set<number>();
  const open: { index: number; width: number }[] = [];
  tokens.forEach((token, index) => {
    if (token.kind === "open") open.push({ index, width: 1 });
    else if (token.kind === "close") {
      const done = open.pop();
      if (!done) return;
      const empty = tokens[index - 1]?.kind === "open";
      if (empty || (open.length > 0 && done.width + 1 <= inlineWidth)) fits.add(done.index);
      const outer = open.at(-1);
      if (outer) outer.width += done.width + 1;
    } else {
      const inner = open.at(-1);
      if (inner) inner.width += token.text.length + (token.kind === "comma" || token.kind === "colon" ? 1 : 0);
    }
  });
  return fits;
}

/** The blank that stands between two tokens of one line. */
export function gap(before: Token | undefined, token: Token): string {
  if (!before || token.kind === "comma" || token.kind === "colon") return "";
  if (before.kind === "open") return token.kind === "close" || before.text === "[" ? "" : " ";
  if (token.kind === "close") return token.text === "]" ? "" : " ";
  return " ";
}

/** The indented form, with every number, string and duplicate key as it was written. */
export function pretty(tokens: Token[]): string {
  return layout(tokens)
    .map((line) => "  ".repeat(line.indent) + line.tokens.map((token, i) => gap(line.tokens[i - 1], token) + token.text).join(""))
    .join("\n");
}

/** The same tokens with no blank between them. */
export function compact(tokens: Token[]): string {
  return tokens.map((token) => token.text).join("");
}

/** True for a number that JavaScript, and every reader that uses doubles, would change. */
export function losesDigits(text: string): boolean {
  const digits = text.replace(/^-/, "").replace(/[eE].*$/, "").replace(".", "").replace(/^0+|0+$/g, "");
  return digits.length > 15 && !(Number.isSafeInteger(Number(text)) && /^-?\d+$/.test(text));
}
