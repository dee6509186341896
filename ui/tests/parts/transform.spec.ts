import { accessible, expect, fits, test } from "../site.ts";

test("a program over many letters: its error at its place, its changes as diffs, ordered with the job", async ({ page, desk, watched }) => {
  watched.allowed.push("422");
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await expect(page.locator("tr.here")).toBeVisible();
  for (const key of ["x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog");
  const field = dialog.getByLabel("Transform");
  await field.fill(".amount |= tonumbr");
  await expect(dialog).toContainText("There is no function tonumbr/0");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await dialog.getByRole("button", { name: "Character 12" }).click();
  await expect(field).toBeFocused();
  expect(await field.evaluate((area: HTMLTextAreaElement) => area.selectionStart)).toBe(11);
  await field.fill(".amount |= tonumber | del(.coupon)");
  const trial = dialog.getByRole("region", { name: "What the program does" });
  await expect(trial).toContainText("Tried with 3 letters and not with all: 2 are changed, 0 not, 1 would be left out.");
  await expect(trial).toContainText("Left out, because it was not transformed: its value is not JSON");
  await expect(trial.locator(".diff .ins").first()).toContainText('"amount": 12.5');
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await dialog.getByLabel("does not change").selectOption("skip");
  await dialog.getByLabel("Reason").fill("INC-4711");
  await dialog.getByRole("button", { name: "Replay 3 letters" }).click();
  await expect(page.locator(".toast")).toContainText("3 letters sent.");
  expect([...desk.orders.values()]).toMatchObject([{ type: "replay", options: { transform: { program: ".amount |= tonumber | del(.coupon)", unchanged: "skip" } } }]);
  await page.locator(".toast").getByRole("link", { name: "Job" }).click();
  await expect(page.locator(".facts")).toContainText(".amount |= tonumber | del(.coupon) letters that it does not change are left out");
  await accessible(page);
});

test("an edit of one letter becomes the program for all letters of its failure group", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters/1001/edit`);
  const value = page.getByRole("textbox", { name: "Value", exact: true });
  await expect(value).toBeVisible();
  await expect(value).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('{"amount":12.5}');
  await page.getByRole("button", { name: "Make this edit a transform" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Transform")).toHaveValue(".amount = 12.5 | del(.coupon)");
  await expect(page.locator(".toast")).toContainText("What the draft does to headers it does not do.");
  await accessible(page);
});
