import { expect, test } from "../site.ts";
import type { FailureGroupPage } from "../../src/contract.ts";
import { home, lettersOf } from "./real.ts";

const topic = "shop-returns-dlt";

test("fifty failure groups are triaged by keyboard alone, to a clean board", async ({ page, request }) => {
  test.setTimeout(240_000);
  await page.addInitScript(() => addEventListener("pointerdown", () => console.error("the mouse was used"), true));
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const toast = page.locator(".toast");
  const rows = page.locator("table.groups tbody tr");
  await page.goto(`${home}/ui/`);
  await expect(page.locator("tr.here")).toBeVisible();
  await press("/");
  await page.keyboard.type(`topic:${topic}`);
  await press("Enter");
  await expect(page).toHaveURL(/q=topic/);
  await expect(rows).toHaveCount(50);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());

  // Ten at once: mine, tagged, then asleep until more of them come.
  const pick = async (groups: number): Promise<void> => {
    for (let n = 0; n < groups; n++) await press(...(n === 0 ? ["x"] : ["j", "x"]));
    await expect(page.locator("main")).toContainText(`${groups} selected`);
  };
  await pick(10);
  await press("m");
  await expect(toast).toContainText("10 failure groups assigned to");
  for (let n = 0; n < 10; n++) await press("k");
  await pick(10);
  await press("s");
  await expect(page.getByRole("region", { name: "Snooze 10 failure groups" })).toBeVisible();
  await press("4");
  await expect(toast).toContainText("10 failure groups snoozed until 100 more letters");
  await expect(rows).toHaveCount(40);

  // The letters of ten are discarded, with a reason, and the groups closed.
  await pick(10);
  await press("d");
  await expect(page.getByLabel("Reason")).toBeFocused();
  await page.keyboard.type("INC-4711, sent again by hand");
  await press("Enter");
  await expect(toast).toContainText(/\d+ letters discarded/);
  expect((await lettersOf(request, { q: `topic:${topic} is:discarded` })).length).toBeGreaterThan(9);
  for (let n = 0; n < 50; n++) await press("k");
  await pick(10);
  await press("v");
  await expect(toast).toContainText("10 failure groups resolved");
  await expect(rows).toHaveCount(30);

  // A mistake is taken back with one key.
  await press("v");
  await expect(rows).toHaveCount(29);
  await press("z");
  await expect(toast).toContainText("Undone: 1 failure group as before");
  await expect(rows).toHaveCount(30);

  // One with a note and a tag, without leaving the list.
  await press("n");
  await page.keyboard.type("asked the supplier");
  await press("Control+Enter");
  await expect(toast).toContainText("Noted");
  // The next key is a command only when nobody is asked for a text any more.
  const asked = page.locator("section.panel input, section.panel textarea");
  await expect(asked).toHaveCount(0);
  await press("t");
  await expect(asked).toBeFocused();
  await page.keyboard.type("supplier");
  await press("Enter");
  await expect(toast).toContainText("tagged");
  await expect(asked).toHaveCount(0);

  await press("*");
  await expect(page.locator("main")).toContainText("30 selected");
  await press("v");
  await expect(toast).toContainText("30 failure groups resolved", { timeout: 20_000 });
  await expect(page.getByRole("heading", { name: "A clean board" })).toBeVisible();
  await expect(page.locator("main")).toContainText("50 failure groups snoozed or resolved, not shown");

  const left = (await (await request.get(`${home}/api/v1/failure-groups`, { params: { q: `topic:${topic} -state:snoozed,resolved` } })).json()) as FailureGroupPage;
  expect(left.items.map((group) => group.title)).toEqual([]);
  const asleep = (await (await request.get(`${home}/api/v1/failure-groups`, { params: { q: `topic:${topic} state:snoozed`, limit: "50" } })).json()) as FailureGroupPage;
  expect(asleep.items).toHaveLength(10);
  expect(asleep.items.every((group) => group.assignee !== null)).toBe(true);
});
