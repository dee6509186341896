import { accessible, everywhere, expect, fits, test } from "../site.ts";

test("two failure groups are merged by keys, and z takes them apart", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  const rows = page.locator("table.groups tbody tr");
  await expect(rows.first()).toBeVisible();
  const all = await rows.count();
  await page.keyboard.press("Shift+M");
  await expect(page.locator(".toast")).toContainText("Select two failure groups or more with x");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+M");
  const panel = page.getByRole("region", { name: "Merge 2 failure groups" });
  await expect(panel.getByRole("radio", { checked: true })).toBeFocused();
  await expect(panel).toContainText("move to JsonMappingException");
  await accessible(page);
  await page.keyboard.press("ArrowDown");
  await expect(panel).toContainText(/3\D908 letters of 1 failure group move to PSQLException/);
  await page.keyboard.press("Tab");
  await page.keyboard.type("one broken mapper");
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText(/1 failure group merged into PSQLException. 3\D908 letters moved/);
  await expect(rows).toHaveCount(all - 1);
  expect(desk.parts[0]).toEqual({ path: "/failure-groups/2/merges", body: { ids: ["1"], reason: "one broken mapper" } });
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("Taken apart again.");
  expect(desk.parts[1]?.body).toMatchObject({ groups: ["1"] });
  await expect(rows).toHaveCount(all);
});

test("the page of a group shows what is in it, and takes it out", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/failure-groups/2`);
  const merged = page.locator("section", { has: page.getByRole("heading", { name: "Merged into it" }) });
  await expect(merged).toContainText("17 letters");
  await page.getByText("What was done to it").click();
  await expect(page.locator(".log")).toContainText("Merged in PSQLException (17 letters) by ana “one index, two names”");
  await expect(page.locator(".log")).toContainText("Regrouped by rules v1, letters came from PSQLException");
  await accessible(page);
  await page.getByRole("button", { name: "Split off PSQLException" }).click();
  await expect(page.locator(".toast")).toContainText("a failure group of its own again");
  await expect(merged).toHaveCount(0);
});

test("a split is counted before it is done", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/failure-groups/3`);
  await expect(page.getByRole("button", { name: /Split by/ })).toBeVisible();
  await page.keyboard.press("b");
  await page.keyboard.type('error:"timed out"');
  await page.keyboard.press("Enter");
  const panel = page.getByRole("region", { name: "Split by a filter" });
  await expect(panel.getByRole("status")).toContainText("letters fit and move to a new failure group");
  await accessible(page);
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText('Split off what fits error:"timed out"');
  await expect(page.locator("main")).toContainText('takes what fits error:"timed out"');
});

test("label rules are tried while they are typed, ordered and saved by keyboard, and z puts the old ones back", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/failure-groups/1`);
  await page.getByRole("link", { name: "Label rule from this…" }).click();
  await expect(page).toHaveURL(/settings\/labels\?q=class/);
  await expect(page.getByLabel("Label of rule 1")).toBeFocused();
  await expect(page.getByLabel("Filter of rule 1")).toHaveValue("class:JsonMappingException origin:orders.placed");
  await page.keyboard.type("Order mapper");
  await expect(page.locator(".rules li").first()).toContainText("names 1 failure group now");
  await page.getByRole("button", { name: "Down rule 1" }).press("Enter");
  await expect(page.getByLabel("Label of rule 2")).toHaveValue("Order mapper");
  await page.getByRole("button", { name: "Save 3 rules" }).press("Enter");
  await expect(page.locator(".toast")).toContainText("Label rules saved");
  await page.locator("main").focus();
  await page.keyboard.press("z");
  await expect(page.getByLabel("Label of rule 2")).toHaveValue("Order amounts");
});

test("a label rule that says nothing lasting is refused at its place, and nothing is lost", async ({ page, desk, watched }) => {
  watched.allowed.push("400");
  await page.goto(`${desk.url}/ui/settings/labels`);
  await page.getByLabel("Filter of rule 2").fill("status:open");
  await expect(page.getByRole("alert")).toContainText("status says nothing lasting");
  await expect(page.getByLabel("Filter of rule 2")).toHaveAttribute("aria-invalid", "true");
  await accessible(page);
});

test("label rules: none yet, loading and out of reach", async ({ page, desk, watched }) => {
  watched.allowed.push("503");
  let away = true;
  await page.route("**/api/v1/settings/labels", (route) => away ? route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ type: "", title: "The database does not answer", status: 503, code: "database-unavailable", instance: "", traceId: "", retryable: true }) }) : route.fulfill({ status: 200, headers: { ETag: '"v0"' }, json: { rules: [], author: null, updatedAt: null } }));
  await page.goto(`${desk.url}/ui/settings/labels`);
  await expect(page.getByRole("alert")).toContainText("The database does not answer");
  away = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "No rules yet" })).toBeVisible();
  await accessible(page);
  await fits(page);
});

for (const path of ["settings/labels", "failure-groups/2"]) {
  test(`axe finds nothing on /ui/${path}, in both themes and at both widths, and it fits`, async ({ page, desk }) => {
    await page.goto(`${desk.url}/ui/${path}`);
    await expect(page.locator("main").getByText(/Filter|Merged into it/).first()).toBeVisible();
    await expect(page.locator(".bones")).toHaveCount(0);
    await everywhere(page);
  });
}

if (process.env["SHOTS"]) {
  for (const [width, scheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]] as const) {
    test(`pictures ${width} ${scheme}`, async ({ page, desk }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(`${desk.url}/ui/`);
      await expect(page.locator("table.groups tbody tr").first()).toBeVisible();
      for (const key of ["x", "j", "x", "Shift+M"]) await page.keyboard.press(key);
      await expect(page.getByRole("radio").first()).toBeVisible();
      await page.screenshot({ path: `${process.env["SHOTS"]}/merge-${width}-${scheme}.png` });
      await page.goto(`${desk.url}/ui/failure-groups/2`);
      await page.getByText("What was done to it").click();
      await page.keyboard.press("b");
      await page.keyboard.type("error:closed");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("button", { name: /Split off [\d,]+/ })).toBeVisible();
      await page.screenshot({ path: `${process.env["SHOTS"]}/group-${width}-${scheme}.png`, fullPage: true });
      await page.goto(`${desk.url}/ui/settings/labels`);
      await expect(page.locator(".rules li").first()).toContainText("names");
      await page.screenshot({ path: `${process.env["SHOTS"]}/labels-${width}-${scheme}.png`, fullPage: true });
    });
  }
}
