import { expect, test } from "../site.ts";
import { alertLink, home, lettersOf, topic } from "./real.ts";

// The pictures of the README, made from the real thing when asked for: REDRIVE_SCREENSHOTS=1.
const asked = process.env["REDRIVE_SCREENSHOTS"] === "1";

for (const [width, height, scheme] of [[1280, 800, "light"], [1280, 800, "dark"], [390, 844, "light"]] as const) {
  if (!asked) continue;
  test(`pictures at ${width}, ${scheme}`, async ({ page, request }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    const [letter] = await lettersOf(request, { q: `topic:${topic} is:open` });
    const screens = { overview: "/ui/", letters: "/ui/letters", "failure-group": new URL(alertLink).pathname, letter: `/ui/letters/${letter?.id}`, replay: `/ui/letters/${letter?.id}?replay=1`, edit: `/ui/letters/${letter?.id}/edit` };
    for (const [name, path] of Object.entries(screens)) {
      await page.goto(home + path);
      await expect(page.locator("main")).not.toBeEmpty();
      // Bones come a moment after the page, so that none says nothing yet.
      if (name === "overview") await expect(page.getByText(/of \d+ failure groups/)).toBeVisible();
      if (name === "letters") await expect(page.getByText(/of \d+ dead letters/)).toBeVisible();
      if (name === "failure-group") await expect(page.getByText(/^amount of/).first()).toBeVisible();
      if (name === "letter") await expect(page.getByText("ord-77").first()).toBeVisible();
      await expect(page.locator(".bones")).toHaveCount(0);
      if (name === "replay") await expect(page.getByRole("button", { name: "Replay 1 letter" })).toBeEnabled();
      if (name === "edit") await expect(page.getByRole("textbox", { name: "Value", exact: true })).toBeVisible();
      await page.screenshot({ path: `../docs/screenshots/${name}-${width}-${scheme}.png` });
    }
  });
}
