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
