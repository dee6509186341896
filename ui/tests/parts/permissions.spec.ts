import type { Page } from "@playwright/test";
import { accessible, expect, test } from "../site.ts";

const deeds = /^(Resolve|Snooze|Assign|Give back|Note|Tag|Discard|Replay|Merge|Split|Pause|Go on|Cancel|Undo|Restore|Purge|Acknowledge|Silence|End now|Save|Another|Reset|Edit|Take|Add|Change|Drop|Remove|Make|Create|Read again|Read it|Do not read|Decide|Send|New|Delete|Switch|Move|I saw|Select all \d|Try)/;

/** Whoever signs in with these permissions; and what this one has the browser do, of which asking what would be is no part. */
async function signedIn(page: Page, ...permissions: string[]): Promise<string[]> {
  await page.route("**/api/v1/me", (route) => route.fulfill({ json: { actor: "reader", auth: "token", permissions, csrfToken: null, version: "0.1.0" } }));
  const done: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET" && !/previews|backtests/.test(request.url())) done.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  return done;
}

const screens: [path: string, ready: string][] = [
  ["", "JsonMappingException"], ["letters", "dead letters"], ["letters/1001", "Where it came from"], ["letters/1001?replay=1", "Where it came from"], ["letters/1001/edit", "To edit it needs the permission edit"],
  ["failure-groups/1", "dead letters"], ["failure-groups/2", "Merged into it"], ["topics", "orders.placed"], ["topics/orders.placed-dlt?cluster=shop-eu", "Expiry"], ["consumers/orders-svc?cluster=shop-eu", "In the way"],
  ["alerts", "Critical"], ["alerts/rules", "Many letters"], ["alerts/rules/2", "To change it needs the permission admin"], ["alerts/silences", "INC-4711"], ["alerts/endpoints", "On-call"], ["alerts/endpoints/1", "On-call"], ["alerts/deliveries/msg_2", "Tries"],
  ["settings/retention", "Rules"], ["settings/labels", "To change them needs the permission operate"], ["settings/lanes", "On hold"],
];
for (const [path, ready] of screens) {
  test(`whoever may only read is offered nothing on /ui/${path} that the server would refuse`, async ({ page, desk }) => {
    const done = await signedIn(page, "read", "payload:read");
    await page.goto(`${desk.url}/ui/${path}`);
    await expect(page.getByText(ready).first()).toBeVisible();
    await expect(page.getByRole("link", { name: "Letters", exact: true })).toBeVisible();
    if (path === "settings/retention") await expect(page.getByRole("link", { name: "See purged letters" })).toBeVisible();
    await expect(page.locator('a[href^="/ui/audit"]')).toHaveCount(0);
    for (const name of await page.getByRole("button").filter({ visible: true }).allTextContents()) expect(name.trim()).not.toMatch(deeds);
    await expect(page.getByText("Your turn")).toHaveCount(0);
    // Only the back-test of a rule is a panel that nobody asked for.
    const panels = await page.locator("section.panel").count();
    for (const key of ["x", "*", "*", "r", "m", "s", "d", "n", "t", "b", "e", "p", "a", "Shift+M"]) await page.keyboard.press(key);
    expect(await page.locator("section.panel").count()).toBe(panels);
    await expect(page.getByRole("textbox", { name: /Reason|Note|Tags/ })).toHaveCount(0);
    await expect(page.locator(".toast")).toHaveCount(0);
    expect(new URL(page.url()).pathname).toBe(`/ui/${path.replace(/\?.*/, "")}`);
    expect(done).toEqual([]);
  });
}

test("a job that runs is read, and its buttons are for those who may operate", async ({ page, desk }) => {
  const post = async (path: string, body: object): Promise<{ id: string }> => (await fetch(`${desk.url}/api/v1${path}`, { method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": '"1"' }, body: JSON.stringify(body) })).json() as Promise<{ id: string }>;
  const { id: selectionId } = await post("/selections", { q: "is:open" });
  const { id } = await post("/jobs", { type: "discard", selectionId, expectedCount: 18, reason: "INC-4711", options: {} });
  const done = await signedIn(page, "read");
  await page.goto(`${desk.url}/ui/jobs/${id}`);
  await expect(page.getByRole("group", { name: "Actions" })).toContainText("See the letters");
  for (const name of await page.getByRole("button").filter({ visible: true }).allTextContents()) expect(name.trim()).not.toMatch(deeds);
  await page.keyboard.press("p");
  expect(done).toEqual([]);
});

test("picked letters can be exported by whoever may only read, and the dock says what acting on them needs", async ({ page, desk }) => {
  await signedIn(page, "read", "payload:read");
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.locator("tr.here")).toBeVisible();
  await page.keyboard.press("x");
  await expect(page.locator(".dock")).toContainText("To act on it needs the permission operate.");
  await accessible(page);
});

test("whoever may edit and not operate drafts, and sees what it changes without a way to send it", async ({ page, desk }) => {
  const done = await signedIn(page, "read", "payload:read", "edit");
  await page.goto(`${desk.url}/ui/letters/1001/edit`);
  await expect(page.getByRole("textbox", { name: "Value", exact: true })).toBeVisible();
  await page.getByRole("button", { name: /^Review/ }).click();
  await expect(page.locator(".dock")).toContainText("To replay it needs the permission operate.");
  await expect(page.getByRole("button", { name: /^Replay/ })).toHaveCount(0);
  expect(done).toEqual([]);
});

test("who one is is asked for again until it is known, and the buttons come with it", async ({ page, desk, watched }) => {
  watched.allowed.push("503");
  let away = true;
  await page.clock.install();
  await page.route("**/api/v1/me", (route) => (away ? route.fulfill({ status: 503, body: "" }) : route.fallback()));
  await page.goto(`${desk.url}/ui/failure-groups/1`);
  await expect(page.locator("main")).toContainText("JsonMappingException");
  await expect(page.getByRole("button", { name: "Resolve" })).toHaveCount(0);
  away = false;
  await page.clock.runFor(6000);
  await expect(page.getByRole("button", { name: "Resolve" })).toBeVisible();
});
