import { everywhere, expect, fits, test } from "../site.ts";
import { groupsOf, home, lettersOf, topic } from "./real.ts";

test("every screen of the real server is clean for axe in both themes, at both widths", async ({ page, request }) => {
  test.setTimeout(300_000);
  const [group] = (await groupsOf(request)).items;
  const [letter] = await lettersOf(request, { q: "is:open" });
  // Of one topic: axe looks at every row, and the fifth row of a kind tells it nothing new.
  const q = `?q=${encodeURIComponent(`topic:${topic}`)}`;
  const paths = [`/ui/${q}`, `/ui/letters${q}`, "/ui/topics", `/ui/topics/${topic}`, "/ui/consumers", "/ui/jobs", "/ui/audit", "/ui/settings/lanes", "/ui/alerts", "/ui/alerts/rules", "/ui/alerts/deliveries", "/ui/alerts/silences", "/ui/alerts/endpoints", `/ui/failure-groups/${group?.id}`, `/ui/letters/${letter?.id}`, `/ui/letters/${letter?.id}/edit`];
  for (const path of paths) {
    await page.goto(home + path);
    await expect(page.locator("main")).not.toBeEmpty();
    await expect(page.locator(".bones")).toHaveCount(0);
    await everywhere(page);
  }
});

test("a letter of each convention opens, whatever its bytes are", async ({ page, request }) => {
  test.slow();
  const byConvention = new Map((await lettersOf(request, {})).map((letter) => [letter.convention, letter.id]));
  expect(byConvention.size).toBeGreaterThan(3);
  for (const [convention, id] of byConvention) {
    await page.goto(`${home}/ui/letters/${id}`);
    await expect(page.locator("main")).toContainText(convention);
    await expect(page.locator("#history")).toContainText("Stored");
    await expect(page.getByRole("alert")).toHaveCount(0);
    await fits(page);
  }
});

test("the page is served with the strict policy, and unknown paths under it are the page", async ({ request }) => {
  for (const path of ["/ui/", "/ui/letters/1", "/ui/nowhere"]) {
    const response = await request.get(home + path);
    expect(response.status()).toBe(200);
    const policy = response.headers()["content-security-policy"] ?? "";
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"]) expect(policy).toContain(part);
    expect(response.headers()["x-content-type-options"]).toBe("nosniff");
  }
});
