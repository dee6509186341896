import { expect, test } from "@playwright/test";
import { silencing, subjectHref, type Alert, type Subject } from "../../src/alerting.ts";

const subject = (kind: Subject["kind"], id: string, title = id, topic: string | null = null): Subject => ({ kind, id, title, topic, cluster: "shop-eu" });
const quiet = (of: Subject): string => silencing({ subject: of, ruleName: "Many letters" } as Alert);

test("a consumer group is known by its name, and its id tells it from the same one on other topics", () => {
  const consumer = subject("consumer", "shop-eu/payments.captured/billing", "billing", "payments.captured");
  expect(subjectHref(consumer)).toBe("/ui/consumers/billing?cluster=shop-eu");
  expect(quiet(consumer)).toBe("consumer:billing");
});

test("what has no field of its own is silenced by its rule", () => {
  expect(quiet(subject("topic", "shop-eu/orders-dlt/partition 3", "orders-dlt", "orders-dlt"))).toBe("topic:orders-dlt");
  expect(quiet(subject("group", "7", "PriceException", "orders-dlt"))).toBe("group:7");
  expect(quiet(subject("job", "0b9f"))).toBe('rule:"Many letters"');
});
