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

/**
 * Axe as it is, but for two things that took half of its time: what is private to its objects, of which it makes some
 * for each colour that it mixes, stands in weak maps; and it parses each colour anew.
 */
const axe = `((WeakMap, WeakSet) => {
${readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")}
})(...(() => {
  class Private {
    at = Symbol();
    has(one) { return this.at in one; }
    get(one) { return one[this.at]; }
    set(one, value) { one[this.at] = value; return this; }
    add(one) { return this.set(one, true); }
    delete(one) { return delete one[this.at]; }
  }
  return [Private, Private];
})());
{
  const colour = axe.commons.color.Color.prototype, parse = colour.parseString, known = new Map();
  colour.parseString = function (text) {
    if (!known.has(text)) {
      parse.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    [this.r, this.g, this.b, this.alpha] = known.get(text);
    return this;
  };
}`;
const all: RunOnly = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
const colours: RunOnly = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

/**
 * No violation of WCAG 2.0 to 2.2, levels A and AA, in both themes. Only colours differ between the themes, so the
 * second one is looked at for those. Axe runs by itself and not by its Playwright builder, which opens a page for each
 * look and names every element that passed: four times as slow. While a dialog asks, what lies behind it can neither
 * be read nor reached, and was looked at where it is the screen; so axe looks at the dialog.
 */
export async function accessible(page: Page): Promise<void> {
  await clean(page, "light", all);
  await clean(page, "dark", colours);
}

/** No part of the page is wider than the window. */
export async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
}

/**
 * Accessible on a desk and on a phone, and not too wide there and at 320 px, which are 400 % of a laptop. Light on the
 * desk and dark on the phone is each theme and each width once; then comes, in the other theme, what only one of the
 * two shows.
 */
export async function everywhere(page: Page): Promise<void> {
  await page.setViewportSize(desk);
  await fits(page);
  await clean(page, "light", all);
  await page.setViewportSize(phone);
  await fits(page);
  await clean(page, "dark", all);
  await clean(page, "light", colours, "desk");
  await page.setViewportSize({ width: 320, height: 640 });
  await fits(page);
  await page.setViewportSize(desk);
  await clean(page, "dark", colours, "phone");
}

type Width = "desk" | "phone";

/** @param beside of which width the texts are left out, because they were looked at there */
async function clean(page: Page, theme: "light" | "dark", runOnly: RunOnly, beside?: Width): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  // The dock floats over what scrolls beneath it; axe would measure targets that happen to lie half under it.
  await page.locator(".dock").evaluateAll((docks: HTMLElement[]) => docks.forEach((dock) => (dock.style.position = "static")));
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const found = await page.evaluate(look, { runOnly, width: (page.viewportSize()?.width ?? 0) > phone.width ? "desk" : "phone", beside } as const);
  expect(found.map((one) => `${theme}: ${one}`)).toEqual([]);
}

async function look({ runOnly, width, beside }: { runOnly: RunOnly; width: Width; beside: Width | undefined }): Promise<string[]> {
  const { axe, texts = {} } = window as unknown as { axe: typeof Axe; texts?: Partial<Record<Width, Set<Element>>> };
  // What follows the new width has been drawn then.
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const written = (one: Element): boolean => one.matches("input, select, textarea") || [...one.childNodes].some((part) => part instanceof Text && part.data.trim() !== "");
  const within = document.querySelector("dialog:modal") ?? document;
  const shown = [...within.querySelectorAll("body *, dialog *")].filter((one) => written(one) && one.checkVisibility({ visibilityProperty: true }));
  const include = beside ? shown.filter((one) => !texts[beside]?.has(one)) : [within];
  Object.assign(window, { texts: { ...texts, [width]: new Set(shown) } });
  if (include.length === 0) return [];
  const { violations } = await axe.run({ include } as Axe.ContextObject, { runOnly, resultTypes: ["violations"] });
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("; ").slice(0, 600)}`);
}
