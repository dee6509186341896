import type { Page } from "@playwright/test";
import type { Histogram } from "../../src/contract.ts";
import { accessible, expect, fits, test } from "../site.ts";

const problem = { type: "/api/problems#database-unavailable", title: "Postgres does not answer", status: 503, code: "database-unavailable", detail: "Nothing was counted.", instance: "/x", traceId: "4bf92f3577b34da6", retryable: true };
const refused = { status: 503, contentType: "application/problem+json", body: JSON.stringify(problem) };
const facet = (page: Page, name: string) => page.locator("details.facet", { has: page.getByRole("heading", { name, exact: true }) });
const chart = (page: Page) => page.locator("figure.trend");

test("facets count the letters of the filter; a value narrows it and takes itself away", async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/letters`);
  const status = facet(page, "Status");
  await expect(status.getByRole("link", { name: /^Open/ })).toContainText("18");
  await status.getByRole("link", { name: /^Open/ }).click();
  await expect(page).toHaveURL(/q=is%3Aopen/);
  await expect(page.getByText("18 dead letters")).toBeVisible();
  await expect(facet(page, "Topic").getByRole("link")).toContainText("18");
  await expect(status.getByRole("link", { name: /^Returned/ })).toContainText("1");
  await facet(page, "Topic").getByRole("link").click();
  await expect(page).toHaveURL(/q=is%3Aopen\+topic%3Aorders.placed-dlt/);
  await status.getByRole("link", { name: /^Open/ }).click();
  await expect(page).toHaveURL(/q=topic%3Aorders.placed-dlt$/);
  await accessible(page);
});

test("a facet that is closed is not counted, and one that is slow or refused holds nothing up", async ({ page, desk, watched }) => {
  watched.allowed.push("503");
  const asked: string[] = [];
  let go: () => void = () => undefined;
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/api/v1/dead-letters/facets?*", async (route) => {
    const field = new URL(route.request().url()).searchParams.get("field") ?? "";
    asked.push(field);
    if (field === "topic") await held;
    if (field === "class") return route.fulfill(refused);
    await route.fallback();
  });
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.locator("tr.here")).toBeVisible();
  await expect(facet(page, "Topic").locator(".bones")).toBeVisible();
  await expect(facet(page, "Error class")).toContainText("Not counted: Nothing was counted.");
  go();
  await expect(facet(page, "Topic").getByRole("link")).toContainText("22");
  expect(asked).not.toContain("convention");
  await facet(page, "Convention").locator("summary").click();
  await expect(facet(page, "Convention").getByRole("link", { name: /spring-kafka/ })).toBeVisible();
});

test("facets say what is partial, what has no value, and that there is none", async ({ page, desk }) => {
  await page.route("**/api/v1/dead-letters/facets?*field=topic*", (route) => route.fulfill({ json: { field: "topic", items: [{ value: "orders.placed-dlt", label: null, count: { value: 312, relation: "gte" } }], others: { value: 40, relation: "gte" }, missing: { value: 0, relation: "eq" }, partial: ["searched 100,000 of 412,310 letters"], asOf: "2026-11-23T03:00:00.000Z" } }));
  await page.goto(`${desk.url}/ui/letters`);
  await expect(facet(page, "Topic")).toContainText("≥\u202f312");
  await expect(facet(page, "Topic")).toContainText("Searched 100,000 of 412,310 letters.");
  await facet(page, "Assignee").locator("summary").click();
  await expect(facet(page, "Assignee")).toContainText("None");
  await expect(facet(page, "Assignee")).toContainText("22 without");
});

test("on a phone the facets come over the list, which stays where it is", async ({ page, desk }) => {
  test.slow();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${desk.url}/ui/letters`);
  const row = page.locator("tr.here");
  await expect(row).toBeVisible();
  const before = await row.boundingBox();
  await page.getByRole("button", { name: "Facets" }).click();
  const drawer = page.getByRole("dialog", { name: "Facets" });
  await expect(drawer.getByRole("link", { name: /^Open/ })).toBeVisible();
  expect(await row.boundingBox()).toEqual(before);
  await accessible(page);
  await fits(page);
  await drawer.getByRole("link", { name: /^Open/ }).click();
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page.getByText("18 dead letters")).toBeVisible();
});

test("the bar of now is hollow, for it is not complete", async ({ page, desk }) => {
  await page.route("**/dead-letters/histogram?*", async (route) => {
    const response = await route.fetch();
    const body = await response.json() as Histogram;
    // Soon after the full hour the sample has no letter in it yet.
    await route.fulfill({ response, json: { ...body, bars: body.bars.map((bar, i) => (i === body.bars.length - 1 ? { ...bar, letters: 3 } : bar)) } });
  });
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await expect(chart(page).locator("rect.now")).toHaveCount(1);
});

test("the histogram says what it shows, and a bar narrows the filter by click and by key", async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await expect(chart(page).getByRole("img")).toHaveAttribute("aria-label", /^18 letters in 2[45] bars of one hour each/);
  await chart(page).getByRole("slider").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(chart(page).locator(".tip")).toContainText(/\d letters?$/);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=is%3Aopen\+ts%3A2/);
  await expect(chart(page).getByRole("img")).toHaveAttribute("aria-label", /bars of one minute each/);
  await chart(page).getByRole("link", { name: "All times" }).click();
  await expect(page).toHaveURL(/q=is%3Aopen$/);
  await expect(chart(page)).toContainText("18 since");
  const box = await chart(page).getByRole("slider").boundingBox();
  if (box) await page.mouse.click(box.x + box.width - 4, box.y + 20);
  await expect(page).toHaveURL(/ts%3A2/);
});

test("the range is given by two fields, and the bars as a table", async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/letters`);
  await chart(page).getByRole("button", { name: "Show as table" }).click();
  await expect(chart(page).getByRole("table").getByRole("row").nth(1)).toContainText(/UTC\s*\d/);
  await chart(page).getByRole("button", { name: "Range…" }).click();
  await chart(page).getByLabel("From").fill("2026-11-20T10:00");
  await chart(page).getByLabel("to", { exact: true }).fill("2026-11-20T09:00");
  await expect(chart(page)).toContainText("From is to be before to.");
  await chart(page).getByLabel("to", { exact: true }).fill("2026-11-20T18:30");
  await accessible(page);
  await chart(page).getByRole("button", { name: "Narrow" }).click();
  await expect(page).toHaveURL(/ts%3A2026-11-20T10%3A00%3A00.000Z..2026-11-20T18%3A30%3A00.000Z/);
  await expect(chart(page)).toContainText("None failed from");
});

test("a histogram that is refused says so and comes when it is asked for again", async ({ page, desk, watched }) => {
  watched.allowed.push("503");
  await page.route("**/api/v1/dead-letters/histogram?*", (route) => route.fulfill(refused));
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.locator("tr.here")).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("Nothing was counted.");
  await page.unroute("**/api/v1/dead-letters/histogram?*");
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await expect(chart(page)).toContainText("22 since");
});

test("counts are honest: a page of many, at least so many, and how far a slow search came", async ({ page, desk }) => {
  let total: unknown = { value: 3904, relation: "eq" };
  await page.route("**/api/v1/dead-letters?*", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), total } });
  });
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.locator(".head.steady")).toContainText("22 of 3\u202f904 dead letters");
  total = { value: 1_000_000, relation: "gte" };
  await page.reload();
  await expect(page.locator(".head.steady")).toContainText("22 of at least 1\u202f000\u202f000 dead letters");
});

test("a slow search goes further back when asked, says how far it is, and can be stopped", async ({ page, desk }) => {
  test.slow();
  let rounds = 0;
  let go: () => void = () => undefined;
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/api/v1/dead-letters?*", async (route) => {
    const { searchParams } = new URL(route.request().url());
    if (searchParams.get("q") !== "payload.amount:12") return route.fallback();
    const response = await route.fetch();
    const all = await response.json();
    if (searchParams.get("cursor")) {
      rounds++;
      if (rounds === 2) await held;
      return route.fulfill({ response, json: { ...all, items: rounds === 1 ? all.items.slice(3, 5) : [], page: { next: `c${rounds}`, hasMore: true }, searched: { letters: 100_000, of: 412_310 }, total: null } }).catch(() => undefined);
    }
    await route.fulfill({ response, json: { ...all, items: all.items.slice(0, 3), page: { next: "c0", hasMore: true }, searched: { letters: 100_000, of: 412_310 }, total: { value: 3, relation: "gte" }, partial: ["searched 100,000 of 412,310 letters; the cursor goes on from there"] } });
  });
  await page.goto(`${desk.url}/ui/letters?q=payload.amount%3A12`);
  const head = page.locator(".head.steady");
  await expect(head).toContainText("3 of at least 3 dead letters");
  await expect(head).toContainText("Searched 100\u202f000 of 412\u202f310 letters");
  await accessible(page);
  await head.getByRole("button", { name: "Search further back" }).click();
  await expect(head).toContainText("Searched 200\u202f000 of 412\u202f310 letters, searching on…");
  await expect(page.locator("table.letters tbody tr")).toHaveCount(5);
  await head.getByRole("button", { name: "Stop" }).click();
  await expect(head.getByRole("button", { name: "Search further back" })).toBeVisible();
  await expect(head).toContainText("Searched 200\u202f000");
  go();
});

test("fields and values are offered while one types, and taken by key", async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  const asked: string[] = [];
  page.on("request", (request) => { if (request.url().includes("prefix=")) asked.push(request.url()); });
  await expect(page.locator("tr.here")).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.press("End");
  await page.keyboard.type(" top");
  const offered = page.getByRole("listbox", { name: "Suggestions" });
  await expect(offered.getByRole("option")).toHaveText(["topic:"]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("searchbox")).toHaveValue("is:open topic:");
  // By a clock of our own: on a busy machine a second can lie between two letters.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  for (const letter of "ord") {
    await page.keyboard.type(letter);
    await page.clock.runFor(100);
  }
  await page.clock.resume();
  await expect(offered.getByRole("option")).toHaveText([/orders\.placed-dlt\s*18/]);
  await accessible(page);
  expect(asked.map((url) => new URL(url).searchParams.get("prefix")).filter((prefix) => prefix !== "")).toEqual(["ord"]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("searchbox")).toHaveValue("is:open topic:orders.placed-dlt ");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=is%3Aopen\+topic%3Aorders.placed-dlt$/);
});

test("columns are chosen and ordered, and the link says so", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters`);
  await page.getByRole("button", { name: "Columns…" }).click();
  const dialog = page.getByRole("dialog", { name: "Columns" });
  await dialog.getByLabel("Consumer group", { exact: true }).check();
  await expect(dialog.getByLabel("Consumer group", { exact: true })).toBeFocused();
  await dialog.getByLabel("Key", { exact: true }).uncheck();
  await dialog.getByRole("button", { name: "Consumer group to the left" }).click();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/cols=status%2Cfailed%2Ctopic%2Cposition%2Cerror%2Cattempts%2Cconsumer%2Csize/);
  await expect(page.getByRole("columnheader", { name: "Consumer group" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Key" })).toHaveCount(0);
  await expect(page.locator("tr.here")).toContainText("orders-svc");
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.getByRole("columnheader", { name: "Consumer group" })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
});

test("facets of failure groups narrow the board, and count without what is snoozed until that is asked for", async ({ page, desk }) => {
  test.slow();
  const asked: string[] = [];
  page.on("request", (request) => request.url().includes("/failure-groups/facets") && asked.push(decodeURIComponent(request.url())));
  await page.goto(`${desk.url}/ui/`);
  await expect(page.locator("tr.here")).toBeVisible();
  await page.keyboard.press("f");
  const drawer = page.getByRole("dialog", { name: "Facets" });
  await expect(facet(page, "State").getByRole("link", { name: /^New/ })).toContainText("1");
  await expect(facet(page, "Topic").getByRole("link")).toHaveCount(5);
  expect(asked.find((url) => url.includes("field=topic"))).toContain("-state:snoozed,resolved");
  expect(asked.find((url) => url.includes("field=state"))).not.toContain("snoozed");
  await facet(page, "Last failure").locator("summary").click();
  await facet(page, "Last failure").getByRole("link", { name: /^Within a day/ }).click();
  await expect(page).toHaveURL(/q=ts%3A1d\.\./);
  await expect(facet(page, "Last failure").getByRole("link", { name: /^Within a day/ })).toHaveAttribute("aria-current", "true");
  await facet(page, "Last failure").getByRole("link", { name: /^Within a day/ }).click();
  await expect(page).toHaveURL(/\/ui\/(\?q=)?$/);
  await facet(page, "Topic").getByRole("link", { name: /legacy|ledger/ }).first().click();
  await expect(page).toHaveURL(/q=topic%3A/);
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await page.getByLabel("Sort by").selectOption("Busiest now first");
  await expect(page).toHaveURL(/sort=-rate/);
});
