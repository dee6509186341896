import type { Page } from "@playwright/test";
import type { DeadLetter, FailureGroup } from "../../src/contract.ts";
import { accessible, expect, test } from "../site.ts";
import type { Fixture } from "../fixture.ts";

/** All of it but what tells that somebody was here. */
async function state(page: Page, desk: Fixture, path: string): Promise<unknown> {
  const { version: _version, changedAt: _changedAt, decidedAt: _decidedAt, decidedBy: _decidedBy, ...rest } = (await (await page.request.get(`${desk.url}/api/v1${path}`)).json()) as Partial<DeadLetter & FailureGroup>;
  const { items } = (await (await page.request.get(`${desk.url}/api/v1${path}/notes`)).json()) as { items: unknown[] };
  return { ...rest, items };
}

type Act = { name: string; act: (page: Page) => Promise<void>; done: string };
const desk = (page: Page) => page.getByRole("group", { name: "Actions" });
const dialog = (page: Page) => page.getByRole("dialog");
const write = async (page: Page, text: string, key = "Enter"): Promise<void> => {
  await expect(page.locator("section.panel, dialog").locator("input, textarea").first()).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press(key);
};

const ofLetters: (Act & { letter?: string })[] = [
  { name: "assign", act: (page) => page.keyboard.press("m"), done: "Assigned to operator." },
  { name: "discard", act: (page) => page.keyboard.press("d"), done: "1 letter discarded." },
  { name: "restore", letter: "1003", act: (page) => desk(page).getByRole("button", { name: "Restore" }).click(), done: "1 letter restored." },
  {
    name: "tag", done: "Tagged.",
    act: async (page) => {
      await desk(page).getByRole("button", { name: "Tag…" }).click();
      await dialog(page).getByLabel("Tags to add").fill("refund vip");
      await dialog(page).getByRole("button", { name: "Tag 1 letter" }).click();
    },
  },
  {
    name: "note", done: "Noted.",
    act: async (page) => {
      await page.keyboard.press("n");
      await write(page, "  asked the supplier ", "Control+Enter");
    },
  },
];

/** One after the other on one page: each begins where the undo of the one before has ended. */
async function eachUndone(page: Page, desk: Fixture, path: string, acts: Act[]): Promise<void> {
  const before = await state(page, desk, path);
  for (const { name, act, done } of acts) {
    await test.step(name, async () => {
      await act(page);
      await expect(page.locator(".toast")).toContainText(done);
      expect(await state(page, desk, path)).not.toEqual(before);
      await expect(page.locator("dialog[open], section.panel")).toHaveCount(0);
      await page.keyboard.press("z");
      await expect(page.locator(".toast")).not.toContainText(done);
      await expect.poll(() => state(page, desk, path)).toEqual(before);
    });
  }
}

for (const letter of ["1001", "1003"]) {
  const acts = ofLetters.filter((one) => (one.letter ?? "1001") === letter);
  test(`undo of ${acts.map(({ name }) => name).join(", ")} leaves the letter exactly as it was`, async ({ page, desk }) => {
    test.slow();
    await page.goto(`${desk.url}/ui/letters/${letter}`);
    await expect(page.getByRole("group", { name: "Actions" })).toBeVisible();
    await eachUndone(page, desk, `/dead-letters/${letter}`, acts);
  });
}

const ofGroups: Act[] = [
  { name: "assign", act: (page) => page.keyboard.press("m"), done: "assigned to operator" },
  { name: "resolve", act: (page) => page.keyboard.press("v"), done: "resolved" },
  {
    name: "snooze", done: "snoozed until 10 more letters",
    act: async (page) => {
      await page.keyboard.press("s");
      await expect(page.getByRole("region", { name: /^Snooze/ })).toBeVisible();
      await page.keyboard.press("3");
    },
  },
  {
    name: "tag", done: "tagged",
    act: async (page) => {
      await page.keyboard.press("t");
      await write(page, "refund vip");
    },
  },
  {
    name: "note", done: "Noted at 1 failure group.",
    act: async (page) => {
      await page.keyboard.press("n");
      await write(page, " asked the supplier  ", "Control+Enter");
    },
  },
  ...(["Ticket", "Runbook"] as const).map((link): Act => ({
    name: `${link.toLowerCase()} link`, done: "linked",
    act: async (page) => {
      await page.getByRole("button", { name: `Add ${link} link` }).click();
      await page.getByLabel(`${link} link`).fill("https://wiki.example/INC-4711");
      await page.keyboard.press("Enter");
    },
  })),
];

test(`undo of ${ofGroups.map(({ name }) => name).join(", ")} leaves the failure group exactly as it was`, async ({ page, desk }) => {
  test.slow();
  await page.goto(`${desk.url}/ui/failure-groups/1`);
  await expect(page.getByRole("button", { name: "Assign to me" })).toBeVisible();
  await eachUndone(page, desk, "/failure-groups/1", ofGroups);
});

test("what was done here can be taken back from the activity when its toast is gone, also out of turn", async ({ page, desk }) => {
  const before = await state(page, desk, "/failure-groups/1");
  await page.goto(`${desk.url}/ui/failure-groups/1`);
  await expect(page.getByRole("button", { name: "Assign to me" })).toBeVisible();
  await page.keyboard.press("n");
  await write(page, "asked the supplier", "Control+Enter");
  await expect(page.locator(".toast")).toContainText("Noted");
  await page.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("z");
  await expect(page.locator(".toast")).toContainText("There is nothing to undo.");
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await page.getByRole("button", { name: /^Activity/ }).click();
  const activity = page.getByRole("region", { name: "Activity" });
  await expect(activity.getByRole("list", { name: "Done here" })).toContainText("Noted at 1 failure group.");
  await accessible(page);
  await activity.getByRole("button", { name: "Undo Noted at 1 failure group." }).click();
  await expect(page.locator(".toast")).toContainText("The note is gone from 1 failure group.");
  expect(await state(page, desk, "/failure-groups/1")).toEqual(before);
  await expect(page.getByRole("list", { name: "Done here" })).toHaveCount(0);
});
