// The tests that need the built UI and nothing of Java, beside the build in Java. "begin" runs them until they end or it is
// told to stop; "end" waits for that, then runs those that need what the tests in Java wrote, and fails if one failed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const [, , step, build] = process.argv;
const windows = process.platform === "win32";
const log = "../target/ui-tests.log";
const state = "../target/ui-tests.json";
const patienceMs = 20 * 60_000;

const playwright = (...projects) => ["playwright", "test", "--workers=2", `--output=test-results/${projects[0]}`, ...projects.map((name) => `--project=${name}`)];

function begin() {
  mkdirSync("../target", { recursive: true });
  const output = openSync(log, "w");
  // A group of its own, so that the browsers go with it.
  const tests = spawn("npx", playwright("parts", "unit"), { stdio: ["ignore", output, output], shell: windows, detached: !windows });
  say({ pid: process.pid });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => (windows ? tests.kill() : process.kill(-tests.pid, "SIGTERM")));
  tests.on("exit", (code) => say({ pid: process.pid, code: code ?? 1 }));
}

async function end() {
  const due = Date.now() + patienceMs;
  while (said().code === undefined && lives(said().pid) && Date.now() < due) await pause(200);
  const { code } = said();
  // What is not about a test that passed, so that the end of the build's log says what failed.
  if (existsSync(log)) console.log(readFileSync(log, "utf8").split("\n").filter((line) => !line.startsWith("  ✓ ")).join("\n"));
  if (code === undefined) console.error("The tests of the UI have not come to their end, see target/ui-tests.log");
  const { status } = spawnSync("npx", playwright("agreement"), { stdio: "inherit", shell: windows });
  process.exit(code === 0 && status === 0 ? 0 : 1);
}

function say(what) {
  writeFileSync(`${state}.new`, JSON.stringify({ build, ...what }));
  renameSync(`${state}.new`, state);
}

/** Nothing, if it was another build that said it. */
function said() {
  const last = existsSync(state) ? JSON.parse(readFileSync(state, "utf8")) : {};
  return last.build === build ? last : {};
}

function lives(pid) {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

if (step === "begin") begin();
else await end();
