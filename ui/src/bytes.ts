/** Bytes as the API carries them, and the ways to show and edit them. */
import { looksBinary } from "./text.ts";

/** A key, value or header value: UTF-8 text where the bytes are valid UTF-8, else base64. `size` counts all bytes. */
export interface Content {
  encoding: "utf8" | "base64";
  data: string;
  size?: number;
  truncated?: boolean;
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function bytesOf(content: Content): Uint8Array {
  return content.encoding === "base64" ? fromBase64(content.data) : new TextEncoder().encode(content.data);
}

/** UTF-8 where the bytes survive the way there and back, else base64. */
export function contentOf(bytes: Uint8Array): Content {
  try {
    const data = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { encoding: "utf8", data, size: bytes.length };
  } catch {
    return { encoding: "base64", data: toBase64(bytes), size: bytes.length };
  }
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Bytes written as hex digits, blanks and line ends ignored; null where it is no such text. */
export function fromHex(text: string): Uint8Array | null {
  const digits = text.replace(/\s+/g, "");
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) return null;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export interface HexRow {
  offset: string;
  hex: string;
  ascii: string;
}

/** Sixteen bytes a row, from `start`, at most `rows` rows. */
export function hexRows(bytes: Uint8Array, start: number, rows: number): HexRow[] {
  const found: HexRow[] = [];
  for (let at = start; at < bytes.length && found.length < rows; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const hex = Array.from(row, (byte) => byte.toString(16).padStart(2, "0"));
    found.push({
      offset: at.toString(16).padStart(6, "0"),
      hex: `${hex.slice(0, 8).join(" ")}  ${hex.slice(8).join(" ")}`.padEnd(49),
      ascii: Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join(""),
    });
  }
  return found;
}

/** What a header value most likely is. Numbers of Java producers are big endian. */
export type HeaderView =
  | { kind: "null" }
  | { kind: "empty" }
  | { kind: "text"; text: string }
  | { kind: "number"; hex: string; number: string; type: "int32" | "int64" }
  | { kind: "binary"; hex: string };

export function headerView(content: Content | null): HeaderView {
  if (content === null) return { kind: "null" };
  if (content.data === "") return { kind: "empty" };
  if (content.encoding === "utf8" && !looksBinary(content.data)) return { kind: "text", text: content.data };
  const bytes = bytesOf(content);
  const view = new DataView(bytes.buffer);
  if (bytes.length === 8) return { kind: "number", hex: toHex(bytes), number: String(view.getBigInt64(0)), type: "int64" };
  if (bytes.length === 4) return { kind: "number", hex: toHex(bytes), number: String(view.getInt32(0)), type: "int32" };
  return { kind: "binary", hex: toHex(bytes) };
}
