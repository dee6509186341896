import type { Page } from "@playwright/test";
import { accessible, expect, test } from "../site.ts";

const here = (page: Page) => page.locator("tr.here th[scope=row]");

test("j, k, x, Enter walk and select the list; nothing fires while one types", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters`);
  await expect(here(page)).toHaveText("1:88214");
  await page.keyboard.press("j");
  await expect(here(page)).toHaveText("2:88215");
  await page.keyboard.press("k");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  await expect(page.locator(".dock")).toContainText("3 letters selected");
  await page.keyboard.press("Escape");
  await expect(page.locator(".dock")).toHaveCount(0);
  await page.keyboard.press("/");
  await page.keyboard.type("jjr");
  await expect(page.getByRole("searchbox")).toHaveValue("jjr");
  await expect(here(page)).toHaveText("3:88216");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/letters\/1003$/);
});

test("a key that comes with the first picture of the failure groups counts", async ({ page, desk }) => {
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector("tr.here")) return;
      seen.disconnect();
      dispatchEvent(new KeyboardEvent("keydown", { key: "x" }));
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${desk.url}/ui/`);
  await expect(page.getByRole("group", { name: "Actions" })).toContainText("1 selected");
  await page.keyboard.press("j");
  await expect(page.locator("tr.here")).toHaveAttribute("aria-selected", "false");
  await expect(page.getByRole("group", { name: "Actions" })).toContainText("1 selected");
});

test("brackets lead through the list, Escape back to it, v and 1 to 4 through the letter", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await expect(here(page)).toHaveText("1:88214");
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toContainText("1 of 18");
  await page.keyboard.press("]");
  await expect(page).toHaveURL(/letters\/1002/);
  await expect(page.locator("main")).toContainText("2 of 18");
  await page.keyboard.press("[");
  await expect(page).toHaveURL(/letters\/1001/);
  await expect(page.locator("main")).toContainText("1 of 18");
  await expect(page.getByRole("button", { name: "JSON" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("v");
  await page.keyboard.press("v");
  await expect(page.getByRole("button", { name: "Hex" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("region", { name: "Hex" })).toContainText("000000");
  await page.keyboard.press("3");
  await expect(page.locator("#error")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/letters\?q=is%3Aopen/);
});

test("g goes places, the sheet lists the keys, and single keys can be switched off", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/`);
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await expect(page).toHaveURL(/ui\/topics$/);
  // Not what stands there until its code has come: that takes the sheet away with it.
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Topics");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("Go to Letters");
  await page.getByLabel("Single keys act").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(page).toHaveURL(/ui\/topics$/);
});

test("d discards at once and z brings it back", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters/1001`);
  await expect(page.getByRole("group", { name: "Actions" })).toContainText("Discard");
  await page.keyboard.press("d");
  await expect(page.locator(".toast")).toContainText("1 letter discarded.");
  await expect(page.locator("main .badge").first()).toHaveText("Discarded");
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("1 letter restored.");
  await expect(page.locator("main .badge").first()).toHaveText("Open");
});

test("a second press of Discard asks for nothing more, and a remark in between leaves the way back", async ({ page, desk }) => {
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/discards")) asked++;
  });
  await page.goto(`${desk.url}/ui/letters/1001`);
  await page.getByRole("button", { name: /^Discard/ }).dblclick();
  await expect(page.locator(".toast")).toContainText("1 letter discarded.");
  await page.locator("#error").getByRole("button", { name: /^Copy/ }).click();
  await expect(page.locator(".toast")).toContainText(/cop(ied|y)/);
  expect(asked).toBe(1);
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("1 letter restored.");
});

test("what could not be undone is said", async ({ page, desk, watched }) => {
  watched.allowed.push("503");
  let down = false;
  await page.route("**/notes", (route) => (down ? route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ title: "Postgres does not answer" }) }) : route.fallback()));
  await page.goto(`${desk.url}/ui/letters`);
  await expect(here(page)).toHaveText("1:88214");
  await page.keyboard.press("n");
  await page.getByLabel("Note", { exact: true }).fill("asked the supplier");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator(".toast")).toContainText("Noted.");
  await expect(page.getByLabel("Note", { exact: true })).toHaveCount(0);
  down = true;
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("Not undone. Postgres does not answer");
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("There is nothing to undo.");
});

test("whoever comes back from a letter goes on at it; d in the list goes on to the next", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await expect(here(page)).toHaveText("1:88214");
  for (const key of ["j", "j", "Enter"]) await page.keyboard.press(key);
  await expect(page.getByRole("link", { name: /3 of 18.*back to the list/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator("tbody tr").nth(2)).toHaveAttribute("aria-current", "true");
  const next = (await page.locator("tbody tr").nth(3).getByRole("rowheader").textContent()) ?? "";
  await page.keyboard.press("d");
  await expect(page.locator(".toast")).toContainText("1 letter discarded.");
  await expect(here(page)).toHaveText(next);
});

test("from an alert's link to the first replay in six keys, and a second press sends nothing more", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/failure-groups/1?until=1013`);
  await expect(here(page)).toHaveText("1:88214");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("group", { name: "Actions" })).toContainText("Replay");
  await page.keyboard.press("r");
  const send = page.getByRole("button", { name: "Replay 1 letter" });
  await expect(send).toBeEnabled();
  await expect(page.getByRole("region", { name: "Replay" })).toContainText("search-indexer");
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("region", { name: "Latest replay" })).toContainText("Recovered");
  expect([...desk.sent.values()]).toMatchObject([{ delay: "PT5S" }]);
});

test("a replay counts down, and z takes it back: nothing was sent", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters/1001`);
  await expect(page.getByRole("group", { name: "Actions" })).toContainText("Replay");
  await page.keyboard.press("r");
  await expect(page.getByRole("button", { name: "Replay 1 letter" })).toBeEnabled();
  await page.keyboard.press("Control+Enter");
  const chip = page.locator(".toast");
  // Nothing slow stands between the countdown and the key: it goes by the clock of the server.
  await expect(chip).toContainText(/Sending in [1-5].s/);
  await page.keyboard.press("z");
  await expect(chip).toContainText("Replay cancelled. Nothing was sent");
  await accessible(page);
  await expect(page.getByRole("region", { name: "Latest replay" })).toContainText("Cancelled");
  await expect(page.locator("main .badge").first()).toHaveText("Open");

  await page.keyboard.press("r");
  await page.getByRole("button", { name: "Replay 1 letter" }).click();
  await page.getByRole("region", { name: "Latest replay" }).getByRole("button", { name: "Cancel, nothing was sent yet" }).click();
  await expect(page.locator("main .badge").first()).toHaveText("Open");
});

test("with Shift there is no countdown", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters/1001?replay=1`);
  await expect(page.getByRole("button", { name: "Replay 1 letter" })).toBeEnabled();
  await page.keyboard.press("Control+Shift+Enter");
  await expect(page.getByRole("region", { name: "Latest replay" })).toContainText("Recovered");
  await expect(page.locator(".toast")).toHaveCount(0);
  expect([...desk.sent.values()].map((body) => (body as { delay?: string }).delay)).toEqual([undefined]);
});

test("a retry after a lost answer keeps its key", async ({ page, desk, watched }) => {
  watched.allowed.push("ERR_");
  let lost = true;
  const keys: string[] = [];
  await page.route("**/replays", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    keys.push(route.request().headers()["idempotency-key"] ?? "");
    if (!lost) return route.fallback();
    lost = false;
    await route.abort("connectionreset");
  });
  await page.goto(`${desk.url}/ui/letters/1001?replay=1`);
  await page.getByRole("button", { name: "Replay 1 letter" }).click({ modifiers: ["Shift"] });
  await expect(page.getByRole("alert")).toContainText("Redrive does not answer");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("region", { name: "Latest replay" })).toContainText("Recovered");
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^"[0-9a-f-]{36}"$/);
  expect(keys[1]).toBe(keys[0]);
});

test("hostile bytes are shown, not obeyed", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters/1001`);
  await expect(page.locator("#headers")).toContainText("<script>alert(1)</script>");
  await expect(page.locator("#headers")).toContainText("2nd of 2");
  await expect(page.locator("#headers")).toContainText("= 88101");
  await expect(page.locator("#payload")).toContainText("9007199254740993");
  await expect(page.locator("#payload .tag")).toHaveText("U+202E");
  expect(await page.locator("main img, main script").count()).toBe(0);
});

test("c copies a letter or a job as the curl of a runbook, and y the link of a letter", async ({ page, desk, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await page.goto(`${desk.url}/ui/letters/1001`);
  await expect(page.getByRole("button", { name: "Copy as curl c" })).toBeVisible();
  await page.keyboard.press("c");
  await expect(page.locator(".toast")).toContainText("Command copied.");
  expect(await copied()).toBe(`curl -fsS -H "Authorization: Bearer $REDRIVE_TOKEN" '${desk.url}/api/v1/dead-letters/1001'`);
  await page.keyboard.press("y");
  await expect(page.locator(".toast")).toContainText("Link copied.");
  expect(await copied()).toBe(`${desk.url}/ui/letters/1001`);
  const selection = (await (await page.request.post(`${desk.url}/api/v1/selections`, { data: { ids: ["1001"] } })).json()) as { id: string };
  const job = (await (await page.request.post(`${desk.url}/api/v1/jobs`, { headers: { "Idempotency-Key": '"k"' }, data: { type: "tag", selectionId: selection.id, reason: "INC-4711", options: { add: ["x"] } } })).json()) as { id: string };
  await page.goto(`${desk.url}/ui/jobs/${job.id}`);
  await expect(page.getByRole("button", { name: "Copy as curl c" })).toBeVisible();
  await page.keyboard.press("c");
  await expect(page.locator(".toast")).toContainText("Command copied.");
  expect(await copied()).toContain(`/api/v1/jobs/${job.id}'`);
});
