import type { Page } from "@playwright/test";
import { everywhere, expect, test } from "../site.ts";

/** Puts an element into the page that is as `css` says, has it looked at, and takes it out again. */
async function found(page: Page, tag: string, css: string): Promise<string> {
  await page.evaluate(([tag, css]) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
    const bad = document.createElement(tag);
    bad.className = "bad";
    if (tag === "p") bad.textContent = "A text";
    document.querySelector("main")?.append(bad);
  }, [tag, css] as const);
  const message = await everywhere(page).then(() => "nothing", (error: Error) => error.message);
  await page.evaluate(() => {
    document.querySelector(".bad")?.remove();
    document.adoptedStyleSheets = [];
  });
  return message;
}

test("what is wrong in one theme, at one width or in a dialog is found", async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/nowhere`);
  await expect(page.locator("main")).toContainText("No such page");
  expect(await found(page, "p", ".bad { color: inherit; }")).toBe("nothing");
  expect(await found(page, "p", ".bad { color: light-dark(black, #333); }")).toContain("dark: color-contrast");
  expect(await found(page, "p", ".bad { color: light-dark(#ddd, white); }")).toContain("light: color-contrast");
  expect(await found(page, "p", ".bad { color: light-dark(black, #333); } @media (width < 600px) { .bad { display: none; } }")).toContain("dark: color-contrast");
  expect(await found(page, "p", ".bad { color: light-dark(#ddd, white); } @media (width > 600px) { .bad { display: none; } }")).toContain("light: color-contrast");
  expect(await found(page, "input", "")).toContain("label: ");
  expect(await found(page, "img", "@media (width > 600px) { .bad { display: none; } }")).toContain("image-alt: ");
  expect(await found(page, "p", ".bad { min-width: 400px; }")).toContain("toBeLessThanOrEqual");
  expect(await found(page, "p", ".bad { min-width: 345px; }")).toContain("toBeLessThanOrEqual");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await found(page, "p", "dialog:modal h2 { color: light-dark(black, #333); }")).toContain("dark: color-contrast");
});
