/** A key or value while it is edited: what is shown may be laid out, what is sent is not. */
import { bytesOf, contentOf, fromHex, toHex, type Content } from "../bytes.ts";
import { compact, parse, pretty, type JsonError } from "../json.ts";
import { looksBinary } from "../text.ts";

export interface Part {
  mode: "text" | "hex" | "null";
  text: string;
  /** The original was JSON without blanks: it is shown indented and sent without blanks again. */
  compacted: boolean;
}

export type Made = { content: Content | null; error?: undefined } | { content?: undefined; error: string; at: number };

export function partOf(content: Content | null): Part {
  if (content === null) return { mode: "null", text: "", compacted: false };
  if (content.encoding === "base64" || looksBinary(content.data)) return { mode: "hex", text: lines(toHex(bytesOf(content))), compacted: false };
  const { tokens } = parse(content.data);
  if (tokens && tokens.length > 1 && compact(tokens) === content.data) return { mode: "text", text: pretty(tokens), compacted: true };
  return { mode: "text", text: content.data, compacted: false };
}

/** What would be sent, or why it cannot be made. */
export function madeOf(part: Part): Made {
  if (part.mode === "null") return { content: null };
  if (part.mode === "hex") {
    const bytes = fromHex(part.text);
    return bytes ? { content: contentOf(bytes) } : { error: "Hex is pairs of 0 to 9 and a to f.", at: part.text.search(/[^0-9a-fA-F\s]/) };
  }
  if (!part.compacted) return { content: text(part.text) };
  const { tokens, error } = parse(part.text);
  return tokens ? { content: text(compact(tokens)) } : { error: sentence(error), at: error.at };
}

export function sentence(error: JsonError): string {
  return `No JSON: ${error.message} at line ${error.line}, column ${error.column}.`;
}

/** True where the text reads as JSON, to tell an editor which language it is. */
export function isJson(part: Part): boolean {
  return part.mode === "text" && (part.compacted || /^\s*[[{]/.test(part.text));
}

export function same(a: Content | null, b: Content | null): boolean {
  return a === b || (a !== null && b !== null && a.encoding === b.encoding && a.data === b.data);
}

function text(data: string): Content {
  return { encoding: "utf8", data, size: new TextEncoder().encode(data).length };
}

function lines(hex: string): string {
  return hex.replace(/((?:\S\S ){15}\S\S) /g, "$1\n");
}
