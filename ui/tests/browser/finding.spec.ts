import type { Page } from "@playwright/test";
import { expect, test } from "../site.ts";
import { contentOf, home, lettersOf, pour } from "./real.ts";

test.beforeEach(() => test.slow());

const letterIds = (page: Page) => page.locator("table.letters tbody tr").evaluateAll((rows) => rows.map((row) => row.id));
const texts = (page: Page, cells: string) => page.locator(cells).allInnerTexts();

test("a view saved in one browser shows the same rows, filter and order in another", async ({ page, browser }) => {
  await page.goto(`${home}/ui/?q=${encodeURIComponent("topic:shop-returns-dlt")}`);
  await page.getByLabel("Sort by").selectOption("-open");
  await page.getByLabel("Trend over").selectOption("P3D");
  await expect(page).toHaveURL(/sort=-open/);
  await expect(page.locator("table.groups tbody tr")).toHaveCount(50);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Views/ }).click();
  await page.getByLabel("Keep what is shown now as").fill("Returns, most open first");
  await page.getByLabel("For everybody").check();
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText("saved for everybody");
  const groups = await texts(page, "table.groups .a-what .cut a");

  await page.goto(`${home}/ui/letters?q=${encodeURIComponent("topic:shop-refunds-dlt is:open")}&cols=status,position,consumer,key`);
  await expect(page.locator("table.letters tbody tr")).toHaveCount(30);
  await page.keyboard.press("Shift+V");
  await page.getByLabel("Keep what is shown now as").fill("Refunds");
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText("View Refunds saved.");
  const letters = await letterIds(page);

  const other = await (await browser.newContext()).newPage();
  await other.goto(`${home}/ui/letters`);
  await expect(other.locator("tr.here")).toBeVisible();
  await other.keyboard.press("Shift+V");
  await other.getByRole("link", { name: "Returns, most open first" }).click();
  await expect(other.locator("table.groups tbody tr")).toHaveCount(50);
  await expect(other.getByRole("searchbox")).toHaveValue("topic:shop-returns-dlt");
  await expect(other.getByLabel("Sort by")).toHaveValue("-open");
  await expect(other.getByLabel("Trend over")).toHaveValue("P3D");
  expect(await texts(other, "table.groups .a-what .cut a")).toEqual(groups);
  await other.keyboard.press("Shift+V");
  await other.getByRole("link", { name: "Refunds", exact: true }).click();
  await expect(other.locator("table.letters tbody tr")).toHaveCount(30);
  expect(await letterIds(other)).toEqual(letters);
  expect(await texts(other, "table.letters thead th:not(.c-tick)")).toEqual(["Status", "Part.:offset", "Consumer group", "Key"]);
  await expect(other.getByRole("button", { name: /^Views/ })).not.toContainText("changed");
  await other.context().close();
});

test("facets and histogram count the letters that are there, and narrow to them", async ({ page, request }) => {
  await page.goto(`${home}/ui/letters?q=${encodeURIComponent("topic:shop-refunds-dlt,shop-stream-dlt")}`);
  const topics = page.locator("details.facet", { has: page.getByRole("heading", { name: "Topic", exact: true }) });
  await expect(topics.getByRole("link", { name: /shop-refunds-dlt/ })).toContainText("30");
  await topics.getByRole("link", { name: /shop-stream-dlt/ }).click();
  await expect(page).toHaveURL(/q=topic%3Ashop-refunds-dlt$/);
  await expect(page.locator(".head.steady")).toContainText("30 dead letters");
  await expect(page.locator("figure.trend").getByRole("img")).toHaveAttribute("aria-label", /^30 letters/);
  await page.locator("figure.trend").getByRole("slider").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/ts%3A2/);
  await expect(page.locator(".head.steady")).toContainText("dead letters");
  expect(new URL(page.url()).searchParams.get("q")).toMatch(/^topic:shop-refunds-dlt ts:/);
  expect((await lettersOf(request, { q: new URL(page.url()).searchParams.get("q") ?? "" })).length).toBe(await page.locator("table.letters tbody tr").count());
});

test("what an export wrote is known again by the import", async ({ page }) => {
  await page.goto(`${home}/ui/letters?q=${encodeURIComponent("topic:shop-refunds-dlt")}`);
  await page.getByRole("button", { name: "Export…" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export 30 letters" }).click();
  const file = await (await download).path();
  await page.getByRole("button", { name: "Export…" }).click();
  await page.getByRole("button", { name: "Import…" }).click();
  await page.getByLabel("File").setInputFiles({ name: "letters.ndjson", mimeType: "application/x-ndjson", buffer: (await import("node:fs")).readFileSync(file) });
  await page.getByRole("button", { name: /^Import/ }).click();
  await expect(page.getByRole("dialog").locator(".figures")).toContainText("Stored0of 30 letters read");
  await expect(page.getByRole("dialog").locator(".figures")).toContainText("Known30");
  await expect(page.getByRole("dialog").locator(".banner")).toHaveCount(0);
});

test("the undo of a discard of all that match puts every letter back as it was", async ({ page, request }) => {
  const q = "topic:shop-refunds-dlt";
  const letters = await lettersOf(request, { q });
  const [first, second, third] = letters;
  const patch = (letter: typeof first, data: object) => request.patch(`${home}/api/v1/dead-letters/${letter?.id}`, { data, headers: { "If-Match": `"v${letter?.version}"` } });
  expect((await patch(first, { assignee: "ana", tags: ["vip", "refund"] })).status()).toBe(200);
  expect((await patch(second, { tags: ["late"] })).status()).toBe(200);
  expect((await request.post(`${home}/api/v1/dead-letters/${third?.id}/discards`, { data: { reason: "a test order" } })).status()).toBe(200);
  const before = await Promise.all(letters.map((letter) => contentOf(request, letter.id)));

  await page.goto(`${home}/ui/letters?q=${encodeURIComponent(q)}`);
  await expect(page.locator("table.letters tbody tr")).toHaveCount(30);
  await page.keyboard.press("*");
  await page.keyboard.press("*");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("30 letters, frozen at");
  await dialog.getByRole("button", { name: "Discard", exact: true }).click();
  await dialog.getByLabel("Reason").fill("INC-4711");
  await dialog.getByRole("button", { name: "Discard 30 letters" }).click();
  await expect(page.locator(".toast")).toContainText("29 letters discarded. 1 left out.", { timeout: 30_000 });
  expect((await lettersOf(request, { q: `${q} is:discarded` })).length).toBe(30);

  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("29 letters put back.", { timeout: 30_000 });
  expect(await Promise.all(letters.map((letter) => contentOf(request, letter.id)))).toEqual(before);
});

test("the list stays still under the cursor while letters pour in", async ({ page, request }) => {
  await page.goto(`${home}/ui/letters?q=${encodeURIComponent("topic:shop-stream-dlt")}`);
  await expect(page.locator("table.letters tbody tr")).toHaveCount(50);
  await expect(page.locator(".live")).toContainText("Live");
  for (let n = 0; n < 25; n++) await page.keyboard.press("j");
  await page.keyboard.press("x");
  const still = () => page.evaluate(() => {
    const row = document.querySelector("tr.here");
    return { row: row?.id, top: row?.getBoundingClientRect().top, scrolled: scrollY, picked: document.querySelectorAll("tr[aria-selected=true]").length, order: [...document.querySelectorAll("table.letters tbody tr")].map((one) => one.id).join() };
  });
  await expect(page.locator("details.facet").first()).toContainText("Open");
  const before = await still();
  await page.evaluate(() => performance.clearResourceTimings());
  for (const records of [7, 10, 20]) {
    await pour(request, records);
    expect(await still()).toEqual(before);
  }
  await expect(page.getByRole("button", { name: /^37 new, show/ })).toBeVisible();
  await expect(page.locator(".head.steady")).toContainText("50 of 97 dead letters");
  await expect(page.locator("details.facet").first().getByRole("link", { name: /^Open/ })).toContainText("97");
  expect(await still()).toEqual(before);
  const asked = await page.evaluate(() => performance.getEntriesByType("resource").filter((one) => one.name.includes("/api/v1/dead-letters?") && one.name.includes("count=true")).map((one) => one.startTime));
  expect(asked.length).toBeGreaterThan(0);
  for (let i = 1; i < asked.length; i++) expect((asked[i] ?? 0) - (asked[i - 1] ?? 0)).toBeGreaterThan(450);

  await page.keyboard.press(".");
  await expect(page.getByRole("button", { name: /new, show/ })).toHaveCount(0);
  expect((await still()).order).not.toBe(before.order);
  await expect(page.locator("table.letters tbody tr").first()).toContainText("poured-36");
});
