import { accessible, everywhere, expect, fits, test } from "../site.ts";

test("some letters: picked, discarded with a reason, followed, and brought back with one key", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await expect(page.locator("tr.here")).toBeVisible();
  for (const key of ["x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
  await expect(page.locator(".dock")).toContainText("3 letters selected");
  await page.keyboard.press("d");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toHaveText("Discard 3 letters");
  await expect(dialog.getByRole("region", { name: "Selection" })).toContainText("frozen at");
  await expect(dialog.getByLabel("Reason")).toBeFocused();
  await expect(dialog.getByRole("button", { name: "Discard 3 letters" })).toBeDisabled();
  await page.keyboard.type("INC-4711");
  await page.keyboard.press("Enter");
  expect(desk.orders.size).toBe(0);
  await accessible(page);
  await dialog.getByRole("button", { name: "Discard 3 letters" }).click();
  await expect(page.locator(".toast")).toContainText(/Discarding: \d of 3/);
  await expect(page.locator(".toast")).toContainText("3 letters discarded.");
  expect([...desk.orders.values()]).toMatchObject([{ type: "discard", expectedCount: 3, reason: "INC-4711" }]);
  await expect(page.locator("tbody .badge", { hasText: "Discarded" })).toHaveCount(3);
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("3 letters put back.");
  await expect(page.locator("tbody .badge", { hasText: "Discarded" })).toHaveCount(0);
});

test("all that match: twice *, frozen, shown exactly, and confirmed by typing how many", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.locator("tr.here")).toBeVisible();
  await page.keyboard.press("*");
  await expect(page.locator(".dock")).toContainText("22 letters selected");
  await page.keyboard.press("*");
  const dialog = page.getByRole("dialog");
  const scope = dialog.getByRole("region", { name: "Selection" });
  await expect(scope).toContainText("2\u202f200 letters, frozen at");
  await expect(scope).toContainText("Letters that are being replayed are left out.");
  await expect(scope.getByLabel("By topic")).toContainText("orders.placed-dlt");
  await dialog.getByRole("button", { name: "Tag", exact: true }).click();
  await dialog.getByLabel("Tags to add").fill("refund");
  await dialog.getByLabel("Reason").fill("INC-4711");
  await expect(dialog).toContainText("Type 2\u202f200.");
  await accessible(page);
  await dialog.getByLabel("These are many").fill("2200");
  await dialog.getByRole("button", { name: "Tag 2\u202f200 letters" }).click();
  await expect(page.locator(".toast")).toContainText("22 letters tagged.");
  expect([...desk.orders.values()]).toMatchObject([{ type: "tag", expectedCount: 2200, options: { add: ["refund"], remove: [] } }]);
  await expect(page.locator("tbody .tag", { hasText: "refund" }).first()).toBeVisible();
});

test("one letter: m assigns it to me, n notes it, z takes it back", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.locator("tr.here")).toBeVisible();
  await page.keyboard.press("m");
  await expect(page.locator("tr.here")).toContainText("@operator");
  await page.keyboard.press("z");
  await expect(page.locator("tr.here")).not.toContainText("@operator");
  await page.keyboard.press("n");
  await page.getByLabel("Note", { exact: true }).fill("see <b>#123</b>");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator("tr.here")).toContainText("1 note");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Notes" })).toContainText("see <b>#123</b>");
  await accessible(page);
});

test("the jobs and one job: counters, each letter's result, undo", async ({ page, desk }) => {
  const selection = await (await page.request.post(`${desk.url}/api/v1/selections`, { data: { q: "" } })).json() as { id: string };
  await page.request.post(`${desk.url}/api/v1/jobs`, { headers: { "Idempotency-Key": '"k"' }, data: { type: "discard", selectionId: selection.id, expectedCount: 2200, reason: "INC-1 <b>bold</b>" } });
  await page.goto(`${desk.url}/ui/`);
  await page.keyboard.press("g");
  await page.keyboard.press("j");
  await expect(page.getByRole("row").nth(1)).toContainText("INC-1 <b>bold</b>");
  await everywhere(page);
  await page.getByRole("link", { name: "Discarding" }).click();
  await expect(page.locator("main .badge").first()).toHaveText("Done");
  await expect(page.locator(".figures")).toContainText("18");
  await page.getByRole("list", { name: "Result" }).getByRole("link", { name: "Left out" }).click();
  await expect(page.locator("tbody tr")).toHaveCount(4);
  await expect(page.locator("tbody")).toContainText("because it is discarded");
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await page.getByRole("button", { name: "Undo 18" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Job [0-9a-f]{8} Undoing: discard$/);
  await expect(page.locator("main .badge").first()).toHaveText("Done");
});
