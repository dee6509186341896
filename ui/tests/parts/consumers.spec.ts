import { accessible, everywhere, expect, test } from "../site.ts";

test("consumers: the worst first, each state with its word, and the record that is in the way", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/ui\/consumers$/);
  for (const word of ["Stuck", "Stopped", "Falls behind", "Went back", "Gets on"]) await expect(page.getByRole("table").first()).toContainText(word);
  const sharing = page.getByRole("table", { name: "Share groups by topic" });
  await expect(sharing.getByRole("row").nth(1)).toContainText("Reads34012");
  await expect(sharing.getByRole("row").nth(2)).toContainText("Has no membersunknownunknown");
  await expect(page.getByRole("row", { name: /redrive Kafka Streams/ })).toContainText("Gets on");
  await everywhere(page);
  await page.getByRole("link", { name: "orders-svc" }).click();
  await expect(page).toHaveURL(/ui\/consumers\/orders-svc\?cluster=default$/);
  await expect(page.getByRole("heading", { name: "In the way" })).toContainText("orders.placed 3:88101");
  await expect(page.locator("main")).toContainText("2 members");
  await expect(page.locator(".tag")).toHaveText(["U+202E", "NUL"]);
  await everywhere(page);
});

test("consumers: what the figures do not tell is said above them", async ({ page, desk }) => {
  await page.route("**/api/v1/consumer-groups", (route) => route.fulfill({ json: { items: [], shareGroups: [], asOf: null, partial: ["Cluster default has not answered since 2026-11-23T03:02:00.000Z: lags are older than that"] } }));
  await page.goto(`${desk.url}/ui/consumers`);
  await expect(page.locator(".banner")).toContainText("has not answered since");
  await expect(page.locator("main")).toContainText("Nothing measured yet");
  await accessible(page);
});

test("a record is taken out of the way once its group is stopped, and with a reason", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/consumers/orders-svc?cluster=default`);
  await page.getByRole("button", { name: /Take it out of the way/ }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Stop all consumers of orders-svc");
  await expect(dialog).toContainText("redrive-origin-topic: orders.placed");
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await dialog.getByRole("textbox").fill("INC-7");
  const move = dialog.getByRole("button", { name: "Copy and move the offset" });
  await expect(move).toBeDisabled();
  await accessible(page);
  await dialog.getByRole("button", { name: "Look again" }).click();
  await expect(dialog).toContainText("Nothing speaks against it.");
  await everywhere(page);
  await move.dblclick();
  await expect(dialog).toHaveCount(0);
  await expect(page.locator(".toast")).toContainText("orders-svc reads on at offset 88102");
  expect(desk.quarantine.asked.map(({ body }) => body)).toEqual([{ cluster: "default", topic: "orders.placed", partition: 3, offset: "88101", reason: "INC-7" }]);
});
