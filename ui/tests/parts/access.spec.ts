import { accessible, everywhere, expect, test } from "../site.ts";

const screens: [name: string, path: string, ready: string][] = [
  ["overview", "/ui/", "Failure groups"],
  ["list", "/ui/letters", "dead letters"],
  ["failure group", "/ui/failure-groups/1", "Letters"],
  ["letter", "/ui/letters/1001", "Where it came from"],
  ["letter that came back", "/ui/letters/1002", "Where it came from"],
  ["tombstone with a binary key", "/ui/letters/1005", "tombstone"],
  ["binary value", "/ui/letters/1006", "000010"],
  ["letter without a payload", "/ui/letters/1008", "That is not a tombstone"],
  ["replay panel", "/ui/letters/1001?replay=1", "orders-svc"],
  ["edit", "/ui/letters/1001/edit", "Headers"],
  ["topics", "/ui/topics", "dead-letter-topic-ledger-out"],
  ["audit", "/ui/audit", "failure group 1"],
  ["no such page", "/ui/nowhere", "No such page"],
];

for (const [name, path, ready] of screens) {
  test(`axe finds nothing on ${name}, in both themes and at both widths, and it fits`, async ({ page, desk }) => {
    test.slow();
    await page.goto(desk.url + path);
    await expect(page.locator("main")).toContainText(ready);
    await expect(page.locator(".bones")).toHaveCount(0);
    if (name === "edit") await expect(page.getByRole("textbox", { name: "Value", exact: true })).toBeVisible();
    await everywhere(page);
  });
}

test("axe finds nothing on the help sheet", async ({ page, desk }) => {
  await page.goto(`${desk.url}/ui/letters`);
  await expect(page.locator("main")).toContainText("dead letters");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await accessible(page);
});

test("axe finds nothing on the sign-in page, and a token opens the desk", async ({ page, desk, watched }) => {
  watched.allowed.push("401");
  let open = false;
  const problem = { type: "/api/problems#unauthenticated", title: "Sign in first", status: 401, code: "unauthenticated", instance: "", traceId: "", retryable: false };
  await page.route("**/api/v1/**", (route) => (open ? route.fallback() : route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify(problem) })));
  await page.route("**/api/v1/sessions", (route) => {
    open = route.request().postDataJSON().token === "right";
    return open ? route.fulfill({ status: 201, json: { actor: "admin", auth: "session", permissions: ["read"], csrfToken: "c", version: "1" } }) : route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ ...problem, title: "That token is not known" }) });
  });
  await page.goto(`${desk.url}/ui/letters/1001`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByLabel("Token")).toBeFocused();
  await accessible(page);
  await page.getByLabel("Token").fill("wrong");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("That token is not known");
  await page.getByLabel("Token").fill("right");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("orders.placed-dlt");
});
