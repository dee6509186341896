import { accessible, expect, fits, test } from "../site.ts";

test("a header and a payload path become columns, in the link and in what a view keeps", async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/letters`);
  await page.getByRole("button", { name: "Columns…" }).click();
  const dialog = page.getByRole("dialog", { name: "Columns" });
  const field = dialog.getByLabel("A header, or a path in a JSON payload");
  await field.fill("payload.");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("Not understood.");
  await field.fill('header."x, y"');
  await page.keyboard.press("Enter");
  await field.fill("payload.nothing");
  await page.keyboard.press("Enter");
  await field.fill("payload.items[0].sku");
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText("3 columns of headers and payloads at most.");
  await accessible(page);
  await page.keyboard.press("Escape");
  const link = page.url();
  expect(decodeURIComponent(link)).toContain('cols=status,failed,topic,position,key,error,attempts,size,header."x,+y",payload.nothing,payload.items[0].sku');
  await page.evaluate(() => localStorage.clear());
  await page.goto(link);
  await expect(page.getByRole("columnheader", { name: "payload.items[0].sku" })).toBeVisible();
  const cells = page.locator("tr.here td.a-more");
  await expect(cells).toHaveCount(3);
  await expect(cells.nth(1)).toHaveText("—");
  // What would turn the text around is shown by its name.
  await expect(cells.nth(2).locator(".tag")).toHaveText(/RLO|202E/i);
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
});

test("a link with columns of payloads opens for somebody who may not read them", async ({ page, desk }) => {
  await page.route("**/api/v1/me", (route) => route.fulfill({ json: { actor: "eve", auth: "token", permissions: ["read"], csrfToken: null, version: "0.1.0" } }));
  await page.goto(`${desk.url}/ui/letters?cols=position,payload.secret`);
  await expect(page.locator("tr.here td.a-more")).toHaveText("—");
  await page.getByRole("button", { name: "Columns…" }).click();
  await expect(page.getByRole("dialog")).toContainText("You may not read keys, headers and payloads");
});

test("on a phone what a column was added for has a line of its own", async ({ page, desk }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${desk.url}/ui/letters?cols=status,failed,topic,key,error,header.tenant,payload.items[0].sku`);
  const cells = page.locator("tr.here td.a-more");
  await expect(cells).toHaveCount(2);
  for (const cell of await cells.all()) expect((await cell.boundingBox())?.width).toBeGreaterThan(250);
  await fits(page);
});
