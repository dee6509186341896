/** Every browser test watches its page: a console error, a request to another origin or a CSP violation fails it. */
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { serve, type Fixture } from "./fixture.ts";

interface Watched {
  /** Messages a test expects; matched by part. */
  allowed: string[];
  found: string[];
}

export const test = base.extend<{ watched: Watched; desk: Fixture }>({
  desk: async ({}, use) => {
    const fixture = await serve();
    await use(fixture);
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

/** No violation of WCAG 2.0 to 2.2, levels A and AA, in both themes. */
export async function accessible(page: Page): Promise<void> {
  // The dock floats over what scrolls beneath it; axe would measure targets that happen to lie half under it.
  await page.locator(".dock").evaluateAll((docks: HTMLElement[]) => docks.forEach((dock) => (dock.style.position = "static")));
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
    expect(violations.map((one) => `${theme}: ${one.id}: ${one.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("; ").slice(0, 600)}`)).toEqual([]);
  }
}

/** No part of the page is wider than the window. */
export async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
}
