import { accessible, expect, fits, test } from "../site.ts";

test.beforeEach(() => test.slow());

test("a view is saved with a name, opened from the menu, changed and saved over, and deleted with a way back", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=is%3Areturned&window=P7D`);
  await expect(page.locator("tr.here")).toBeVisible();
  await page.keyboard.press("Shift+V");
  const dialog = page.getByRole("dialog", { name: "Saved views" });
  await expect(dialog.getByLabel("Keep what is shown now as")).toBeFocused();
  await expect(dialog.getByRole("list", { name: "Shared by others" })).toContainText("Escalating <b>now</b> by ana");
  await accessible(page);
  await page.keyboard.type("Came back");
  await dialog.getByLabel("For everybody").check();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.locator(".toast")).toContainText("View Came back saved for everybody.");
  await expect(page).toHaveURL(/view=3/);
  expect(desk.views.all.get("3")).toMatchObject({ name: "Came back", shared: true, target: "letters", q: "is:returned", tab: "window=P7D", columns: ["status", "failed", "topic", "position", "key", "error", "attempts", "size"] });
  const button = page.getByRole("button", { name: /^Views/ });
  await expect(button).toContainText("Came back");
  await expect(button).not.toContainText("changed");

  await page.locator("details.facet").first().getByRole("link", { name: /^Open/ }).click();
  await expect(button).toContainText("changed");
  await button.click();
  await dialog.getByRole("button", { name: "Save what is shown over Came back" }).click();
  await expect(page.locator(".toast")).toContainText("View Came back replaced.");
  expect(desk.views.all.get("3")?.q).toBe("is:open");
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("The view is as before.");
  expect(desk.views.all.get("3")?.q).toBe("is:returned");

  await button.click();
  await dialog.getByRole("button", { name: "Rename Came back" }).click();
  await dialog.getByLabel("New name of Came back").fill("Returned");
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText("is called Returned now");
  await button.click();
  await dialog.getByRole("button", { name: "Delete Returned" }).click();
  await expect(page.locator(".toast")).toContainText("View Returned deleted.");
  expect(desk.views.all.size).toBe(2);
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("View Returned is back.");
  expect([...desk.views.all.values()].map((view) => view.name)).toContain("Returned");
});

test("a view of failure groups is opened from the list of letters and shows filter, order and window", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters`);
  await page.getByRole("button", { name: /^Views/ }).click();
  await page.getByRole("dialog").getByRole("link", { name: "Escalating <b>now</b>" }).click();
  await expect(page).toHaveURL(/\/ui\/\?view=2&q=state%3Aescalating&sort=-open&window=P7D/);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByLabel("Sort by")).toHaveValue("-open");
  await expect(page.getByLabel("Trend over")).toHaveValue("P7D");
  await expect(page.getByRole("button", { name: /^Views/ })).toContainText("Escalating <b>now</b>");
  await accessible(page);
});

test("a view that somebody else changed is not written over unasked", async ({ page, desk, watched }) => {
  watched.allowed.push("412");
  await page.goto(`${desk.url}/ui/letters?q=is%3Adiscarded&view=1`);
  const button = page.getByRole("button", { name: /^Views/ });
  await expect(button).toContainText("Morning round changed");
  desk.views.save("1", { name: "Morning round", q: "is:returned" });
  await button.click();
  await page.getByRole("button", { name: "Save what is shown over Morning round" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText(/was changed .* ago, after you opened it. It now shows is:returned/);
  expect(desk.views.all.get("1")?.q).toBe("is:returned");
  await accessible(page);
  await alert.getByRole("button", { name: "Replace it all the same" }).click();
  await expect(page.locator(".toast")).toContainText("View Morning round replaced.");
  expect(desk.views.all.get("1")?.q).toBe("is:discarded");
});

test("views: bones, a problem that can be tried again, and none yet", async ({ page, desk, watched }) => {
  watched.allowed.push("503");
  const problem = { type: "/api/problems#database-unavailable", title: "Postgres does not answer", status: 503, code: "database-unavailable", detail: "Nothing was changed.", instance: "/x", traceId: "4bf92f3577b34da6", retryable: true };
  let go: () => void = () => undefined;
  const held = new Promise<void>((done) => (go = done));
  let away = true;
  await page.route("**/api/v1/saved-views", async (route) => {
    await held;
    return away ? route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify(problem) }) : route.fulfill({ json: { items: [] } });
  });
  await page.goto(`${desk.url}/ui/letters`);
  await page.getByRole("button", { name: /^Views/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.locator(".bones")).toBeVisible();
  go();
  await expect(dialog.getByRole("alert")).toContainText("Nothing was changed.");
  await accessible(page);
  away = false;
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect(dialog).toContainText("None yet.");
  await page.setViewportSize({ width: 390, height: 844 });
  await accessible(page);
  await fits(page);
});

test("an export says what each format is for, of all or of those that are picked", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await page.getByRole("button", { name: "Export…" }).click();
  const dialog = page.getByRole("dialog", { name: "Export" });
  const link = dialog.getByRole("link", { name: /^Export/ });
  await expect(link).toHaveAttribute("href", "/api/v1/dead-letters/export?q=is%3Aopen&format=ndjson");
  await expect(link).toHaveText("Export 18 letters");
  await dialog.getByRole("radio", { name: /kcat script/ }).check();
  await expect(link).toHaveAttribute("href", /format=kcat/);
  await dialog.getByRole("radio", { name: /CSV/ }).check();
  await dialog.getByLabel("With the values").check();
  await expect(link).toHaveAttribute("href", /format=csv&columns=id%2C.*%2Cvalue$/);
  await accessible(page);
  await page.keyboard.press("Escape");
  for (const key of ["x", "j", "x"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "Export…" }).click();
  await expect(dialog.getByRole("link", { name: "Export 2 letters" })).toHaveAttribute("href", /export\?selectionId=[0-9a-f-]{36}&format=ndjson/);
});

test("an import shows how far it is, what became of the lines, and which were wrong", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters`);
  await page.getByRole("button", { name: "Export…" }).click();
  await page.getByRole("button", { name: "Import…" }).click();
  const dialog = page.getByRole("dialog", { name: "Import" });
  await expect(dialog.getByRole("button", { name: "Import" })).toBeDisabled();
  await accessible(page);
  await dialog.getByLabel("File").setInputFiles({ name: "letters.ndjson", mimeType: "application/x-ndjson", buffer: Buffer.from('{"a":1}\nno json\n{"b":2}\n') });
  await dialog.getByRole("button", { name: "Import 24 B" }).click();
  await expect(dialog.locator(".figures")).toContainText("Stored2of 3 letters read");
  await expect(dialog).toContainText("Some lines were left out.");
  await expect(dialog.getByRole("table")).toContainText("Expected a JSON object");
  await accessible(page);
});

test("who may not export or import is told which permission that needs", async ({ page, desk }) => {
  await page.route("**/api/v1/me", (route) => route.fulfill({ json: { actor: "ben", auth: "none", permissions: ["read"], csrfToken: null, version: "0.1.0" } }));
  await page.goto(`${desk.url}/ui/letters`);
  await page.getByRole("button", { name: "Export…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("This needs the permission payload:read.");
  await expect(dialog).toContainText("An import needs the permission admin.");
  await expect(dialog.getByRole("link", { name: /^Export/ })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Views/ }).click();
  await expect(dialog).toContainText("To share one needs the permission operate.");
});
