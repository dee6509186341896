import { defineConfig } from "@playwright/test";
import { chromium } from "./tests/chromium.ts";

const { executablePath, channel, args, env } = await chromium();

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 30_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    viewport: { width: 1280, height: 900 },
    launchOptions: { args, env, ...(executablePath ? { executablePath } : {}), ...(channel ? { channel } : {}) },
    trace: "retain-on-failure",
  },
  projects: [
    { name: "unit", testMatch: "unit/*.spec.ts" },
    { name: "parts", testMatch: "parts/*.spec.ts" },
    // The real server: skipped only where nobody says where it is.
    ...(process.env["REDRIVE_URL"] ? [{ name: "desk", testMatch: "desk/*.spec.ts" }] : []),
  ],
});
