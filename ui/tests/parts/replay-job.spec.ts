import { accessible, expect, fits, test } from "../site.ts";

test("many letters are replayed: shown first what would happen, then followed to the last outcome", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await expect(page.locator("tr.here")).toBeVisible();
  for (const key of ["x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toHaveText("Replay 3 letters");
  const preview = dialog.getByRole("region", { name: "What would happen" });
  await expect(preview).toContainText("3 letters would be sent to orders.placed");
  await expect(preview).toContainText("all of them see the records again");
  await expect(preview).toContainText("There is a newer letter with the same key");
  await dialog.getByLabel("Canary").fill("x");
  await expect(dialog.getByRole("button", { name: "Replay 3 letters" })).toBeDisabled();
  await expect(dialog).toContainText("First letters: 0 to 1 000.");
  await dialog.getByLabel("Canary").fill("2");
  await dialog.getByLabel("Letters a second").fill("");
  await dialog.getByLabel("Order of each key").selectOption("strict");
  await accessible(page);
  await dialog.getByLabel("Reason").fill("INC-4711");
  await dialog.getByRole("button", { name: "Replay 3 letters" }).click();
  await expect(page.locator(".toast")).toContainText("3 letters sent.");
  expect([...desk.orders.values()]).toMatchObject([
    { type: "replay", expectedCount: 3, reason: "INC-4711", options: { rate: null, canary: 2, maxReturnRatio: 0.2, drafts: "skip", order: "strict", overrides: [] } },
  ]);
  await page.locator(".toast").getByRole("link", { name: "Job" }).click();
  await expect(page.locator(".verdict")).toContainText("Recovered 3 of 3 sent");
  await expect(page.getByRole("list", { name: "Result" })).toContainText("Came back");
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
});

test("all open letters of a failure group are replayed from its page", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/failure-groups/1`);
  await page.getByRole("button", { name: /Replay all .* open/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toContainText("Replay");
  await expect(dialog.getByRole("button", { name: "Replay", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});
