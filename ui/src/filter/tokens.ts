import { isSpace, lower } from "./cursor.ts";
import { hasPath, isField } from "./tree.ts";

/** A piece of a query to be coloured: `field` with its colon, one of its values, free text, or what joins them. */
export interface Token {
  kind: "field" | "value" | "words" | "operator";
  /** UTF-16 code units from 0, the end exclusive. */
  start: number;
  end: number;
}

/** Whatever is in no token is space. Reads what is not finished or wrong as well, because it is being typed. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const add = (kind: Token["kind"], end: number): void => {
    if (end > at) found.push({ kind, start: at, end });
    at = end;
  };
  while (at < text.length) {
    const c = text[at] ?? "";
    if (isSpace(c)) at++;
    else if (c === "(" || c === ")" || c === "-") add("operator", at + 1);
    else if (c === '"') add("words", afterQuoted(text, at));
    else {
      const colon = colonOf(text, at);
      if (colon < 0) {
        const end = afterBare(text, at, '"()');
        const operator = text[end] !== '"' && ["AND", "OR", "NOT"].includes(text.slice(at, end));
        add(operator ? "operator" : "words", end);
        continue;
      }
      add("field", colon + 1);
      add("value", afterValue(text, at));
      while (text[at] === ",") {
        add("operator", at + 1);
        add("value", afterValue(text, at));
      }
    }
  }
  return found;
}

/** Where the colon of the field is that begins here; -1 where none does. */
function colonOf(text: string, from: number): number {
  const name = /[A-Za-z][A-Za-z0-9_-]*/y;
  name.lastIndex = from;
  const field = lower(name.exec(text)?.[0] ?? "");
  if (!isField(field)) return -1;
  let at = from + field.length;
  if (hasPath(field) && text[at] === ".") {
    while (at < text.length && !isSpace(text[at] ?? "") && !"():".includes(text[at] ?? "")) at = text[at] === '"' ? afterQuoted(text, at) : at + 1;
  }
  return text[at] === ":" && (text[from + field.length] === ".") === hasPath(field) ? at : -1;
}

function afterValue(text: string, from: number): number {
  return text[from] === '"' ? afterQuoted(text, from) : afterBare(text, from, '"(),');
}

function afterBare(text: string, from: number, ends: string): number {
  let at = from;
  while (at < text.length && !isSpace(text[at] ?? "") && !ends.includes(text[at] ?? "")) at++;
  return at;
}

/** Behind the closing quote and the star that makes it a beginning; the end where it is not closed. */
function afterQuoted(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  if (at >= text.length) return text.length;
  return at + (text[at + 1] === "*" ? 2 : 1);
}
