import { expect, test } from "@playwright/test";
import { paths, routeOf } from "../../src/router.ts";

for (const [path, route] of [
  ["/ui/", { screen: "overview" }],
  ["/ui", { screen: "overview" }],
  ["/ui/letters", { screen: "letters" }],
  ["/ui/letters/42", { screen: "letter", id: "42" }],
  ["/ui/letters/42/edit", { screen: "edit", id: "42" }],
  ["/ui/failure-groups/7", { screen: "group", id: "7" }],
  ["/ui/topics", { screen: "topics" }],
  ["/ui/consumers", { screen: "consumers" }],
  ["/ui/consumers/a%20b%2Fc", { screen: "consumer", id: "a b/c" }],
  ["/ui/alerts", { screen: "alerts", id: "" }],
  ["/ui/alerts/rules/4", { screen: "alerts", id: "rules/4" }],
  ["/ui/alerts/deliveries/msg_1%2Fa", { screen: "alerts", id: "deliveries/msg_1/a" }],
  ["/ui/alerts/silences", { screen: "alerts", id: "silences" }],
  ["/ui/alerts/silences/4", { screen: "missing" }],
  ["/ui/alerts/others", { screen: "missing" }],
  ["/ui/failure-groups", { screen: "missing" }],
  ["/ui/letters/42/delete", { screen: "missing" }],
  ["/ui/letters/42/edit/x", { screen: "missing" }],
  ["/", { screen: "missing" }],
] as const) {
  test(`${path} is ${route.screen}`, () => {
    expect(routeOf(path)).toEqual(route);
  });
}

test("paths lead back to their screens", () => {
  expect(routeOf(paths.letter("9"))).toEqual({ screen: "letter", id: "9" });
  expect(routeOf(paths.edit("9"))).toEqual({ screen: "edit", id: "9" });
  expect(routeOf(paths.group("9"))).toEqual({ screen: "group", id: "9" });
  expect(paths.letters('error:"a&b"')).toBe("/ui/letters?q=error%3A%22a%26b%22");
});
