import { accessible, expect, fits, test } from "../site.ts";

test("consumers: the worst first, each state with its word, and the record that is in the way", async ({ page, desk }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${desk.url}/ui/`);
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/ui\/consumers$/);
  for (const word of ["Stuck", "Stopped", "Falls behind", "Went back", "Gets on"]) await expect(page.getByRole("table")).toContainText(word);
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await accessible(page);
  await page.getByRole("link", { name: "orders-svc" }).click();
  await expect(page).toHaveURL(/ui\/consumers\/orders-svc\?cluster=default$/);
  await expect(page.getByRole("heading", { name: "In the way" })).toContainText("orders.placed 3:88101");
  await expect(page.locator("main")).toContainText("2 members");
  await expect(page.locator(".tag")).toHaveText(["U+202E", "NUL"]);
  await fits(page);
  await accessible(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await accessible(page);
});

test("consumers: what the figures do not tell is said above them", async ({ page, desk }) => {
  await page.route("**/api/v1/consumer-groups", (route) => route.fulfill({ json: { items: [], asOf: null, partial: ["Cluster default has not answered since 2026-11-23T03:02:00.000Z: lags are older than that"] } }));
  await page.goto(`${desk.url}/ui/consumers`);
  await expect(page.locator(".banner")).toContainText("has not answered since");
  await expect(page.locator("main")).toContainText("Nothing measured yet");
  await accessible(page);
});
