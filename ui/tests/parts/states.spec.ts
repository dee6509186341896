import { accessible, expect, test } from "../site.ts";

const problem = { type: "/api/problems#database-unavailable", title: "Postgres does not answer", status: 503, code: "database-unavailable", detail: "Nothing was changed.", instance: "/x", traceId: "4bf92f3577b34da6a3ce929d0e0e4736", retryable: true };
const refused = { status: 503, contentType: "application/problem+json", body: JSON.stringify(problem) };
const nobody = { items: [], notRead: [], findings: [], shareGroups: [], searched: null, page: { next: null, hasMore: false }, total: { value: 0, relation: "eq" }, asOf: "2026-11-23T03:00:00.000Z", partial: [] };

const screens: [name: string, path: string, request: string | RegExp, shown: string][] = [
  ["overview", "/ui/", "**/api/v1/overview*", "Open letters"],
  ["list", "/ui/letters", "**/api/v1/dead-letters?*", "orders.placed"],
  ["failure group", "/ui/failure-groups/1", "**/api/v1/failure-groups/1", "JsonMappingException"],
  ["letter", "/ui/letters/1001", "**/api/v1/dead-letters/1001", "Where it came from"],
  ["edit", "/ui/letters/1001/edit", "**/api/v1/dead-letters/1001", "Headers"],
  ["topics", "/ui/topics", "**/api/v1/topics", "orders.placed"],
  ["readiness", "/ui/topics/orders.placed-dlt", "**/readiness*", "A full disk stops the broker"],
  ["consumers", "/ui/consumers", "**/api/v1/consumer-groups", "orders-svc"],
  ["consumer group", "/ui/consumers/orders-svc", "**/api/v1/consumer-groups/orders-svc", "cust-4711"],
  ["jobs", "/ui/jobs", "**/api/v1/jobs?*", "No jobs yet"],
];

for (const [name, path, request, shown] of screens) {
  test(`${name}: bones while it waits, a problem with title, detail and trace id, and the data when tried again`, async ({ page, desk, watched }) => {
    watched.allowed.push("503");
    let go: () => void = () => undefined;
    const held = new Promise<void>((done) => (go = done));
    await page.route(request, async (route) => {
      await held;
      await route.fulfill(refused);
    });
    await page.goto(desk.url + path);
    await expect(page.locator(".bones").first()).toBeVisible();
    await accessible(page);
    go();
    const alert = page.getByRole("alert").first();
    await expect(alert).toContainText("Postgres does not answer");
    await expect(alert).toContainText("Nothing was changed.");
    await expect(alert).toContainText(problem.traceId);
    await accessible(page);
    await page.unroute(request);
    await alert.getByRole("button", { name: "Try again" }).click();
    await expect(page.locator("main")).toContainText(shown);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await expect(page.locator(".bones")).toHaveCount(0);
  });
}

test("old data stays, greyed and with its age, when the server is away", async ({ page, desk, watched }) => {
  watched.allowed.push("503");
  await page.goto(`${desk.url}/ui/topics`);
  await expect(page.locator("main")).toContainText("orders.placed");
  await page.route("**/api/v1/topics", (route) => route.fulfill(refused));
  await page.keyboard.press("l");
  await page.keyboard.press("l");
  await expect(page.getByRole("alert")).toContainText("old.");
  await expect(page.locator(".stale")).toContainText("orders.placed");
  await accessible(page);
});

test("what is about to be replaced is paler and can still be read", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.locator("figure.trend")).toContainText("at most");
  let go: () => void = () => undefined;
  const held = new Promise<void>((done) => (go = done));
  for (const request of ["**/dead-letters/histogram?*", "**/dead-letters/facets?*"]) {
    await page.route(request, async (route) => {
      await held;
      await route.fallback();
    });
  }
  await page.getByRole("complementary", { name: "Facets" }).getByRole("link", { name: /^Open/ }).click();
  await expect(page.locator("figure.stale-soft")).toBeVisible();
  await accessible(page);
  go();
  await expect(page.locator(".stale-soft")).toHaveCount(0);
});

test("a page that cannot be drawn says so, and the others go on", async ({ page, desk }) => {
  await page.route("**/api/v1/jobs?limit=50*", (route) => route.fulfill({ json: { items: [{ state: "of a newer server" }], page: { next: null, hasMore: false } } }));
  await page.goto(`${desk.url}/ui/jobs`);
  await expect(page.getByRole("alert")).toContainText("The page failed");
  await accessible(page);
  await page.getByRole("link", { name: "Topics" }).click();
  await expect(page.locator("main")).toContainText("orders.placed");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a page of another filter is left with one press", async ({ page, desk, watched }) => {
  watched.allowed.push("400");
  await page.route("**/api/v1/jobs?*cursor=old*", (route) => route.fulfill({ status: 400, contentType: "application/problem+json", body: JSON.stringify({ ...problem, status: 400, code: "cursor-mismatch", title: "The cursor is of another list" }) }));
  await page.goto(`${desk.url}/ui/jobs?cursor=old`);
  await page.getByRole("alert").getByRole("link", { name: "Show the first page" }).click();
  await expect(page.locator("main")).toContainText("No jobs yet");
});

test("empty and good: says why, and what is watched", async ({ page, desk }) => {
  await page.route("**/api/v1/overview*", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, counts: { ...body.counts, open: 0 }, partial: ["Kafka is unreachable since 03:02: lag is unknown"] } });
  });
  await page.goto(`${desk.url}/ui/`);
  await expect(page.getByRole("heading", { name: "No open letters" })).toBeVisible();
  await expect(page.locator("main")).toContainText("4 dead-letter topics are read");
  await expect(page.locator(".banner")).toContainText("Kafka is unreachable since 03:02");
  await accessible(page);
});

test("empty because nothing is read: no tick, and the way to what is looked for", async ({ page, desk }) => {
  await page.route("**/api/v1/overview*", async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { counts: Record<string, number> };
    await route.fulfill({ response, json: { ...body, counts: Object.fromEntries(Object.keys(body.counts).map((name) => [name, 0])), topics: 0 } });
  });
  await page.route(/failure-groups\?/, (route) => route.fulfill({ json: nobody }));
  await page.goto(`${desk.url}/ui/`);
  await expect(page.getByRole("heading", { name: "Nothing is read yet" })).toBeVisible();
  await expect(page.locator("main")).not.toContainText("No open letters");
  await page.locator(".calm").getByRole("link", { name: "Topics" }).click();
  await expect(page).toHaveURL(/ui\/topics$/);
});

for (const [name, path, request, words] of [
  ["list", "/ui/letters", "**/api/v1/dead-letters?*", "No letters yet"],
  ["failure group", "/ui/failure-groups/1", "**/api/v1/dead-letters?*", "None open"],
  ["topics", "/ui/topics", "**/api/v1/topics", "No dead-letter topic found"],
  ["consumers", "/ui/consumers", "**/api/v1/consumer-groups", "No consumer group reads these topics"],
] as const) {
  test(`${name}: empty says what that means`, async ({ page, desk }) => {
    await page.route(request, (route) => route.fulfill({ json: nobody }));
    await page.goto(desk.url + path);
    await expect(page.locator("main")).toContainText(words);
    await accessible(page);
  });
}

test("no match: the query, how many there are without it, and a way to drop each term", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=${encodeURIComponent("error:nothing is:open")}`);
  await expect(page.locator("main")).toContainText("No letter matches error:nothing is:open. Without it there are 22.");
  await accessible(page);
  await page.getByRole("link", { name: "Drop error:nothing" }).click();
  await expect(page).toHaveURL(/q=is%3Aopen/);
  await expect(page.getByRole("table")).toBeVisible();
});

test("a query with a mistake is not run and is put right with one click", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters`);
  await page.getByRole("searchbox").fill("clas:Json*");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("There is no field clas. Characters 1 to 5. Did you mean class:? The list below still shows all.");
  await expect(page).toHaveURL(/letters$/);
  await accessible(page);
  await page.getByRole("button", { name: "class:" }).click();
  await expect(page).toHaveURL(/q=class%3AJson\*/);
});

test("a mistake that only the server finds is shown at its place", async ({ page, desk, watched }) => {
  watched.allowed.push("400");
  await page.route("**/api/v1/dead-letters?*", (route) => route.fulfill({ status: 400, contentType: "application/problem+json", body: JSON.stringify({ ...problem, status: 400, code: "query-invalid", title: "The query cannot be read", detail: "3x is no span.", position: 4, suggestion: "2h" }) }));
  await page.goto(`${desk.url}/ui/letters?q=ts%3A%3E3x`);
  await expect(page.getByRole("alert")).toContainText("3x is no span.");
  await expect(page.locator(".echo u")).toHaveText("3x");
});
