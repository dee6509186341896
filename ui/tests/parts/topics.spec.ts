import { accessible, everywhere, expect, fits, test } from "../site.ts";

test("the list says what is ready, and asks only for what is not known", async ({ page, desk }) => {
  const asked: string[] = [];
  page.on("request", (request) => request.url().includes("/readiness") && asked.push(request.url()));
  await page.goto(`${desk.url}/ui/topics`);
  const row = (name: string) => page.getByRole("row").filter({ hasText: name });
  await expect(row("dead-letter-topic-ledger-out")).toContainText("Ready 17/17");
  await expect(row("returns.received-dlt")).toContainText("2 warnings 16/18");
  await expect(row("orders.placed-dlt").last()).toContainText("1 fails 1/3");
  expect(asked).toHaveLength(1);
  await page.getByRole("link", { name: /readiness of orders.placed-dlt/ }).press("Enter");
  await expect(page).toHaveURL(/topics\/orders.placed-dlt\?cluster=shop-eu$/);
});

test("an older topic of a name has no readiness of the one that exists, and nothing to pause", async ({ page, desk }) => {
  const asked: string[] = [];
  page.on("request", (request) => request.url().includes("/readiness") && asked.push(request.url()));
  await page.route("**/api/v1/topics", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    const older = { ...body.items[0], topicId: "00000000-0000-4000-8000-000000000001", madeAgain: true, shape: null, readiness: null };
    await route.fulfill({ response, json: { ...body, items: [...body.items, older] } });
  });
  await page.goto(`${desk.url}/ui/topics`);
  const older = page.getByRole("row").filter({ hasText: "made again since" });
  await expect(older).toHaveCount(1);
  await expect(older.getByRole("button")).toHaveCount(0);
  await expect(older).not.toContainText(/Ready|fails|warning/);
  await expect(page.getByText("checking…")).toHaveCount(0);
  expect(asked).toHaveLength(1);
  await accessible(page);
});

test("a topic's checks say what, why and the command; some could not be made", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/topics/orders.placed-dlt`);
  const checks = page.getByRole("list", { name: "Checks" }).getByRole("listitem");
  await expect(checks).toHaveCount(4);
  await expect(checks.first()).toContainText("A full disk stops the broker");
  await expect(checks.first()).toContainText("--add-config retention.ms=604800000");
  await expect(checks.first().getByRole("button", { name: "Copy command for retention" })).toBeVisible();
  await expect(checks.last()).not.toContainText("A full disk stops the broker");
  await expect(page.locator(".banner")).toContainText("One check could not be made");
  const again = page.waitForRequest(/readiness\?fresh=true/);
  await page.getByRole("button", { name: "Measure again" }).press("Enter");
  await again;
  await everywhere(page);
});

test("a topic waits with bones, and says where there is none of that name", async ({ page, desk, watched }) => {
  watched.allowed.push("404");
  let go: () => void = () => undefined;
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/readiness*", async (route) => {
    await held;
    await route.fulfill({ status: 404, contentType: "application/problem+json", body: JSON.stringify({ type: "", title: "Not found", status: 404, code: "not-found", detail: "There is no topic absent.", instance: "", traceId: "4bf9", retryable: false }) });
  });
  await page.goto(`${desk.url}/ui/topics`);
  await page.getByLabel("Name of any topic of the cluster").fill("absent");
  await page.keyboard.press("Enter");
  await expect(page.locator(".bones").first()).toBeVisible();
  go();
  await expect(page.getByRole("alert")).toContainText("There is no topic absent.");
  await accessible(page);
});

test("an origin gets its dead-letter topic; a warning is ticked and a refusal put right", async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/topics/orders.placed`);
  await page.getByRole("button", { name: "Make a dead-letter topic" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("orders.placed-dlt");
  await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
  await expect(dialog).toContainText("Nothing speaks against it.");
  const create = dialog.getByRole("button", { name: "Create orders.placed-dlt" });
  await dialog.getByLabel("cleanup.policy").selectOption("compact");
  await expect(dialog).toContainText("It is refused as it stands.");
  await expect(dialog.getByLabel("cleanup.policy")).toHaveAccessibleDescription(/Compaction throws away/);
  await expect(create).toBeDisabled();
  await accessible(page);
  await dialog.getByRole("button", { name: "Recommended: delete for cleanup.policy" }).click();
  await dialog.getByLabel("partitions").fill("3");
  await expect(dialog).toContainText("One warning is to be accepted.");
  await expect(dialog).toContainText("--partitions 3");
  await dialog.getByLabel("Letters of higher partitions would have nowhere to go.").check();
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await accessible(page);
  await create.dblclick();
  await expect(dialog).toHaveCount(0);
  await expect(page.locator(".toast")).toContainText("orders.placed-dlt exists.");
  expect([...desk.made.values()]).toEqual([{ name: "orders.placed-dlt", origin: "orders.placed", cluster: "shop-eu", partitions: 3, configs: {}, accept: ["partitions-below-origin"] }]);
});

test("a topic that was not found is read once somebody says why", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/topics`);
  await expect(page.getByRole("row").filter({ hasText: "orders.placed-dlt" }).last()).toContainText("33 % until unread letters expire");
  await page.getByRole("button", { name: "Read it eu.orders.placed-dlt" }).click();
  const why = page.getByLabel(/Why, for the audit/);
  await expect(why).toBeFocused();
  await expect(page.getByRole("button", { name: "Read", exact: true })).toBeDisabled();
  await why.fill("INC-7");
  await accessible(page);
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText("eu.orders.placed-dlt is read from now on.");
  expect(desk.decided).toEqual([{ topic: "eu.orders.placed-dlt", part: "readings", decision: "include", reason: "INC-7" }]);
});

test("a topic says when its unread letters expire, and is read again from an offset", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/topics/orders.placed-dlt`);
  const reading = page.getByRole("region", { name: "Reading" });
  await expect(reading).toContainText("33 % left");
  await expect(reading).toContainText("the oldest of 12 unread in partition 2");
  await accessible(page);
  await reading.getByRole("button", { name: "Read again…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").first().selectOption("an offset of one partition");
  await dialog.getByLabel("First offset to read").fill("7");
  await dialog.getByRole("button", { name: "See what is read again" }).click();
  await expect(dialog).toContainText("Partition 0: offsets 7 to 48, 39 of 41 are known");
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await accessible(page);
  await dialog.getByLabel("Why, for the audit").fill("INC-7");
  await dialog.getByRole("button", { name: "Read 41 again" }).click();
  await expect(page).toHaveURL(/\/ui\/jobs\//);
  await expect(page.locator(".verdict")).toContainText("1 letter added, 19 known already.");
  await expect(page.getByRole("img", { name: "20 of 41 offsets read again" })).toBeVisible();
  await expect(page.getByRole("row").last()).toContainText("7 to 48");
  await expect(page.getByRole("link", { name: "See the letters" })).toHaveAttribute("href", /topic%3Aorders.placed-dlt/);
  await fits(page);
  await accessible(page);
  await page.getByRole("button", { name: "Activity, 1 going on" }).click();
  await expect(page.getByRole("region", { name: "Activity" })).toContainText("Reading again");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Cancel, ingest goes on where it stood" }).click();
  await expect(page.locator(".verdict")).toContainText("21 offsets were not read again; ingest went on where it stood, and nothing is lost.");
  await expect(page.getByRole("row").last()).toContainText("Ended early");
  await accessible(page);
  expect(desk.decided).toEqual([{ topic: "orders.placed-dlt", part: "rewinds", partition: 0, fromOffset: "7", reason: "INC-7", dryRun: false }]);
});

test("the form of a new topic is empty first, shows bones while it asks, and a problem that can be tried again", async ({ page, desk, watched }) => {
  watched.allowed.push("503");
  await page.goto(`${desk.url}/ui/topics`);
  await page.getByRole("button", { name: "Create a topic" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Type a name, and everything else is proposed.");
  await expect(dialog.getByRole("button", { name: "Create the topic" })).toBeDisabled();
  await accessible(page);
  let go: () => void = () => undefined;
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/api/v1/topics", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    await held;
    await route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ type: "", title: "Kafka does not answer", status: 503, code: "kafka-unavailable", detail: "Nothing was made.", instance: "", traceId: "4bf9", retryable: true }) });
  });
  await dialog.getByLabel("Name", { exact: true }).fill("shop.order.placed");
  await expect(dialog.locator(".bones")).toBeVisible();
  await accessible(page);
  go();
  const alert = dialog.getByRole("alert");
  await expect(alert).toContainText("Kafka does not answer");
  await expect(dialog.getByRole("button", { name: "Create shop.order.placed" })).toBeDisabled();
  await accessible(page);
  await page.unroute("**/api/v1/topics");
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(dialog).toContainText("Nothing speaks against it.");
  await expect(alert).toHaveCount(0);
});

test("any topic can be read as one of dead letters from its own page", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/topics/orders.placed`);
  await page.getByRole("button", { name: "Read it orders.placed" }).click();
  await page.getByLabel(/Why, for the audit/).fill("INC-7");
  await accessible(page);
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText("orders.placed is read from now on.");
  expect(desk.decided).toEqual([{ topic: "orders.placed", part: "readings", decision: "include", reason: "INC-7" }]);
});

test("the list says how each topic is made and what reads it; it is narrowed and sorted in the address", async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/topics`);
  const table = page.getByRole("table", { name: "Dead-letter topics that are read" });
  const row = (name: string) => table.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
  await expect(table.getByRole("rowheader").first()).toContainText("orders.placed-dlt");
  const worst = row("orders.placed-dlt");
  await expect(worst).toContainText("1 ≠ 6");
  await expect(worst).toContainText("3 d1.0 GB at most");
  await expect(worst).toContainText("compact, delete");
  await expect(worst.getByRole("img")).toHaveAccessibleName(/^2\s770 letters in 24 hours/);
  await expect(worst.getByRole("cell").last()).toHaveText(/^audit ?Stopped.*archive.*share group21 more$/);
  await expect(row("returns.received-dlt")).toContainText("14 d");
  await expect(row("dlq.sink")).toContainText("nobody known");
  await everywhere(page);
  const at = async (cell: string): Promise<number> => (await worst.locator(`[data-l="${cell}"]`).boundingBox())?.y ?? -1;
  await page.setViewportSize({ width: 390, height: 844 });
  for (const important of ["Ready", "Open", "Behind"]) for (const later of ["Origin", "24 h", "Copies", "Read by"]) expect(await at(important)).toBeLessThan(await at(later));
  await page.getByLabel("Sort by").selectOption("Furthest behind first");
  await expect(table.getByRole("rowheader").first()).toContainText("dlq.sink");
  await page.getByLabel("Which topics").selectOption("Not ready");
  await expect(table.getByRole("rowheader")).toHaveCount(1);
  await page.getByLabel("Which topics").selectOption("All topics");
  await page.getByLabel(/^Filter topics/).fill("ARCHIVE placed");
  await expect(page).toHaveURL(/sort=-behind.*q=ARCHIVE/);
  await expect(table.getByRole("rowheader")).toHaveCount(1);
  await page.reload();
  await expect(table.getByRole("rowheader")).toHaveText([/orders.placed-dlt/]);
  await page.getByLabel(/^Filter topics/).fill("nowhere");
  await expect(page.locator("main")).toContainText("None of 4 topics fits.");
  await accessible(page);
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(table.getByRole("rowheader")).toHaveCount(4);
});

test("that nobody is told of anything is said once, with the way to the endpoints", async ({ page, desk }) => {
  const finding = { id: "alert", level: "warn", what: "Somebody is told", why: "A failure that nobody hears of is found by a customer.", measured: "There is no endpoint, so nobody is told of any topic.", fix: "Add one to the alerts." };
  await page.route("**/api/v1/topics", (route) => route.fulfill({ json: { items: [], notRead: [], findings: [finding] } }));
  await page.goto(`${desk.url}/ui/topics`);
  await expect(page.locator(".banner")).toHaveCount(1);
  await expect(page.locator(".banner")).toContainText("nobody is told of any topic. A failure that nobody hears of");
  await everywhere(page);
  await page.getByRole("link", { name: "Endpoints" }).click();
  await expect(page).toHaveURL(/ui\/alerts\/endpoints$/);
});
