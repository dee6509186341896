import type { Page } from "@playwright/test";
import { expect, fits, test } from "../site.ts";

const long = `orders.${"a-team-with-a-long-name.".repeat(10)}dlt`.slice(0, 249);

async function alter(page: Page, url: string | RegExp, change: (body: never) => unknown): Promise<void> {
  await page.route(url, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change((await response.json()) as never) });
  });
}

/** Boxes of the elements, and whether any two of them lie over each other. */
async function overlaps(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((all) => {
    const boxes = all.map((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return { text: one.textContent ?? "", box: range.getBoundingClientRect() };
    });
    const apart = (a: DOMRect, b: DOMRect): boolean => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => !apart(a.box, b.box)).map((b) => `${a.text} over ${b.text}`));
  });
}

test("a topic with the longest name that Kafka allows leaves the frame as it is", async ({ page, desk }) => {
  await alter(page, /dead-letters\/1001$/, (body: { position: object }) => ({ ...body, position: { ...body.position, topic: long, offset: "9223372036854775807" } }));
  await page.goto(`${desk.url}/ui/letters/1001`);
  const title = page.getByRole("heading", { level: 1 });
  await expect(title).toContainText(long);
  const [h1, rail, live] = await Promise.all([title, page.locator(".rail"), page.locator(".top .live")].map((one) => one.boundingBox()));
  expect(h1?.x).toBeGreaterThanOrEqual((rail?.x ?? 0) + (rail?.width ?? 0));
  expect(live?.x).toBeGreaterThanOrEqual((h1?.x ?? 0) + (h1?.width ?? 0));
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  expect((await page.locator(".top").boundingBox())?.height).toBeLessThan(110);
});

test("figures of a hundred million do not run into each other", async ({ page, desk }) => {
  await alter(page, "**/api/v1/overview*", (body: { counts: object; ingest: object }) => ({ ...body, counts: { ...body.counts, open: 120_878_512, returned: 12_041_181, recovered: 900_719_925 }, ingest: { ...body.ingest, lag: 9_007_199_254 } }));
  await alter(page, /failure-groups\?/, (body: { items: { counts: object }[] }) => ({ ...body, items: body.items.map((one) => ({ ...one, counts: { ...one.counts, open: 120_878_512, letters: 900_719_925 } })) }));
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`${desk.url}/ui/`);
    await expect(page.locator(".figures")).toContainText("9\u202f007\u202f199\u202f254");
    expect(await overlaps(page, ".figures dd")).toEqual([]);
    expect(await overlaps(page, "tr#group-1 > .num > *")).toEqual([]);
    const sticksOut = await page.locator(".figures dd").evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
    expect(sticksOut).toEqual([]);
  }
});

test("whoever started a job is read on one line", async ({ page, desk }) => {
  const selection = (await (await page.request.post(`${desk.url}/api/v1/selections`, { data: { q: "is:open" } })).json()) as { id: string };
  const reason = "What was decided at three in the morning about INC-4711, with all that was known of it at that time and who was asked";
  await page.request.post(`${desk.url}/api/v1/jobs`, { headers: { "Idempotency-Key": '"k"' }, data: { type: "tag", selectionId: selection.id, reason, options: { add: ["x"] } } });
  await page.goto(`${desk.url}/ui/jobs`);
  const by = page.getByRole("cell", { name: "operator" });
  await expect(by).toBeVisible();
  expect(await by.evaluate((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getClientRects().length;
  })).toBe(1);
});

test("the list of topics ends where the page does", async ({ page, desk }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${desk.url}/ui/topics`);
  const table = page.getByRole("table");
  await expect(table).toContainText("1/3");
  const [inner, outer] = await Promise.all([table.boundingBox(), page.locator(".head").first().boundingBox()]);
  expect((inner?.x ?? 0) + (inner?.width ?? 0)).toBeLessThanOrEqual((outer?.x ?? 0) + (outer?.width ?? 0) + 0.5);
});

test("what stands at the end of a row on a phone stays clear of the frame of the row", async ({ page, desk }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [path, cells] of [["", ".num > *"], ["letters", ".a-key code, .a-time time"]] as const) {
    await page.goto(`${desk.url}/ui/${path}`);
    const row = page.locator("tr.here");
    await expect(row).toBeVisible();
    const edge = await row.evaluate((one) => one.getBoundingClientRect().right);
    const ends = await row.locator(cells).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
    expect(Math.max(...ends)).toBeLessThanOrEqual(edge - 4);
    // In line with each other.
    if (path !== "") expect(Math.max(...ends) - Math.min(...ends)).toBeLessThan(1);
  }
});

test("on a phone a question about failure groups has the page to itself, and its button can be reached", async ({ page, desk }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${desk.url}/ui/`);
  await expect(page.locator("tr.here")).toBeVisible();
  for (const key of ["x", "j", "x"]) await page.keyboard.press(key);
  await expect(page.getByRole("group", { name: "Actions" })).toContainText("2 selected, 4\u202f115 open");
  await page.keyboard.press("Shift+M");
  const merge = page.getByRole("button", { name: "Merge 2 failure groups" });
  await expect(merge).toBeVisible();
  await expect(page.getByRole("group", { name: "Actions" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.getByRole("group", { name: "Actions" }).getByRole("button", { name: /^Clear/ }).click();
  await expect(page.getByRole("group", { name: "Actions" })).toHaveCount(0);
});

test("the button of a long question is in sight before anybody scrolls", async ({ page, desk }) => {
  for (const [width, height] of [[1280, 720], [390, 844]] as const) {
    await page.setViewportSize({ width, height });
    await page.goto(`${desk.url}/ui/letters?q=is%3Aopen`);
    await expect(page.locator("tr.here")).toBeVisible();
    for (const key of ["x", "j", "Shift+X", "r"]) await page.keyboard.press(key);
    await expect(page.getByRole("region", { name: "What would happen" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Replay 2 letters" })).toBeInViewport({ ratio: 1 });
    await expect(page.getByLabel("Reason")).toBeFocused();
    await expect(page.getByLabel("Reason")).toBeInViewport({ ratio: 1 });
    // Nothing is seen to scroll beneath it.
    const [asks, dock] = await Promise.all([page.getByRole("dialog"), page.getByRole("dialog").locator(".dock")].map((one) => one.boundingBox()));
    expect(Math.abs((asks?.y ?? 0) + (asks?.height ?? 0) - (dock?.y ?? 0) - (dock?.height ?? 0))).toBeLessThanOrEqual(2);
  }
});

test("a trace that is too long to be shown at once says so, and shows the rest down to its root", async ({ page, desk }) => {
  const lines = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? `Caused by: dev.shop.Level${i}Exception` : `\tat ${i % 3 === 1 ? "dev.shop.orders" : "org.springframework.kafka"}.Part${i}.call(Part${i}.java:${i})`));
  await alter(page, /dead-letters\/1001$/, (body: { failure: object }) => ({ ...body, failure: { ...body.failure, stackTrace: [...lines, "Caused by: dev.shop.TheRootException: the price has a comma"].join("\n") } }));
  await page.goto(`${desk.url}/ui/letters/1001`);
  const error = page.locator("#error");
  await expect(error).toContainText("Level0Exception");
  await expect(error).not.toContainText("TheRootException");
  await error.getByRole("button", { name: "Show the other 2\u202f501 parts" }).click();
  await expect(error).toContainText("TheRootException: the price has a comma");
  await expect(error.getByRole("button", { name: /^Show the other/ })).toHaveCount(0);
});
