import type { Page } from "@playwright/test";
import { accessible, everywhere, expect, test } from "../site.ts";

const here = (page: Page) => page.locator("tr.here th[scope=row] a");

test("failure groups are decided about by keys, the cursor goes on, and z takes it back", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  const rows = page.locator("table.groups tbody tr");
  await expect(here(page)).toBeVisible();
  const all = await rows.count();
  const first = (await here(page).textContent()) ?? "";
  await page.keyboard.press("s");
  await page.keyboard.press("3");
  await expect(page.locator(".toast")).toContainText("1 failure group snoozed until 10 more letters");
  await expect(rows).toHaveCount(all - 1);
  await expect(here(page)).not.toHaveText(first);
  await expect(page.locator("main")).toContainText("1 failure group snoozed or resolved, not shown");
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("Undone");

  await page.reload();
  await expect(here(page)).toBeVisible();
  await page.keyboard.press("j");
  const second = (await here(page).textContent()) ?? "";
  await page.keyboard.press("m");
  await expect(page.locator(".toast")).toContainText("assigned to operator");
  await expect(page.locator("table.groups tr", { hasText: second }).first()).toContainText("operator");
  await page.keyboard.press("k");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("v");
  await expect(page.locator(".toast")).toContainText("2 failure groups resolved");
});

test("failure groups are picked with the mouse, and a second press of a button hits no others", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  const rows = page.locator("table.groups tbody tr");
  const all = await rows.first().waitFor().then(() => rows.count());
  await page.getByRole("checkbox", { name: "Select JsonMappingException" }).check();
  await page.getByRole("checkbox", { name: "Select PSQLException" }).check();
  const dock = page.getByRole("group", { name: "Actions" });
  await expect(dock).toContainText("2 selected");
  await everywhere(page);
  await dock.getByRole("button", { name: "Resolve" }).dblclick();
  await expect(page.locator(".toast")).toContainText("2 failure groups resolved");
  await expect(dock).toHaveCount(0);
  await expect(rows).toHaveCount(all - 2);
  await page.getByRole("checkbox", { name: "Select all shown" }).check();
  await dock.getByRole("button", { name: "Replay…" }).click();
  await expect(page.getByRole("dialog")).toContainText("frozen at");
});

test("a row that has the focus is the one that keys act on", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  const third = page.locator("table.groups tbody tr").nth(2);
  await third.getByRole("link").first().focus();
  const name = (await third.getByRole("link").first().textContent()) ?? "";
  await expect(here(page)).toHaveText(name);
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(third).toBeFocused();
  await page.keyboard.press("s");
  await expect(page.getByRole("region", { name: `Snooze ${name}` })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(third).toBeFocused();
});

test("a question stays about its failure group when somebody else decides about that one", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  await expect(here(page)).toBeVisible();
  const first = (await here(page).textContent()) ?? "";
  const rows = page.locator("table.groups tbody tr");
  const all = await rows.count();
  const id = (await rows.first().getAttribute("id"))?.replace("group-", "");
  await page.keyboard.press("d");
  const panel = page.getByRole("region", { name: `Discard open letters of ${first}` });
  await expect(panel.getByLabel("Reason")).toBeFocused();
  await fetch(`${desk.url}/api/v1/failure-groups/${id}`, { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ state: "resolved" }) });
  await expect(rows).toHaveCount(all - 1);
  await expect(panel.getByLabel("Reason")).toBeFocused();
});

/** The code of the panel comes when the answer is called, and not before. */
async function slowPanel(page: Page): Promise<() => void> {
  let arrived: () => void = () => undefined;
  const slow = new Promise<void>((done) => (arrived = done));
  await page.route("**/group-panel-*.js", async (route) => {
    await slow;
    await route.continue();
  });
  return () => arrived();
}

test("what is typed before the field is there is no shortcut and stands in the field", async ({ page, desk }) => {
  const arrived = await slowPanel(page);
  await page.goto(`${desk.url}/ui/`);
  await expect(here(page)).toBeVisible();
  await page.keyboard.press("n");
  await page.keyboard.type("asked the suppliet");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("r");
  arrived();
  const note = page.getByRole("region", { name: /^Note about/ }).getByRole("textbox");
  await expect(note).toHaveValue("asked the supplier");
  await expect(note).toBeFocused();
  await expect(page.getByRole("button", { name: "Paused" })).toHaveCount(0);
});

for (const [key, text, enter, answer] of [["n", "asked the supplier", "Control+Enter", "Noted at"], ["t", "vip refund", "Enter", "tagged"]] as const) {
  test(`${enter} behind what is typed before the field of ${key} is there counts once`, async ({ page, desk }) => {
    const arrived = await slowPanel(page);
    let sent = 0;
    page.on("request", (request) => (sent += request.method() === "POST" || request.method() === "PATCH" ? 1 : 0));
    await page.goto(`${desk.url}/ui/`);
    await expect(here(page)).toBeVisible();
    const before = sent;
    await page.keyboard.press(key);
    await page.keyboard.type(text);
    await page.keyboard.press(enter);
    await page.keyboard.press(enter);
    await page.keyboard.type("d");
    arrived();
    await expect(page.locator(".toast")).toContainText(answer);
    expect(sent - before).toBe(1);
  });
}

test("a note that is sent twice in a hurry is written once", async ({ page, desk, watched }) => {
  watched.allowed.push("503");
  let notes = 0;
  let answer: () => void = () => undefined;
  const sent = new Promise<void>((done) => (answer = done));
  await page.route("**/failure-groups/*/notes", async (route) => {
    notes++;
    await sent;
    await route.fulfill({ status: 503, contentType: "application/problem+json", body: "{}" });
  });
  await page.goto(`${desk.url}/ui/`);
  await expect(here(page)).toBeVisible();
  await page.keyboard.press("n");
  await page.keyboard.type("asked the supplier");
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  answer();
  await expect(page.getByRole("region", { name: /^Note about/ }).getByRole("alert")).toBeVisible();
  expect(notes).toBe(1);
});

test("a note and tags are written without leaving the list", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  await expect(here(page)).toBeVisible();
  await page.keyboard.press("t");
  await page.keyboard.type("vip refund");
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText("tagged");
  await expect(page.locator("table.groups")).toContainText("refund");
});

test("the page of a failure group shows what is decided, its hours and its links", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/failure-groups/1`);
  await page.getByRole("button", { name: "Add Ticket link" }).click();
  await page.keyboard.type("https://tracker.example/INC-4711");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "https://tracker.example/INC-4711" })).toHaveAttribute("rel", "noopener noreferrer");
  await page.keyboard.press("v");
  await expect(page.locator("main")).toContainText("a letter that comes now makes it regressed");
  await page.getByRole("button", { name: "Show as table" }).first().click();
  await expect(page.getByRole("table", { name: "Letters of this group by hour" })).toBeVisible();
  await accessible(page);
});

test("topics say what is paused and what is not read", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/topics`);
  await expect(page.locator("main")).toContainText("a replica of orders.placed-dlt, which is read");
  await page.getByRole("button", { name: "Pause reading orders.placed-dlt" }).click();
  await expect(page.getByLabel("Why orders.placed-dlt is not to be read")).toBeFocused();
});

test("the audit leads to what was acted on and narrows by a click", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/audit`);
  await expect(page.getByRole("link", { name: "failure group 1" })).toHaveAttribute("href", "/ui/failure-groups/1");
  await page.getByRole("button", { name: "runbook token" }).click();
  await expect(page).toHaveURL(/actor=runbook\+token/);
  await expect(page.getByRole("button", { name: /Who runbook token/ })).toBeVisible();
});
