/** Every browser test watches its page: a console error, a request to another origin or a CSP violation fails it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Axe from "axe-core";
import type { RunOnly } from "axe-core";
import { expect, test as base, type Page } from "@playwright/test";
import { serve, type Fixture } from "./fixture.ts";

interface Watched {
  /** Messages a test expects; matched by part. */
  allowed: string[];
  found: string[];
}

export const test = base.extend<{ watched: Watched; desk: Fixture }>({
  desk: async ({ page }, use) => {
    const fixture = await serve();
    await use(fixture);
    // A page that asks every second has a request under way at the end of its test; nobody wants its answer.
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await fixture.close();
  },
  watched: [
    async ({ page }, use) => {
      const watched: Watched = { allowed: [], found: [] };
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") watched.found.push(message.text());
      });
      page.on("pageerror", (error) => watched.found.push(String(error)));
      page.on("request", (request) => {
        const from = new URL(request.url());
        const home = page.url() === "about:blank" ? from.origin : new URL(page.url()).origin;
        if (from.protocol.startsWith("http") && from.origin !== home) watched.found.push(`request to ${from.origin}`);
      });
      await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`)));
      await use(watched);
      expect(watched.found.filter((message) => !watched.allowed.some((part) => message.includes(part)))).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

type Theme = "light" | "dark";
const looks: Record<Theme, RunOnly> = {
  light: { type: "tag", values: levels },
  dark: { type: "rule", values: ["color-contrast", "link-in-text-block"] },
};

/**
 * No violation of WCAG 2.0 to 2.2, levels A and AA, in both themes. Only colours differ between the themes, so the
 * second one is looked at for those. Axe runs by itself and not by its Playwright builder, which opens a page for each
 * look and names every element that passed: four times as slow.
 */
export async function accessible(page: Page, themes: readonly Theme[] = ["light", "dark"]): Promise<void> {
  // The dock floats over what scrolls beneath it; axe would measure targets that happen to lie half under it.
  await page.locator(".dock").evaluateAll((docks: HTMLElement[]) => docks.forEach((dock) => (dock.style.position = "static")));
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    const found = await page.evaluate(look, looks[theme]);
    expect(found.map((one) => `${theme}: ${one}`)).toEqual([]);
  }
}

async function look(runOnly: RunOnly): Promise<string[]> {
  const { axe } = window as unknown as { axe: typeof Axe };
  const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("; ").slice(0, 600)}`);
}

/** No part of the page is wider than the window. */
export async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
}

/** Accessible and not too wide, on a desk and on a phone, whose colours are those of the desk. */
export async function everywhere(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 });
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await accessible(page, ["light"]);
  await page.setViewportSize({ width: 1280, height: 900 });
}
