import type { Page } from "@playwright/test";
import { accessible, expect, test } from "../site.ts";

const here = (page: Page) => page.locator("tr.here th[scope=row] a");

test("failure groups are decided about by keys, the cursor goes on, and z takes it back", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  const rows = page.locator("table.groups tbody tr");
  await expect(here(page)).toBeVisible();
  const all = await rows.count();
  const first = (await here(page).textContent()) ?? "";
  await page.keyboard.press("s");
  await expect(page.getByRole("region", { name: `Snooze ${first}` })).toBeVisible();
  await page.keyboard.press("3");
  await expect(page.locator(".toast")).toContainText("1 failure group snoozed until 10 more letters");
  await expect(rows).toHaveCount(all - 1);
  await expect(here(page)).not.toHaveText(first);
  await expect(page.locator("main")).toContainText("1 failure group snoozed or resolved, not shown");
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("Undone");

  await page.reload();
  await expect(here(page)).toBeVisible();
  await page.keyboard.press("j");
  const second = (await here(page).textContent()) ?? "";
  await page.keyboard.press("m");
  await expect(page.locator(".toast")).toContainText("assigned to operator");
  await expect(page.locator("table.groups tr", { hasText: second }).first()).toContainText("operator");
  await page.keyboard.press("k");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("v");
  await expect(page.locator(".toast")).toContainText("2 failure groups resolved");
});

test("a note and tags are written without leaving the list", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  await expect(here(page)).toBeVisible();
  await page.keyboard.press("t");
  await page.keyboard.type("vip refund");
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText("tagged");
  await expect(page.locator("table.groups")).toContainText("refund");
});

test("the page of a failure group shows what is decided, its hours and its links", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/failure-groups/1`);
  await page.getByRole("button", { name: "Add Ticket link" }).click();
  await page.keyboard.type("https://tracker.example/INC-4711");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "https://tracker.example/INC-4711" })).toHaveAttribute("rel", "noopener noreferrer");
  await page.keyboard.press("v");
  await expect(page.locator("main")).toContainText("a letter that comes now makes it regressed");
  await page.getByRole("button", { name: "Show as table" }).first().click();
  await expect(page.getByRole("table", { name: "Letters of this group by hour" })).toBeVisible();
  await accessible(page);
});

for (const path of ["", "audit", "topics", "failure-groups/2"]) {
  test(`axe finds nothing on /ui/${path}`, async ({ page, desk }) => {
    await page.goto(`${desk.url}/ui/${path}`);
    await expect(page.locator("main table, main .chart").first()).toBeVisible();
    await accessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await accessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
}

test("topics say what is paused and what is not read", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/topics`);
  await expect(page.locator("main")).toContainText("a replica of orders.placed-dlt, which is read");
  await page.getByRole("button", { name: "Pause reading orders.placed-dlt" }).click();
  await expect(page.getByLabel("Why orders.placed-dlt is not to be read")).toBeFocused();
});

test("the audit leads to what was acted on and narrows by a click", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/audit`);
  await expect(page.getByRole("link", { name: "failure group 1" })).toHaveAttribute("href", "/ui/failure-groups/1");
  await page.getByRole("button", { name: "runbook token" }).click();
  await expect(page).toHaveURL(/actor=runbook\+token/);
  await expect(page.getByRole("button", { name: /Who runbook token/ })).toBeVisible();
});
