import { hostile } from "../alerting.ts";
import { accessible, everywhere, expect, test } from "../site.ts";

test("messages: what became of each, one with its body as text, sent again", async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/alerts/deliveries`);
  const row = (text: string) => page.getByRole("row").filter({ hasText: text });
  await expect(row("Waiting")).toContainText("503");
  await expect(row("Given up")).toContainText("after 8 tries");
  await expect(row("Held back")).toContainText("topic:payments.* until 09:00");
  await everywhere(page);
  await page.getByRole("link", { name: "Given up" }).click();
  await expect(page).toHaveURL(/state=dead/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("link", { name: "All", exact: true }).click();
  await page.getByRole("link", { name: `New failure ${hostile}` }).click();
  await expect(page).toHaveURL(/deliveries\/msg_2$/);
  const drawer = page.getByRole("dialog");
  await expect(drawer.locator(".body")).toContainText(JSON.stringify(hostile).slice(1, -1));
  await expect(drawer.locator(".body")).toContainText('"ledgerId": 9007199254740993');
  await expect(drawer.locator(".body .tag")).toHaveText("U+202E");
  expect(await page.locator("dialog img").count()).toBe(0);
  await everywhere(page);
  await drawer.getByRole("button", { name: "Send it again" }).press("Enter");
  await expect(drawer.locator(".badge")).toHaveText("Waiting");
  expect(desk.alerting.asked.map(({ path }) => path)).toEqual(["/deliveries/msg_2/redeliveries"]);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/deliveries$/);
});

test("silences: shows what it matches before, refuses what it cannot read, and is ended", async ({ page, desk, watched }) => {
  test.slow();
  watched.allowed.push("400");
  await page.goto(`${desk.url}/ui/alerts/silences`);
  await expect(page.getByRole("row").filter({ hasText: "INC-4711" })).toContainText("matches 1 alert");
  await page.locator("main").press("n");
  const form = page.getByRole("region", { name: "Silence alerts" });
  await expect(form.getByRole("textbox").first()).toBeFocused();
  await page.keyboard.type("topc:orders");
  await expect(form.getByRole("alert")).toContainText("There is no field topc");
  await accessible(page);
  await form.getByRole("button", { name: "topic" }).click();
  await form.getByRole("textbox").first().fill("severity:warning");
  await expect(form).toContainText("Say why.");
  await form.getByLabel("Why, for the audit").fill("deploy");
  await expect(form).toContainText("Matches 3 alerts now");
  await form.getByLabel("Until a time").check();
  await form.getByLabel("End of the silence").fill("2020-01-01T00:00");
  await expect(form).toContainText("The end lies in the past.");
  await form.getByLabel("End of the silence").fill("2099-01-01T00:00");
  await expect(form).toContainText("At most 30 days");
  await everywhere(page);
  await form.getByLabel("Until tomorrow").check();
  await form.getByRole("button", { name: /^Silence/ }).click();
  const made = page.getByRole("row").filter({ hasText: "severity:warning" });
  await expect(made).toBeVisible();
  await made.getByRole("button", { name: "End now" }).click();
  await expect(page.getByRole("table", { name: "Silences that are over" })).toContainText("severity:warning");
});

test("a silence whose answer was lost is asked for again with its key and its end", async ({ page, desk, watched }) => {
  watched.allowed.push("ERR_");
  const asked: { key: string | undefined; body: string | null }[] = [];
  await page.route("**/api/v1/silences", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    asked.push({ key: route.request().headers()["idempotency-key"], body: route.request().postData() });
    return asked.length > 1 ? route.fallback() : route.abort("connectionreset");
  });
  await page.goto(`${desk.url}/ui/alerts/silences`);
  await expect(page.getByRole("row").filter({ hasText: "INC-4711" })).toBeVisible();
  await page.locator("main").press("n");
  const form = page.getByRole("region", { name: "Silence alerts" });
  await form.getByRole("textbox").first().fill("severity:warning");
  await form.getByLabel("Why, for the audit").fill("deploy");
  await form.getByRole("button", { name: /^Silence/ }).click();
  await expect(form.getByRole("alert")).toContainText("Redrive does not answer");
  await form.getByRole("button", { name: /^Silence/ }).click();
  await expect(page.getByRole("row").filter({ hasText: "severity:warning" })).toHaveCount(1);
  expect(asked).toHaveLength(2);
  expect(asked[0]?.key).toMatch(/^"[0-9a-f-]{36}"$/);
  expect(asked[1]).toEqual(asked[0]);
});

test("endpoints: each kind says what it needs; a private address is refused at its field; the secret is shown once", async ({ page, desk, watched }) => {
  test.slow();
  watched.allowed.push("422");
  await page.goto(`${desk.url}/ui/alerts/endpoints`);
  await expect(page.getByRole("row").filter({ hasText: "Ledger team" })).toContainText("Switched off");
  await everywhere(page);
  await page.getByRole("button", { name: "Send a test to On-call" }).click();
  await expect(page.getByRole("row").filter({ hasText: "On-call" })).toContainText("Delivered, answered 200 after 84 ms");
  await page.locator("main").press("n");
  for (const [kind, example] of [["slack", "hooks.slack.com"], ["teams", "logic.azure.com"], ["pagerduty", "pagerduty:"], ["alertmanager", "9093"], ["mail", "smtps://"], ["heartbeat", "hc-ping.com"], ["webhook", "alerts.example.org"]] as const) {
    await page.getByLabel("Kind").selectOption(kind);
    await expect(page.locator("#address-needs")).toContainText(example);
  }
  await page.getByLabel("Name", { exact: true }).fill("Warehouse");
  const address = page.getByRole("textbox", { name: /^Address/ });
  await address.fill("https://10.0.0.7/hook");
  await page.getByRole("button", { name: "Add the endpoint" }).click();
  await expect(address).toHaveAccessibleDescription(/10\.0\.0\.7 is a private address/);
  await everywhere(page);
  await address.fill("https://hooks.warehouse.example/x");
  await page.getByRole("button", { name: "Add the endpoint" }).click();
  const secret = page.getByRole("region", { name: "Secret" });
  await expect(secret).toContainText("whsec_c2VjcmV0");
  await expect(secret.getByRole("alert")).toContainText("It is shown this once.");
  await expect(secret.getByRole("button", { name: "Copy secret" })).toBeVisible();
  await everywhere(page);
  await secret.getByRole("button", { name: "I have kept it" }).click();
  await expect(page).toHaveURL(/endpoints\/4$/);
  await expect(page.locator("main")).not.toContainText("whsec_");
  await page.getByRole("button", { name: "Make a new secret" }).click();
  await expect(secret).toContainText("For 24 hours each message is signed with the old one too.");
  await secret.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("button", { name: "Delete…" }).click();
  await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
  await page.getByRole("button", { name: "Delete Warehouse" }).click();
  await expect(page).toHaveURL(/endpoints$/);
});

test("without the key for secrets it says how to make one; what is switched off says why and is switched on", async ({ page, desk, watched }) => {
  test.slow();
  watched.allowed.push("422");
  desk.alerting.keyMissing = true;
  await page.goto(`${desk.url}/ui/alerts/endpoints/new`);
  await page.getByLabel("Kind").selectOption("slack");
  await page.getByLabel("Name", { exact: true }).fill("Shop");
  await page.getByRole("textbox", { name: /^Address/ }).fill("https://hooks.slack.com/services/x");
  await page.getByRole("button", { name: "Add the endpoint" }).click();
  await expect(page.getByRole("alert")).toContainText("openssl rand -base64 32");
  await everywhere(page);
  await page.goto(`${desk.url}/ui/alerts/endpoints/2`);
  await expect(page.getByRole("textbox", { name: /^Address/ })).toHaveValue("");
  const banner = page.locator(".banner", { hasText: "Nothing is sent to it" });
  await expect(banner).toContainText("It answered 410 Gone at 03:02");
  await everywhere(page);
  await banner.getByRole("button", { name: "Switch on again" }).click();
  await expect(banner).toHaveCount(0);
  expect(desk.alerting.asked.at(-1)).toMatchObject({ method: "POST", path: "/webhooks/2/activations" });
  await page.goto(`${desk.url}/ui/alerts/endpoints/3`);
  await expect(page.locator("main")).toContainText("REDRIVE_WEBHOOK_URL");
  await expect(page.getByRole("form", { name: "Endpoint" })).toHaveCount(0);
});

test("an endpoint of the settings that took nothing for a day says so and is switched on here all the same", async ({ page, desk }) => {
  Object.assign(desk.alerting.endpoints.get("3") ?? {}, { state: "disabled", disabledReason: "the endpoint took nothing for 24 hours", dead: 5 });
  await page.goto(`${desk.url}/ui/alerts/endpoints/3`);
  const banner = page.locator(".banner", { hasText: "the endpoint took nothing for 24 hours" });
  await expect(banner.getByRole("link", { name: "5 messages were given up" })).toHaveAttribute("href", "/ui/alerts/deliveries?endpointId=3&state=dead");
  await everywhere(page);
  await banner.getByRole("button", { name: "Switch on again" }).click();
  await expect(page.locator(".toast")).toContainText("Settings is active again.");
  await expect(banner).toHaveCount(0);
});

test("an endpoint that takes nothing says since when and when it is tried next, wherever its messages wait", async ({ page, desk }) => {
  test.slow();
  desk.alerting.open("1");
  await page.goto(`${desk.url}/ui/alerts`);
  await expect(page.locator(".banner", { hasText: "On-call takes nothing." })).toContainText(/since .*, so what is for it waits in its order; next trial in [34]/);
  await page.goto(`${desk.url}/ui/alerts/endpoints`);
  await expect(page.getByRole("row").filter({ hasText: "On-call" })).toContainText(/Takes nothing/);
  await everywhere(page);
  await page.goto(`${desk.url}/ui/alerts/endpoints/1`);
  const banner = page.locator(".banner", { hasText: "It takes nothing." });
  await expect(banner).toContainText("Last error: no answer within 10000 ms");
  await expect(banner).toContainText("A test is sent at once");
  await everywhere(page);
  await page.goto(`${desk.url}/ui/alerts/deliveries`);
  await expect(page.getByRole("row").filter({ hasText: "Waiting" })).toContainText("its endpoint takes nothing");
  await page.goto(`${desk.url}/ui/alerts/deliveries/msg_1`);
  await expect(page.getByRole("dialog")).toContainText(/next trial in [34]/);
  await accessible(page);
});
