import type { Page } from "@playwright/test";
import { hostile } from "../alerting.ts";
import { accessible, everywhere, expect, test } from "../site.ts";

const problem = { type: "/api/problems#database-unavailable", title: "Postgres does not answer", status: 503, code: "database-unavailable", detail: "Nothing was changed.", instance: "/x", traceId: "4bf92f3577b34da6", retryable: true };
const firing = (page: Page) => page.getByRole("table", { name: /^Firing alerts/ });

test("alerts: what nobody has taken care of first, its subject a link, and how many fire in the rail", async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/`);
  await expect(page.getByRole("link", { name: "Alerts 3 firing" })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page).toHaveURL(/ui\/alerts$/);
  const rows = firing(page).getByRole("row");
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText("Critical");
  await expect(rows.nth(2)).toContainText("New failure group JsonMappingException");
  await expect(rows.nth(3)).toContainText("Nobody is told");
  await expect(rows.nth(3)).toContainText("topic:payments.* until 09:00");
  await expect(page.getByRole("link", { name: "New failure group JsonMappingException in orders.placed-dlt" })).toHaveAttribute("href", "/ui/failure-groups/1?until=1013");
  await expect(page.getByRole("table", { name: /^Resolved/ })).toContainText(hostile);
  await expect(page.locator(".banner")).toContainText(["Ledger team is switched off: It answered 410 Gone at 03:02", "1 message was given up"]);
  await everywhere(page);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("Go to Alerts");
  await expect(page.getByRole("dialog")).toContainText("Acknowledge…");
});

test("an alert is acknowledged with a note, and another silenced in two keys and heard again with one", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/alerts`);
  const here = page.locator("tr.here");
  await expect(here).toContainText("returns.received-dlt");
  await page.keyboard.press("j");
  await expect(here).toContainText("JsonMappingException");
  await page.keyboard.press("a");
  await page.keyboard.type("I look at it");
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText("Acknowledged.");
  await expect(firing(page).getByRole("row").filter({ hasText: "JsonMappingException" })).toContainText("by operator");
  expect(desk.alerting.asked).toEqual([{ method: "POST", path: "/alerts/11/acknowledgements", body: { note: "I look at it" } }]);
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await expect(here).toContainText("returns.received-dlt");
  await page.keyboard.press("s");
  await expect(page.getByRole("region", { name: /^Silence/ })).toContainText("Matches 1 alert now");
  await everywhere(page);
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText("Silenced until");
  const [, silence] = desk.alerting.asked;
  expect(silence).toMatchObject({ method: "POST", path: "/silences", body: { query: "topic:returns.received-dlt", reason: "Known: returns.received-dlt: 31 % of the retention left" } });
  expect(Date.parse(String(silence?.body["until"])) - Date.now()).toBeGreaterThan(3_500_000);
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("The silence is ended.");
  expect(desk.alerting.asked.at(-1)).toMatchObject({ method: "DELETE", path: "/silences/3" });
});

test("the link of an alert about a group shows the letters it told of, also in what is replayed, and the way to all", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/failure-groups/1`);
  const rows = page.getByRole("table", { name: /letter/i }).locator("tbody tr");
  await expect(rows.first()).toBeVisible();
  const all = await rows.count();
  await page.goto(`${desk.url}/ui/failure-groups/1?until=1013`);
  await expect(page.locator("main")).toContainText("letters that came later are left out");
  await expect.poll(() => rows.count()).toBeLessThan(all);
  await everywhere(page);
  const asked = page.waitForRequest((request) => request.url().endsWith("/selections") && request.method() === "POST");
  await page.getByRole("button", { name: "Replay all open of then…" }).click();
  expect((await asked).postDataJSON()).toMatchObject({ q: "group:1 is:open id:..1013" });
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "All", exact: true }).click();
  await expect(page).toHaveURL(/until=1013/);
  await page.getByRole("link", { name: "Show all there are now" }).click();
  await expect(page.locator("main")).not.toContainText("left out");
  await page.goto(`${desk.url}/ui/failure-groups/1?until=1013%20OR%20is:open`);
  await expect.poll(() => rows.count()).toBe(all);
});

test("more alerts than a pageful: says so, and shows the others", async ({ page, desk }) => {
  const [sample] = desk.alerting.alerts;
  await page.route(/alerts\?state=firing/, (route) => {
    const cursor = new URL(route.request().url()).searchParams.get("cursor");
    const items = Array.from({ length: cursor ? 30 : 200 }, (_, i) => ({ ...sample, id: String(cursor ? i : 1000 + i), suppressedBy: null }));
    return route.fulfill({ json: { items, page: { next: cursor ? null : "older", hasMore: !cursor } } });
  });
  await page.goto(`${desk.url}/ui/alerts`);
  await expect(page.locator(".banner", { hasText: "More alerts fire than are shown" })).toContainText("These are the 200 that began last.");
  await page.getByRole("button", { name: "Show 200 more" }).click();
  await expect(firing(page).getByRole("row")).toHaveCount(231);
  await expect(page.locator(".banner", { hasText: "More alerts" })).toHaveCount(0);
});

test("an alert that was resolved meanwhile says so where it was to be acknowledged, and Escape leaves it", async ({ page, desk, watched }) => {
  watched.allowed.push("409");
  await page.goto(`${desk.url}/ui/alerts`);
  await expect(page.locator("tr.here")).toBeVisible();
  const [, , third] = desk.alerting.alerts;
  await page.keyboard.press("a");
  await page.keyboard.type("I look at it");
  if (third) third.state = "resolved";
  await fetch(`${desk.url}/api/v1/alert-rules/5`, { method: "PUT", headers: { "Content-Type": "application/json", "If-Match": '"v1"' }, body: "{}" });
  await expect(firing(page).getByRole("row")).toHaveCount(3);
  await expect(page.getByLabel("Note for the others")).toHaveValue("I look at it");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("The alert is resolved already.");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: /^Acknowledge/ })).toHaveCount(0);
});

const tabs: [tab: string, request: string | RegExp, shown: string, empty: string][] = [
  ["", /alerts\?state=firing/, "JsonMappingException", "Nothing fires"],
  ["/rules", "**/api/v1/alert-rules", "Many letters", "No rules"],
  ["/deliveries", "**/api/v1/deliveries?*", "New failure group", "Nothing was sent yet"],
  ["/silences", "**/api/v1/silences?*", "INC-4711", "Nothing is silenced"],
  ["/endpoints", "**/api/v1/webhooks", "On-call", "Nobody is told yet"],
];
for (const [tab, request, shown, empty] of tabs) {
  test(`alerts${tab}: bones while it waits, a problem with a way to try again, then the data, and what none means`, async ({ page, desk, watched }) => {
    test.slow();
    watched.allowed.push("503");
    let go: () => void = () => undefined;
    const held = new Promise<void>((done) => (go = done));
    await page.route(request, async (route) => {
      await held;
      await route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify(problem) });
    });
    await page.goto(`${desk.url}/ui/alerts${tab}`);
    await expect(page.locator(".bones").first()).toBeVisible();
    go();
    const alert = page.getByRole("alert").first();
    await expect(alert).toContainText("Nothing was changed.");
    await accessible(page);
    await page.unroute(request);
    await alert.getByRole("button", { name: "Try again" }).click();
    await expect(page.locator("main")).toContainText(shown);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await page.route(request, (route) => route.fulfill({ json: { items: [], page: { next: null, hasMore: false } } }));
    await page.reload();
    await expect(page.locator("main")).toContainText(empty);
    await everywhere(page);
  });
}

test("rules are sentences, one is switched off and on again; a conflict does nothing", async ({ page, desk, watched }) => {
  watched.allowed.push("412");
  await page.goto(`${desk.url}/ui/alerts/rules`);
  const row = page.getByRole("row").filter({ hasText: "Many letters" });
  await expect(row).toContainText("100 or more letters within 5 minutes, for 2 minutes");
  await expect(row).toContainText("On-call, Ledger team");
  await everywhere(page);
  await row.getByRole("switch").press("Space");
  await expect(page.locator(".toast")).toContainText("Many letters is off.");
  await expect(row).toContainText("Off");
  expect(desk.alerting.asked.at(-1)).toMatchObject({ method: "PUT", path: "/alert-rules/2", body: { enabled: false, threshold: 100, endpointIds: ["1", "2"] } });
  await page.locator("main").press("z");
  await expect(row).toContainText("Fine");
  const rule = desk.alerting.rules.get("2");
  if (rule) rule.version = 9;
  await row.getByRole("switch").press("Space");
  await expect(page.locator(".toast")).toContainText("Somebody changed the rule meanwhile.");
});

test("a rule is edited, tried on what is stored, and saved; a mistake in its filter is underlined", async ({ page, desk, watched }) => {
  test.slow();
  watched.allowed.push("400");
  await page.goto(`${desk.url}/ui/alerts/rules/2`);
  const backtest = page.getByRole("region", { name: "Back-test" });
  await expect(backtest).toContainText("3 times in the last 7\u202fd");
  await expect(backtest.getByRole("row")).toHaveCount(4);
  await everywhere(page);
  const filter = page.getByLabel("Only what this filter leaves");
  await filter.fill("topc:orders");
  await expect(page.getByRole("alert")).toContainText("There is no field topc.");
  await page.getByRole("button", { name: "topic:" }).click();
  await expect(filter).toHaveValue("topic:orders");
  await filter.fill("topic:orders key:42");
  await expect(page.locator(".echo u")).toHaveText("key");
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeDisabled();
  await accessible(page);
  await filter.fill("topic:orders");
  await page.getByLabel("Letters", { exact: true }).fill("5000");
  await expect(backtest).toContainText("Not once in the last 7\u202fd");
  await page.getByLabel("Within", { exact: true }).fill("90");
  await expect(page.getByRole("group", { name: "Changes" })).toContainText("5\u202f000 or more letters within 90 minutes, for 2 minutes.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.locator(".toast")).toContainText("Many letters saved.");
  expect(desk.alerting.asked.at(-1)).toMatchObject({ method: "PUT", body: { query: "topic:orders", threshold: 5000, window: "PT90M" } });
  await expect(page.getByLabel("Watches for")).toBeDisabled();
});

test("who saved a rule first is told, and either side can win", async ({ page, desk, watched }) => {
  watched.allowed.push("412");
  await page.goto(`${desk.url}/ui/alerts/rules/2`);
  await page.getByLabel("Name", { exact: true }).fill("Mine");
  const rule = desk.alerting.rules.get("2");
  Object.assign(rule ?? {}, { version: 2, threshold: 7 });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.locator(".banner", { hasText: "Somebody else saved this rule" })).toContainText("7 or more letters");
  await accessible(page);
  await page.getByRole("button", { name: "Save mine over it" }).click();
  await expect(page.locator(".toast")).toContainText("Mine saved.");
  expect(desk.alerting.rules.get("2")).toMatchObject({ name: "Mine", threshold: 100, version: 3 });
});

test("a built-in rule says why it stays; another is made, deleted and brought back", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/alerts/rules/1`);
  await expect(page.locator("main")).toContainText("It cannot be deleted, for nobody would notice that it is missing.");
  await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0);
  await page.goto(`${desk.url}/ui/alerts/rules`);
  await expect(page.getByRole("row").filter({ hasText: "Many letters" })).toBeVisible();
  await page.locator("main").press("n");
  await page.getByLabel("Name", { exact: true }).fill("Ledger waits");
  await page.getByLabel("Watches for").selectOption("stuck-consumer");
  await expect(page.locator("#condition-what")).toContainText("mostly a poison record");
  await expect(page.getByLabel("Does not move for", { exact: true })).toHaveValue("5");
  await expect(page.getByRole("region", { name: "Back-test" })).toContainText("Nothing is stored");
  await page.getByLabel("Watches for").selectOption("topic-escalating");
  await expect(page.locator("#condition-what")).toContainText("each topic with its own usual rate");
  await expect(page.getByLabel("How many times the usual rate")).toHaveValue("3");
  await expect(page.getByLabel("Measured over", { exact: true })).toHaveValue("1");
  await expect(page.locator("#rule-query-known")).toHaveText("About letters: topic, origin, consumer, group, class, cause and convention, with -, OR and parentheses.");
  await expect(page.getByRole("region", { name: "Back-test" })).not.toContainText("Nothing is stored");
  await page.getByLabel("Watches for").selectOption("oldest-open");
  await page.getByLabel("On-call").check();
  await page.getByRole("button", { name: "Make the rule" }).click();
  await expect(page).toHaveURL(/rules\/6$/);
  expect(desk.alerting.asked.at(-1)).toMatchObject({ method: "POST", path: "/alert-rules", body: { name: "Ledger waits", condition: "oldest-open", window: "P1D", threshold: 1, endpointIds: ["1"] } });
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/alerts\/rules$/);
  await expect(page.getByRole("row").filter({ hasText: "Ledger waits" })).toHaveCount(0);
  await page.locator("main").press("z");
  await expect(page.getByRole("row").filter({ hasText: "Ledger waits" })).toBeVisible();
});
