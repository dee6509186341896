/** The two texts of a diff. */
import { bytesOf, hexRows, type Content } from "./bytes.ts";
import { compact, parse, pretty } from "./json.ts";
import { looksBinary } from "./text.ts";

/** Both sides laid out alike, unless the layout itself is what changed. */
export function sides(before: Content | null, after: Content | null): [string, string] {
  const sides = [before, after].map((side) => (side && side.encoding === "utf8" ? parse(side.data).tokens : undefined));
  if (sides[0] && sides[1] && compact(sides[0]) !== compact(sides[1])) return [pretty(sides[0]), pretty(sides[1])];
  return [plain(before), plain(after)];
}

function plain(content: Content | null): string {
  if (content === null) return "null";
  if (content.encoding === "utf8" && !looksBinary(content.data)) return content.data;
  return hexRows(bytesOf(content), 0, 4096).map((row) => `${row.offset}  ${row.hex}  ${row.ascii}`).join("\n");
}
