// Fails the build when a first load or the editor grows past its budget (ux.md §6.2). Sizes are gzip -9, in bytes.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const assets = join(process.env.UI_OUT ?? "dist", "assets");
const budgets = { overview: 40_000, letters: 40_000, later: 100_000, alerting: 30_000, editor: 140_000, css: 12_000 };
const html = readFileSync(join(assets, "..", "index.html"), "utf8");
const scripts = readdirSync(assets).filter((file) => file.endsWith(".js"));
const size = (file) => gzipSync(readFileSync(join(assets, file)), { level: 9 }).length;
const sum = (files) => [...files].reduce((total, file) => total + size(file), 0);

/** A script and what it imports before it runs. */
function whole(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name] of readFileSync(join(assets, file), "utf8").matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) whole(name, seen);
  return seen;
}
const named = (...names) => scripts.filter((file) => names.some((name) => file.startsWith(`${name}-`)));

// What must be there before a screen is shown; later: what comes after it or when it is opened; alerting: all tabs
// of the alerts, which somebody opens to set them up; editor: CodeMirror, when one edits.
const entry = scripts.filter((file) => html.includes(file));
const first = (...names) => new Set([...entry, ...named(...names)].flatMap((file) => [...whole(file)]));
const overview = first("overview");
const letters = first("letters");
const editor = named("mount");
const alerting = scripts.filter((file) => file.startsWith("alert"));
const found = {
  overview: sum(overview),
  letters: sum(letters),
  editor: sum(editor),
  alerting: sum(alerting),
  later: sum(scripts.filter((file) => !overview.has(file) && !letters.has(file) && !editor.includes(file) && !alerting.includes(file))),
  css: sum(readdirSync(assets).filter((file) => file.endsWith(".css"))),
};
let over = false;
for (const [what, budget] of Object.entries(budgets)) {
  const bad = found[what] > budget;
  over ||= bad;
  console.log(`${bad ? "OVER " : "within"} ${what}: ${(found[what] / 1000).toFixed(1)} kB gz of ${budget / 1000} kB`);
}
process.exit(over ? 1 : 0);
