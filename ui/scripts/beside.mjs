// The tests of the UI, beside the build in Java. "begin" runs those that need nothing of Java, and as soon as two tests in
// Java have written what the others read, or all tests in Java are over, the others; it ends sooner where it is told to
// stop. "end", after the tests in Java, waits for that and fails if one failed.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const [, , step, build] = process.argv;
const windows = process.platform === "win32";
const log = "../target/ui-tests.log";
const state = "../target/ui-tests.json";
const patienceMs = 20 * 60_000;

const written = ["../target/filter-random.ndjson", "../target/signed-deliveries.ndjson"];
const javaIsOver = "../target/java-tests.over";

const playwright = (...projects) => ["playwright", "test", "--workers=2", `--output=test-results/${projects[0]}`, ...projects.map((name) => `--project=${name}`)];

async function begin() {
  const began = Date.now();
  const maven = process.ppid;
  mkdirSync("../target", { recursive: true });
  const output = openSync(log, "w");
  say({ pid: process.pid });
  const first = await run(output, "parts", "unit");
  while (!written.every((file) => isOf(file, began)) && !(existsSync(javaIsOver) && readFileSync(javaIsOver, "utf8") === build)) {
    if (!lives(maven)) process.exit(1);
    await pause(500);
  }
  const second = await run(output, "agreement");
  say({ pid: process.pid, code: first || second });
}

/** The exit code. */
function run(output, ...projects) {
  return new Promise((ended) => {
    // A group of its own, so that the browsers go with it.
    const tests = spawn("npx", playwright(...projects), { stdio: ["ignore", output, output], shell: windows, detached: !windows });
    const stop = () => (windows ? tests.kill() : process.kill(-tests.pid, "SIGTERM"));
    const signals = ["SIGTERM", "SIGINT", "SIGHUP"];
    for (const signal of signals) process.once(signal, () => (stop(), process.exit(1)));
    tests.on("exit", (code) => {
      for (const signal of signals) process.removeAllListeners(signal);
      ended(code ?? 1);
    });
  });
}

/** Written since, and not still being written. */
function isOf(file, began) {
  const at = existsSync(file) ? statSync(file).mtimeMs : 0;
  return at >= began && at < Date.now() - 1000;
}

async function end() {
  writeFileSync(javaIsOver, build);
  const due = Date.now() + patienceMs;
  while (said().code === undefined && lives(said().pid) && Date.now() < due) await pause(200);
  const { code } = said();
  // What is not about a test that passed, so that the end of the build's log says what failed.
  if (existsSync(log)) console.log(readFileSync(log, "utf8").split("\n").filter((line) => !line.startsWith("  ✓ ")).join("\n"));
  if (code === undefined) console.error("The tests of the UI have not come to their end, see target/ui-tests.log");
  process.exit(code === 0 ? 0 : 1);
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

if (step === "begin") await begin();
else await end();
