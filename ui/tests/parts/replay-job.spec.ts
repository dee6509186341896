import type { Page } from "@playwright/test";
import type { Job } from "../../src/contract.ts";
import { accessible, everywhere, expect, fits, test } from "../site.ts";

test("many letters are replayed: shown first what would happen, then followed to the last outcome", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await expect(page.locator("tr.here")).toBeVisible();
  for (const key of ["x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toHaveText("Replay 3 letters");
  const preview = dialog.getByRole("region", { name: "What would happen" });
  await expect(preview).toContainText("3 letters would be sent to orders.placed");
  await expect(preview).toContainText("all of them see the records again");
  await expect(preview).toContainText("There is a newer letter with the same key");
  await preview.getByRole("button", { name: "Leave them out" }).click();
  await expect(preview).not.toContainText("There is a newer letter with the same key");
  await expect(preview.getByLabel("Leaves out letters of which a newer one has the key")).toBeChecked();
  await dialog.getByLabel("Canary").fill("x");
  await expect(dialog.getByRole("button", { name: "Replay 3 letters" })).toBeDisabled();
  await expect(dialog).toContainText("First letters: 0 to 1 000.");
  await dialog.getByLabel("Canary").fill("2");
  await dialog.getByLabel("Letters a second").fill("");
  await dialog.getByLabel("Order of each key").selectOption("strict");
  await accessible(page);
  await dialog.getByLabel("Reason").fill("INC-4711");
  await dialog.getByRole("button", { name: "Replay 3 letters" }).click();
  await expect(page.locator(".toast")).toContainText("3 letters sent.");
  expect([...desk.orders.values()]).toMatchObject([
    { type: "replay", expectedCount: 3, reason: "INC-4711", options: { rate: null, canary: 2, maxReturnRatio: 0.2, drafts: "skip", order: "strict", overrides: [], skip: ["newer-key"] } },
  ]);
  await page.locator(".toast").getByRole("link", { name: "Job" }).click();
  await expect(page.locator(".verdict")).toContainText("Recovered 3 of 3 sent");
  await expect(page.getByRole("list", { name: "Result" })).toContainText("Came back");
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
});

test("a replay is ordered to start paused, and waits for whoever lets it go on", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await expect(page.locator("tr.here")).toBeVisible();
  for (const key of ["x", "j", "Shift+X", "r"]) await page.keyboard.press(key);
  await page.getByRole("dialog").getByLabel("Reason").fill("INC-4711");
  await page.getByRole("dialog").getByRole("button", { name: "Start paused" }).click();
  await expect(page.locator(".toast")).toContainText("Replaying 2 letters begins when you let it go on.");
  expect([...desk.orders.values()]).toMatchObject([{ options: { startPaused: true } }]);
  await page.locator(".toast").getByRole("link", { name: "Job" }).click();
  await expect(page.getByRole("button", { name: /^Go on/ })).toBeVisible();
  await expect(page.locator("main")).toContainText("It was ordered to start paused");
});

test("all open letters of a failure group are replayed from its page", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/failure-groups/1`);
  await page.getByRole("button", { name: /Replay all .* open/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toContainText("Replay");
  await expect(dialog.getByRole("button", { name: "Replay", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

/** The stand-in's jobs go well; this is one that does not look so. */
async function jobThat(page: Page, home: string, looks: Partial<Job>): Promise<string> {
  const ask = async (path: string, data: object): Promise<Job> => (await (await page.request.post(`${home}/api/v1/${path}`, { data, headers: { "Idempotency-Key": '"first"' } })).json()) as Job;
  const selection = await ask("selections", { ids: ["1001"] });
  const { id } = await ask("jobs", { type: "replay", selectionId: selection.id, reason: "INC-4711", options: { maxLag: 1000 } });
  await page.route(/\/api\/v1\/jobs\/[^/?]+$/, async (route) => {
    const response = await route.fetch();
    const job = (await response.json()) as Job;
    await route.fulfill({ response, json: job.id === id ? { ...job, ...looks, counters: { ...job.counters, ...looks.counters } } : job });
  });
  await page.goto(`${home}/ui/jobs/${id}`);
  return id;
}

test("the letters are sent to the retry topic that only the group that failed reads, and not faster than it reads", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
  await expect(page.locator("tr.here")).toBeVisible();
  for (const key of ["x", "j", "Shift+X", "r"]) await page.keyboard.press(key);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Not to orders.placed.retry.1s: Its consumers need what only their framework writes");
  await dialog.getByLabel("orders.placed-retry-1000").check();
  await dialog.getByLabel("consumers are so many behind").fill("200");
  await accessible(page);
  await dialog.getByLabel("Reason").fill("INC-4711");
  await dialog.getByRole("button", { name: "Replay 2 letters" }).click();
  await expect(page.locator(".toast")).toContainText("2 letters sent.");
  expect([...desk.orders.values()]).toMatchObject([{ options: { target: { topic: "orders.placed-retry-1000" }, maxLag: 200 } }]);

  await page.goto(`${desk.url}/ui/letters/1001?replay=1`);
  await expect(page.getByRole("radio", { name: "orders.placed-retry-1000" })).toBeVisible();
});

test("a job whose consumers are behind says for whom it waits", async ({ page, desk }) => {
  await jobThat(page, desk.url, { state: "running", finishedAt: null, allowedActions: ["pause", "cancel", "change"], waitsFor: { group: "till", topic: "orders.placed", lag: 1204, fellAt: "2026-11-28T03:00:00.000Z" } });
  await expect(page.getByText(/Waits for till: lag 1.204 of 1.000 on orders\.placed/)).toBeVisible();
  await expect(page.getByLabel("consumers are so many behind")).toHaveValue("1000");
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
});

test("what failed and what came back is tried again as a new job, linked both ways", async ({ page, desk }) => {
  const id = await jobThat(page, desk.url, { state: "succeeded-with-failures", allowedActions: ["retry"], counters: { failed: 2, returned: 1, uncertain: 1 } as Job["counters"] });
  const form = page.getByRole("form", { name: "Try again" });
  await expect(form.getByRole("button")).toHaveText("Replay 2 letters again");
  await expect(form).toContainText("The 1 uncertain need your decision first.");
  await form.getByLabel("that came back").check();
  await expect(form.getByLabel("Reason")).toHaveValue("INC-4711");
  await form.getByLabel("Reason").fill("INC-4711, the bank is open");
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await form.getByRole("button", { name: "Replay 3 letters again" }).click();
  await expect(page.getByText("Takes up again")).toBeVisible();
  expect([...desk.orders.values()].at(-1)).toMatchObject({ results: ["failed", "returned"], reason: "INC-4711, the bank is open", retryOf: id });
  await page.getByRole("link", { name: id.slice(0, 8) }).click();
  await expect(page.getByText("Taken up by")).toBeVisible();
});

const troubled: Partial<Job> = { state: "paused", stage: "canary", stateReason: "Canary: of the first 5 letters 3 came back", finishedAt: null, allowedActions: ["resume", "cancel", "exclude"], counters: { sent: 5, returned: 2, failed: 1, held: 1300 } as Job["counters"] };

test("a held job goes on without the failure group that came back", async ({ page, desk }) => {
  await jobThat(page, desk.url, troubled);
  const section = page.locator("section", { has: page.getByRole("heading", { name: "What does not go well" }) });
  await expect(section).toContainText("2 came back, 1 failed: PriceMissing No price for <n>");
  await expect(section.getByRole("link", { name: "PriceMissing" })).toHaveAttribute("href", /failure-groups\/1$/);
  await everywhere(page);
  await section.getByRole("button", { name: /Leave out its other 1.204 letters and go on/ }).click();
  await expect(page.locator("dl.facts")).toContainText(/1.204 letters of PriceMissing, by operator/);
  expect([...desk.orders.values()].at(-1)).toMatchObject({ failureGroupId: "1" });
});

test("whoever leaves a group out second is told that the job goes on already", async ({ page, desk, watched }) => {
  watched.allowed.push("409");
  const id = await jobThat(page, desk.url, troubled);
  const button = page.getByRole("button", { name: /Leave out its other/ });
  await expect(button).toBeVisible();
  await page.request.post(`${desk.url}/api/v1/jobs/${id}/exclusions`, { data: { failureGroupId: "1" }, headers: { "Idempotency-Key": '"other"' } });
  await button.click();
  await expect(page.getByRole("alert")).toContainText("The job is running");
});
