import { defineConfig } from "@playwright/test";
import { chromium } from "./tests/chromium.ts";

const { executablePath, channel, args, env } = await chromium();

const agreement = ["unit/filter.spec.ts", "unit/webhook.spec.ts"];

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // axe alone takes seconds on a machine that does other things too.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: true,
  // A busy build machine gets a second and a third try; the report then says "flaky".
  retries: process.env["CI"] ? 2 : 0,
  reporter: [["list"]],
  use: {
    viewport: { width: 1280, height: 900 },
    // No test looks at motion, and each frame of it is drawn without a graphics card.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: { args, env, ...(executablePath ? { executablePath } : {}), ...(channel ? { channel } : {}) },
    // A trace costs a sixth of the time; the second try of a build machine is enough.
    trace: process.env["CI"] ? "on-first-retry" : "retain-on-failure",
  },
  projects: [
    { name: "unit", testMatch: "unit/*.spec.ts", testIgnore: agreement },
    // On the filters and the deliveries that tests in Java write into target/.
    { name: "agreement", testMatch: agreement },
    { name: "parts", testMatch: "parts/*.spec.ts" },
    // On the real thing: BrowserIT makes the letters and runs this project with REDRIVE_URL and REDRIVE_ALERT_LINK.
    ...(process.env["REDRIVE_URL"] ? [{ name: "browser", testMatch: "browser/*.spec.ts" }] : []),
  ],
});
