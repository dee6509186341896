import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  timeout: 30_000,
  workers: 1,
  forbidOnly: true,
  reporter: [["list"]],
  projects: [{ name: "unit", testMatch: "unit/*.spec.ts" }],
});
