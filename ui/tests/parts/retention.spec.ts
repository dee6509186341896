import { accessible, everywhere, expect, fits, test } from "../site.ts";

const path = "**/api/v1/settings/retention";

test("the rules are sentences; one is edited, another moved, and what they would purge is counted before they are saved", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  const rules = page.locator("ol.rules > li");
  await expect(rules).toHaveCount(3);
  await expect(rules.first()).toContainText("Recovered letters: bytes gone after 30 days");
  await expect(rules.first()).toContainText("12\u202f000 due now");
  await expect(page.getByRole("main")).toContainText("1\u202f204 letters purged");
  await everywhere(page);
  await page.getByRole("button", { name: "Move rule 1 down" }).focus();
  await page.keyboard.press("Enter");
  await expect(rules.nth(1)).toContainText("Recovered letters");
  await expect(page.getByRole("button", { name: "Move rule 2 down" })).toBeFocused();
  await page.getByRole("button", { name: "Edit rule 1" }).press("Enter");
  await page.getByLabel("Keep the bytes for").fill("12");
  await page.getByLabel("Unit").selectOption("hour");
  await page.getByLabel("Only these topics").fill("orders-*  payments-dlt");
  await expect(rules.first()).toContainText("Discarded letters of orders-* and payments-dlt: bytes gone after 12 hours");
  await expect(rules.first()).toContainText("≥\u202f12\u202f000 due now");
  const dock = page.getByRole("group", { name: "Changes" });
  await expect(dock).toContainText("≥\u202f36\u202f000 letters lose their bytes for good, an hour from now on.");
  await everywhere(page);
  await dock.getByLabel("Reason").fill("disk");
  await dock.getByRole("button", { name: "Save 3 rules" }).click();
  await expect(page.locator(".banner")).toContainText("Changed by operator");
  await expect(page.locator(".banner")).toContainText("Until then nothing is purged by rules.");
  await expect(dock).toHaveCount(0);
  await accessible(page);
});

test("open letters are purged by a rule only where that is said twice", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/settings/retention`);
  await page.getByRole("button", { name: "Add a rule" }).click();
  await page.getByLabel("Open", { exact: true }).check();
  const save = page.getByRole("button", { name: "Save 4 rules" });
  await expect(page.getByRole("group", { name: "Changes" })).toContainText("Say that open letters are meant.");
  await expect(save).toBeDisabled();
  await page.getByLabel("Nobody has dealt with open letters").check();
  await expect(save).toBeEnabled();
  await accessible(page);
  await page.getByRole("button", { name: "Remove rule 4" }).click();
  await expect(page.getByRole("group", { name: "Changes" })).toHaveCount(0);
});

test("loading, no rules, an error, and who changed it first", async ({ page, desk, watched }) => {
  watched.allowed.push("412", "503");
  let release = (): void => undefined;
  const asked = new Promise<void>((met) => void page.route(path, async (route) => {
    await new Promise<void>((done) => {
      release = done;
      met();
    });
    await route.continue();
  }));
  await page.goto(`${desk.url}/ui/settings/retention`);
  // Bones stand for the screen too, before it asks for anything.
  await asked;
  await expect(page.locator(".bones")).toBeVisible();
  release();
  await expect(page.locator("ol.rules > li")).toHaveCount(3);
  await page.unroute(path);
  for (let left = 3; left > 0; left--) await page.getByRole("button", { name: `Remove rule ${left}` }).click();
  await expect(page.locator(".calm")).toContainText("Every letter keeps its bytes for ever.");
  await accessible(page);
  await page.route(path, (route) => (route.request().method() === "PUT" ? route.fulfill({ status: 412, contentType: "application/problem+json", body: JSON.stringify({ type: "about:blank", title: "It has changed", status: 412, code: "precondition-failed", instance: "", traceId: "4bf9", retryable: false }) }) : route.continue()));
  await page.getByRole("button", { name: "Save 0 rules" }).click();
  await expect(page.getByRole("alert")).toContainText("It has changed");
  await page.unroute(path);
  await page.route(path, (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ type: "about:blank", title: "The database does not answer", status: 503, code: "database-unavailable", instance: "", traceId: "4bf9", retryable: true }) }));
  await page.goto(`${desk.url}/ui/settings/retention`);
  await expect(page.getByRole("alert")).toContainText("The database does not answer");
  await accessible(page);
});

test("who may not change the rules sees them all the same", async ({ page, desk }) => {
  await page.route("**/api/v1/me", (route) => route.fulfill({ json: { actor: "vera", auth: "token", permissions: ["read", "operate"], csrfToken: null, version: "0.1.0" } }));
  await page.goto(`${desk.url}/ui/settings/retention`);
  await expect(page.locator("ol.rules > li")).toHaveCount(3);
  await expect(page.getByRole("button", { name: /rule/ })).toHaveCount(0);
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.locator("tr.here")).toBeVisible();
  await page.keyboard.press("x");
  await expect(page.getByRole("button", { name: "Purge…" })).toHaveCount(0);
});

test("a purge names what is lost, wants the number typed, waits, counts down and can be cancelled", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.locator("tr.here")).toBeVisible();
  for (const key of ["x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "Purge…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toHaveText("Purge 3 letters");
  await expect(dialog.getByRole("button", { name: "Not now" })).toBeFocused();
  await expect(dialog).toContainText("Gone for good: key, value, headers");
  await expect(dialog).toContainText("it can be cancelled and nothing is gone");
  const purge = dialog.getByRole("button", { name: "Purge 3 letters" });
  await dialog.getByLabel("Reason").fill("GDPR-12");
  await dialog.getByLabel(/Purge the .* too/).check();
  await expect(purge).toBeDisabled();
  await dialog.getByLabel("This cannot be undone").fill("2");
  await expect(purge).toBeDisabled();
  await dialog.getByLabel("This cannot be undone").fill("3");
  await page.keyboard.press("Control+Enter");
  expect(desk.orders.size).toBe(0);
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await dialog.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await purge.click();
  await expect(page.locator(".toast")).toContainText("Purging 3 letters begins at");
  expect([...desk.orders.values()]).toMatchObject([{ type: "purge", expectedCount: 3, reason: "GDPR-12", options: { delay: "PT1H", includeOpen: true } }]);
  await page.locator(".toast").getByRole("link", { name: "Job" }).click();
  await expect(page.getByRole("main")).toContainText(/Begins in (59:\d\d|1:00:00)/);
  await expect(page.getByRole("main")).toContainText("After that it cannot be undone.");
  await accessible(page);
  await page.getByRole("button", { name: "Cancel, nothing is changed" }).click();
  await expect(page.locator("main .badge").first()).toHaveText("Cancelled");
});

test("a purged letter shows what is kept and says that the rest is gone", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=is%3Adiscarded`);
  const selection = await (await page.request.post(`${desk.url}/api/v1/selections`, { data: { ids: ["1001"] } })).json() as { id: string };
  await page.request.post(`${desk.url}/api/v1/jobs`, { headers: { "Idempotency-Key": '"k"' }, data: { type: "purge", selectionId: selection.id, expectedCount: 1, reason: "GDPR", options: { delay: "PT0S", includeOpen: true } } });
  await page.goto(`${desk.url}/ui/letters/1001`);
  await expect(page.locator("#payload")).toContainText("The bytes are gone for good");
  await expect(page.locator("#headers")).toContainText("Purged with the letter.");
  await expect(page.locator("#error")).toContainText("Message and stack trace were purged.");
  await expect(page.getByRole("group", { name: "Actions" })).toContainText("Its bytes are gone; position and hash are kept.");
  await expect(page.getByRole("button", { name: /Replay|Discard/ })).toHaveCount(0);
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
});
