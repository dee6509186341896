// Fails the build when the first load or the editor grows past its budget (ux.md §6.2). Sizes are gzip -9, in bytes.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const out = process.env.UI_OUT ?? "dist";
const budgets = { first: 40_000, later: 40_000, editor: 140_000, css: 12_000 };
const html = readFileSync(join(out, "index.html"), "utf8");
const size = (file) => gzipSync(readFileSync(join(out, "assets", file)), { level: 9 }).length;

// first: before anything is shown; later: screens that come when they are opened; editor: CodeMirror, when one edits.
const found = { first: 0, later: 0, editor: 0, css: 0 };
for (const file of readdirSync(join(out, "assets"))) {
  if (file.endsWith(".css")) found.css += size(file);
  if (!file.endsWith(".js")) continue;
  if (html.includes(file)) found.first += size(file);
  else if (file.startsWith("mount-")) found.editor += size(file);
  else found.later += size(file);
}
let over = false;
for (const [what, budget] of Object.entries(budgets)) {
  const bad = found[what] > budget;
  over ||= bad;
  console.log(`${bad ? "OVER " : "within"} ${what}: ${(found[what] / 1000).toFixed(1)} kB gz of ${budget / 1000} kB`);
}
process.exit(over ? 1 : 0);
