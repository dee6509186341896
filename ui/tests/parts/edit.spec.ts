import { expect, test } from "../site.ts";

test("what is typed faster than the page is drawn stays as it was typed", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters/1001/edit`);
  const value = page.getByRole("textbox", { name: "Value", exact: true });
  await expect(value).toBeFocused();
  // As a large value on a slow machine: the second key is pressed before what follows the first was drawn.
  await page.evaluate(() => {
    const later = requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (run) => later(() => setTimeout(() => run(performance.now()), 60));
  });
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type('"fixed": true,');
  await expect(page.locator(".dock")).toContainText("Saved, v1");
  await expect(value).toContainText('{"fixed": true,');
});

test("from an alert's link to an edited replay in six keys, each of them written beside what it does", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/failure-groups/1?until=1013`);
  await expect(page.locator("tr.here")).toBeVisible();
  await expect(page.locator(".keys")).toBeVisible();
  await expect(page.locator(".keys")).toHaveText("j k move, ↵ open, x select");
  await page.keyboard.press("Enter");
  const actions = page.getByRole("group", { name: "Actions" });
  await expect(actions.getByRole("link", { name: "Edit and replay e" })).toBeVisible();
  await page.keyboard.press("e");
  await expect(page.getByRole("textbox", { name: "Value", exact: true })).toBeFocused();
  // The fix itself is no key of the way.
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type('"fixed": true,');
  await expect(actions.getByRole("button", { name: "Review changes Ctrl ↵" })).toBeEnabled();
  await page.keyboard.press("Control+Enter");
  await expect(page.locator(".diff")).toContainText('"fixed": true');
  await expect(page.locator(".checks")).toContainText("A newer record has this key");
  await expect(page.getByRole("button", { name: "Replay 1 letter Ctrl ↵" })).toBeEnabled();
  await page.keyboard.press("Control+Enter");
  await expect(page.locator(".toast")).toContainText("Sending in");
  await expect(page.getByRole("region", { name: "Latest replay" })).toContainText("Recovered");
  expect([...desk.sent.values()]).toMatchObject([{ source: "draft", delay: "PT5S" }]);
});
