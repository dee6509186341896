import { FilterError } from "./tree.ts";

const space = /[ \t\n\r\u00a0]/;
export const isSpace = (c: string): boolean => c !== "" && space.test(c);
export const isLetter = (c: string): boolean => (c >= "a" && c <= "z") || (c >= "A" && c <= "Z");
export const isDigit = (c: string): boolean => c >= "0" && c <= "9" && c.length === 1;
export const isPlain = (c: string): boolean => isLetter(c) || isDigit(c) || (c !== "" && "_-$/@".includes(c));
/** ASCII only, because every name is. */
export const lower = (text: string): string => text.replace(/[A-Z]/g, (c) => c.toLowerCase());
export const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;

/** A text and a place in it; the twin of dev.redrive.filter.Cursor. Beyond the end every character is "". */
export class Cursor {
  at = 0;

  constructor(readonly text: string) {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if ((code < 32 && !isSpace(text[i] ?? "")) || code === 127) throw new FilterError(i, i + 1, "A filter holds no control characters");
      if (code >= 0xd800 && code <= 0xdfff) {
        const next = text.charCodeAt(i + 1);
        if (code > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) throw new FilterError(i, i + 1, "A filter holds no half characters");
        i++;
      }
    }
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }
  peek(): string {
    return this.text[this.at] ?? "";
  }
  accept(expected: string): boolean {
    const found = this.peek() === expected;
    if (found) this.at++;
    return found;
  }
  skipSpace(): void {
    while (isSpace(this.peek())) this.at++;
  }
  since(from: number): string {
    return this.text.slice(from, this.at);
  }
  identifier(): string {
    const from = this.at;
    while (isLetter(this.peek()) || (this.at > from && (isDigit(this.peek()) || this.peek() === "_" || this.peek() === "-"))) this.at++;
    return this.since(from);
  }
  /** Up to a space, a quote or a parenthesis; up to a comma as well, where it parts values. */
  bare(commaEnds: boolean): string {
    const from = this.at;
    while (!this.atEnd && !isSpace(this.peek()) && !'"()'.includes(this.peek()) && !(commaEnds && this.peek() === ",")) this.at++;
    return this.since(from);
  }
  quoted(): string {
    const from = this.at++;
    let value = "";
    while (this.peek() !== '"') {
      if (this.atEnd) throw new FilterError(from, this.text.length, "The quote is not closed");
      if (this.accept("\\") && this.peek() !== '"' && this.peek() !== "\\") {
        throw new FilterError(this.at - 1, this.at, "A backslash stands before a quote or a backslash only");
      }
      value += this.peek();
      this.at++;
    }
    this.at++;
    return value;
  }
}

/** What was perhaps meant: the candidate that begins with the word, else the one with the fewest edits. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const small = lower(word);
  if (small.length > 40) return null;
  let best: string | null = null;
  let least = Math.min(2, Math.floor((small.length - 1) / 2)) + 1;
  for (const candidate of candidates) {
    const found = small.length > 1 && candidate.startsWith(small) ? 1 : edits(small, candidate);
    if (found < least) [best, least] = [candidate, found];
  }
  return best;
}

function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
