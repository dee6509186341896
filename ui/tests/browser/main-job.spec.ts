import { accessible, expect, test } from "../site.ts";
import { alertLink, home, lettersOf, replaysOf, topic } from "./real.ts";

test.describe.configure({ mode: "serial" });

test("an alert's link, a letter, its JSON edited, the diff, the dry run, a replay: it recovers", async ({ page, request }) => {
  await page.goto(alertLink);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Failure group");
  const row = page.getByRole("row").filter({ hasText: "cust-4711" });
  await row.getByRole("link").click();
  await expect(page.locator("#payload")).toContainText("ord-771");
  await expect(page.locator("#payload")).toContainText("9007199254740993");
  await expect(page.locator("#headers")).toContainText("2nd of 2");
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  await page.keyboard.press("e");
  const editor = page.getByRole("textbox", { name: "Value", exact: true });
  await expect(editor).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('{"orderId":"ord-771","amount":12.50,"ledgerId":9007199254740993}');
  await page.keyboard.press("Control+Enter");

  const diff = page.getByRole("table", { name: /Value: original against draft/ });
  await expect(diff.locator("tr.del")).toContainText('"12,50"');
  await expect(diff.locator("tr.ins")).toContainText("12.50");
  await expect(page.locator(".checks")).toBeVisible();
  await expect(page.locator("main")).toContainText("orders-svc");
  await accessible(page);
  await page.getByLabel("Reason").fill("INC-4711, amount sent as text");
  await page.getByRole("button", { name: "Replay 1 letter" }).click();

  await expect(page).toHaveURL(new RegExp(`/ui/letters/${id}$`));
  const fate = page.getByRole("region", { name: "Latest replay" });
  await expect(fate).toContainText("Recovered", { timeout: 30_000 });
  await expect(page.locator("main .badge").first()).toHaveText("Recovered");
  await expect(page.locator("#history")).toContainText("INC-4711, amount sent as text");
  await accessible(page);
  const { items } = await replaysOf(request, id);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ outcome: "recovered", source: "draft", target: { topic: "shop-orders" } });
});

test("a letter replayed as it came returns as a new letter, linked to its parent", async ({ page, request }) => {
  const [letter] = await lettersOf(request, { q: `topic:${topic} key:cust-0815 is:open` });
  expect(letter, "a letter of cust-0815").toBeDefined();
  await page.goto(`${home}/ui/letters/${letter?.id}`);
  await expect(page.locator("#payload")).toContainText("ord-772");
  await page.keyboard.press("r");
  await expect(page.getByRole("button", { name: "Replay 1 letter" })).toBeEnabled();
  await accessible(page);
  await page.getByRole("button", { name: "Replay 1 letter" }).dblclick();
  const fate = page.getByRole("region", { name: "Latest replay" });
  await expect(fate).toContainText("Returned", { timeout: 30_000 });
  expect((await replaysOf(request, letter?.id ?? "")).items).toHaveLength(1);

  await fate.getByRole("link", { name: /as letter/ }).click();
  await expect(page).not.toHaveURL(new RegExp(`/letters/${letter?.id}$`));
  await expect(page.locator("main")).toContainText(/came back once/i);
  const parent = page.getByRole("list", { name: "Lineage" }).locator(`a[href="/ui/letters/${letter?.id}"]`);
  await expect(parent).toBeVisible();
  await accessible(page);
  await parent.click();
  await expect(page.locator("main .badge").first()).toHaveText("Returned");
});

test("a discarded letter is restored with one key", async ({ page, request }) => {
  const [letter] = await lettersOf(request, { q: `topic:${topic} key:cust-0007 is:open` });
  await page.goto(`${home}/ui/letters/${letter?.id}`);
  await expect(page.locator("#payload .tag")).toHaveText("U+202E");
  await page.keyboard.press("d");
  await expect(page.locator("main .badge").first()).toHaveText("Discarded");
  await page.keyboard.press("z");
  await expect(page.locator("main .badge").first()).toHaveText("Open");
  await expect(page.locator("#history")).toContainText("Restored");
});

test("a change by somebody else shows without a reload", async ({ page, request }) => {
  const [letter] = await lettersOf(request, { q: `topic:${topic} key:cust-10 is:open` });
  await page.goto(`${home}/ui/letters?q=${encodeURIComponent(`topic:${topic}`)}`);
  const row = page.locator(`#letter-${letter?.id}`);
  await expect(row).toContainText("Open");
  await expect(page.locator(".live")).toContainText("Live");
  const discarded = await request.post(`${home}/api/v1/dead-letters/${letter?.id}/discards`, { data: {} });
  expect(discarded.status(), await discarded.text()).toBe(200);
  await expect(row).toContainText("Discarded");
});
