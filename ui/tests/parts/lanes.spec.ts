import { accessible, everywhere, expect, fits, test } from "../site.ts";

test("lanes say what they do; one on hold is reset with a reason, and only that one can be", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/settings/retention`);
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Lanes" }).click();
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(5);
  await expect(rows.nth(1)).toContainText("1\u202f204");
  await expect(rows.nth(2)).toContainText("was deleted and created again");
  await expect(rows.nth(3)).toContainText("no transactions, the target is searched");
  await expect(page.getByRole("button", { name: /^Reset lane/ })).toHaveCount(1);
  await everywhere(page);
  await page.getByRole("button", { name: "Reset lane 1 of default" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("sends what waits (40)");
  const reset = dialog.getByRole("button", { name: "Reset the lane" });
  await expect(reset).toBeDisabled();
  await accessible(page);
  await dialog.getByLabel("Why, for the audit").fill("INC-4711: topic made anew");
  await reset.click();
  await expect(dialog).toHaveCount(0);
  await expect(rows.nth(2)).toContainText("Starting");
  expect([...desk.sent.values()]).toEqual([{ reason: "INC-4711: topic made anew" }]);
  await expect(page.getByRole("button", { name: /^Reset lane/ })).toHaveCount(0);
});

test("what goes on is seen from every screen, with its progress", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  const selection = await (await page.request.post(`${desk.url}/api/v1/selections`, { data: { ids: ["1001"] } })).json() as { id: string };
  await page.request.post(`${desk.url}/api/v1/jobs`, { headers: { "Idempotency-Key": '"t"' }, data: { type: "purge", selectionId: selection.id, expectedCount: 1, reason: "GDPR-17", options: { delay: "PT1H" } } });
  const button = page.getByRole("button", { name: /^Activity, 1 going on/ });
  await button.click();
  const sheet = page.getByRole("region", { name: "Activity" });
  await expect(sheet).toContainText("GDPR-17");
  await accessible(page);
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(button).toBeFocused();
  await page.setViewportSize({ width: 390, height: 844 });
  await button.click();
  await fits(page);
  await sheet.getByRole("listitem").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/ui\/jobs\/./);
  await expect(sheet).toHaveCount(0);
});
