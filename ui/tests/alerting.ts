/** Alerts, rules, silences, messages and endpoints, as the server answers. */
import type { Alert, AlertRule, Delivery, DeliveryDetail, Endpoint, RuleEdit, Silence } from "../src/alerting.ts";
import { iso } from "./sample.ts";

const minute = 60_000;
const hour = 60 * minute;
export const hostile = '<img src=x onerror="alert(1)">';

const subject = (kind: Alert["subject"]["kind"], id: string, title = id, topic: string | null = null): Alert["subject"] => ({ kind, id, title, topic, cluster: topic === null ? null : "shop-eu" });
const alert = (id: string, some: Partial<Alert>): Alert => ({
  id, ruleId: "1", ruleName: "New failure group", condition: "new-group", severity: "error", state: "firing", subject: subject("group", "1", "JsonMappingException", "orders.placed-dlt"), title: "New failure group JsonMappingException in orders.placed-dlt",
  count: 3904, since: some.firedAt ?? iso(52 * minute), firedAt: iso(52 * minute), resolvedAt: null, lastNotifiedAt: iso(50 * minute), suppressedBy: null, acknowledgedBy: null, acknowledgedAt: null, link: "https://redrive.shop.example/ui/failure-groups/1?until=1013", runbookUrl: "https://wiki.shop.example/orders-dlt", ...some,
});
const rule = (id: string, name: string, some: Partial<AlertRule>): AlertRule => ({
  id, version: 1, name, enabled: true, builtIn: true, condition: "new-group", query: null, threshold: null, window: null, forDuration: "PT0S", severity: "error", endpointIds: [], repeatInterval: "PT4H", groupWait: "PT30S", groupInterval: "PT5M",
  runbookUrl: null, showPayload: false, state: "ok", firing: 0, lastFiredAt: null, updatedBy: null, updatedAt: iso(52 * minute), ...some,
});
const endpoint = (id: string, name: string, some: Partial<Endpoint>): Endpoint => ({
  id, version: 1, name, kind: "slack", addressHint: "https://hooks.slack.com/…", allowsPayload: false, enabled: true, state: "active", disabledReason: null, fromSettings: false, ownerEndpointId: null, lastDeliveredAt: iso(50 * minute), lastError: null, failures: 0, failingSince: null, nextTrialAt: null, pending: 0, dead: 0, ...some,
});
const body = JSON.stringify({ specversion: "1.0", id: "msg_2", type: "redrive.group.new", data: { title: `New failure ${hostile}`, ledgerId: 1, note: "gift \u202efor", count: 3904 } }).replace('"ledgerId":1', '"ledgerId":9007199254740993');
const delivery = (id: string, some: Partial<DeliveryDetail>): DeliveryDetail => ({
  id, event: "redrive.group.new", alertId: "11", failureGroupId: "1", endpoint: { id: "1", name: "On-call", kind: "slack", failingSince: null, nextTrialAt: null }, title: "New failure group JsonMappingException in orders.placed-dlt", state: "delivered", suppressedBy: null, attempts: 1, lastStatus: 200, lastError: null, latencyMillis: 84,
  createdAt: iso(50 * minute), nextAttemptAt: null, deliveredAt: iso(50 * minute - 84), body, tries: [{ at: iso(50 * minute), status: 200, error: null, latencyMillis: 84 }], ...some,
});

export class AlertStand {
  readonly alerts = [
    alert("14", { ruleId: "3", ruleName: "Stuck consumer", condition: "stuck-consumer", severity: "warning", subject: subject("consumer", "shop-eu/payments.captured/billing", "billing", "payments.captured"), title: "billing does not get on with payments.captured", count: 2, firedAt: iso(3 * hour), suppressedBy: { kind: "silence", id: "1", what: "topic:payments.* until 09:00" }, runbookUrl: null }),
    alert("11", {}),
    alert("13", { ruleId: "4", ruleName: "Letters about to expire", condition: "expiry", severity: "critical", subject: subject("topic", "returns.received-dlt", "returns.received-dlt", "returns.received-dlt"), title: "returns.received-dlt: 31 % of the retention left", count: 1, firedAt: iso(4 * minute), lastNotifiedAt: null, runbookUrl: null }),
    alert("9", { state: "resolved", title: `Replay of ${hostile} uncertain`, ruleId: null, ruleName: "Replay uncertain", severity: "info", condition: "replay-uncertain", subject: subject("replay", "0b9f"), firedAt: iso(30 * hour), resolvedAt: iso(29 * hour), runbookUrl: null }),
  ];
  readonly rules = new Map([
    rule("1", "New failure group", { state: "firing", firing: 1, lastFiredAt: iso(52 * minute) }),
    rule("2", "Many letters", { builtIn: false, condition: "letters", threshold: 100, window: "PT5M", query: "topic:orders-*,payments-*", forDuration: "PT2M", endpointIds: ["1", "2"], lastFiredAt: iso(80 * hour) }),
    rule("3", "Stuck consumer", { condition: "stuck-consumer", window: "PT5M", severity: "warning", state: "firing", firing: 1 }),
    rule("4", "Letters about to expire", { condition: "expiry", threshold: 50, severity: "critical", state: "firing", firing: 1 }),
    rule("5", "Job is done", { condition: "job-finished", severity: "info", enabled: false }),
  ].map((one) => [one.id, one]));
  readonly endpoints = new Map([
    endpoint("1", "On-call", {}),
    endpoint("2", "Ledger team", { kind: "webhook", addressHint: "https://alerts.shop.example/…", state: "disabled", disabledReason: "It answered 410 Gone at 03:02", enabled: false, lastError: "410 Gone", pending: 2, dead: 1 }),
    endpoint("3", "Settings", { kind: "webhook", addressHint: "https://ops.shop.example/…", fromSettings: true }),
  ].map((one) => [one.id, one]));
  readonly deliveries: DeliveryDetail[] = [
    delivery("msg_1", { state: "pending", attempts: 3, lastStatus: 503, lastError: "503 Service Unavailable", latencyMillis: 1204, deliveredAt: null, nextAttemptAt: iso(-9 * minute), tries: [{ at: iso(2 * minute), status: 503, error: "503 Service Unavailable", latencyMillis: 1204 }, { at: iso(3 * minute), status: null, error: "No answer within 10 s", latencyMillis: 10_000 }] }),
    delivery("msg_2", { title: `New failure ${hostile}` }),
    delivery("msg_3", { state: "dead", event: "redrive.alert.firing", title: "billing does not get on", endpoint: { id: "2", name: "Ledger team", kind: "webhook", failingSince: null, nextTrialAt: null }, attempts: 8, lastStatus: null, lastError: "Connection refused", latencyMillis: null, deliveredAt: null }),
    delivery("msg_4", { state: "suppressed", event: "redrive.alert.firing", title: "billing does not get on", attempts: 0, lastStatus: null, latencyMillis: null, deliveredAt: null, tries: [], suppressedBy: "silence: topic:payments.* until 09:00" }),
  ];
  readonly silences: Silence[] = [
    { id: "1", query: "topic:payments.*", from: iso(hour), until: iso(-3 * hour), by: "ana", reason: "INC-4711: billing is being redeployed", state: "active", matches: 1 },
    { id: "2", query: "severity:info,warning", from: iso(40 * hour), until: iso(30 * hour), by: "operator", reason: "load test", state: "ended", matches: 0 },
  ];
  /** What was written, in its order. */
  readonly asked: { method: string; path: string; body: Record<string, unknown> }[] = [];
  keyMissing = false;

  /** As after five messages that it did not answer. */
  open(id: string): void {
    const trial = { failingSince: iso(12 * minute), nextTrialAt: iso(-4 * minute) };
    Object.assign(this.endpoints.get(id) ?? {}, trial, { failures: 6, lastError: "no answer within 10000 ms", pending: 3 });
    for (const one of this.deliveries) if (one.endpoint.id === id) Object.assign(one.endpoint, trial);
  }

  get firing(): number {
    return this.alerts.filter((one) => one.state === "firing").length;
  }

  /** @return undefined where the path is of something else */
  answer(method: string, path: string, query: URLSearchParams, body: Record<string, unknown>, match: string | undefined, key: string | undefined): { status: number; data: unknown } | undefined {
    const [, kind = "", id = "", part] = path.split("/");
    if (!["alerts", "alert-rules", "silences", "webhooks", "deliveries"].includes(kind)) return undefined;
    if (method === "POST" && !id && key === undefined) return refuse(400, "idempotency-key-missing", "Send an Idempotency-Key, best a UUID");
    if (method !== "GET" && id !== "backtests" && id !== "previews") this.asked.push({ method, path, body });
    switch (kind) {
      case "alerts": return this.ofAlerts(method, id, query, body);
      case "alert-rules": return this.ofRules(method, id, body, match);
      case "silences": return this.ofSilences(method, id, body);
      case "webhooks": return this.ofEndpoints(method, id, part, body, match);
      default: return this.ofDeliveries(method, id, query);
    }
  }

  private ofAlerts(method: string, id: string, query: URLSearchParams, { note }: Record<string, unknown>): { status: number; data: unknown } {
    if (method === "GET") return page(this.alerts.filter((one) => one.state === query.get("state") && (!query.get("ruleId") || one.ruleId === query.get("ruleId"))));
    const found = this.alerts.find((one) => one.id === id);
    if (!found || found.state === "resolved") return refuse(409, "conflict", "The alert is resolved already");
    Object.assign(found, { acknowledgedBy: "operator", acknowledgedAt: iso(0), suppressedBy: { kind: "acknowledgement", id: "1", what: String(note ?? "") } });
    return { status: 201, data: found };
  }

  private ofRules(method: string, id: string, body: Record<string, unknown>, match: string | undefined): { status: number; data: unknown } {
    if (id === "backtests") return backtest(body as unknown as RuleEdit);
    const found = this.rules.get(id);
    if (method === "GET" && !id) return page([...this.rules.values()]);
    if (method === "POST") return this.keep({ ...rule(String(this.rules.size + 1), "", {}), ...body, builtIn: false } as AlertRule, 201);
    if (!found) return refuse(404, "not-found", "There is no such rule");
    if (method === "GET") return { status: 200, data: found };
    if (match !== `"v${found.version}"`) return refuse(412, "precondition-failed", "The rule was changed since");
    if (method === "PUT") return this.keep({ ...found, ...body, version: found.version + 1 } as AlertRule, 200);
    this.rules.delete(id);
    return { status: 204, data: undefined };
  }
  private keep(one: AlertRule, status: number): { status: number; data: unknown } {
    this.rules.set(one.id, one);
    return { status, data: one };
  }

  private ofSilences(method: string, id: string, body: Record<string, unknown>): { status: number; data: unknown } {
    const query = String(body["query"] ?? "");
    if (id === "previews") {
      if (query.startsWith("topc:")) return refuse(400, "query-invalid", "There is no field topc", { position: 0, suggestion: "topic" });
      const found = this.alerts.filter((one) => one.state === "firing" && (query.startsWith("severity:") || query === `${one.subject.kind}:${one.subject.id}`));
      return { status: 200, data: { matches: found.map((one) => ({ alertId: one.id, title: one.title })), total: found.length } };
    }
    if (method === "GET") return page(this.silences);
    if (method === "POST") {
      const made: Silence = { id: String(this.silences.length + 1), query, from: iso(0), until: String(body["until"]), by: "operator", reason: String(body["reason"]), state: "active", matches: 1 };
      this.silences.push(made);
      return { status: 201, data: made };
    }
    const found = this.silences.find((one) => one.id === id);
    if (found) Object.assign(found, { state: "ended", until: iso(0) });
    return { status: 204, data: undefined };
  }

  private ofEndpoints(method: string, id: string, part: string | undefined, body: Record<string, unknown>, match: string | undefined): { status: number; data: unknown } {
    const found = this.endpoints.get(id);
    const { address, ...edit } = body;
    const refused = address === undefined ? undefined : this.refused(String(address));
    if (part === "tests") return { status: 200, data: found?.state === "active" ? delivery("msg_2", { event: "redrive.webhook.test" }) : delivery("msg_3", { state: "dead", lastStatus: null, lastError: "Connection refused", latencyMillis: null }) };
    if (part === "activations" && found) Object.assign(found, { state: "active", enabled: true, disabledReason: null, version: found.version + 1 });
    if (part === "activations") return found ? { status: 200, data: found } : refuse(404, "not-found", "There is no such endpoint");
    if (part === "secret-rotations") return { status: 201, data: { secret: "whsec_bmV3IHNlY3JldA==" } };
    if (method === "GET") return id ? (found ? { status: 200, data: found } : refuse(404, "not-found", "There is no such endpoint")) : page([...this.endpoints.values()]);
    if (refused) return refused;
    if (method === "POST") {
      const made = endpoint(String(this.endpoints.size + 1), "", { ...edit, addressHint: `${new URL(String(address)).origin}/…`, lastDeliveredAt: null });
      this.endpoints.set(made.id, made);
      return { status: 201, data: made.kind === "webhook" ? { ...made, secret: "whsec_c2VjcmV0" } : made };
    }
    if (!found) return refuse(404, "not-found", "There is no such endpoint");
    if (match !== `"v${found.version}"`) return refuse(412, "precondition-failed", "The endpoint was changed since");
    if (method === "DELETE") this.endpoints.delete(id);
    else Object.assign(found, edit, { version: found.version + 1, state: edit["enabled"] ? "active" : "disabled", disabledReason: null, dead: 0 });
    return method === "DELETE" ? { status: 204, data: undefined } : { status: 200, data: found };
  }
  private refused(address: string): { status: number; data: unknown } | undefined {
    if (this.keyMissing) return refuse(422, "secrets-key-missing", "REDRIVE_SECRETS_KEY is not set");
    return address.includes("10.0.0.") ? refuse(422, "unprocessable", "Cannot be done with this content", { errors: [{ pointer: "/address", detail: "10.0.0.7 is a private address" }] }) : undefined;
  }

  private ofDeliveries(method: string, id: string, query: URLSearchParams): { status: number; data: unknown } {
    if (!id) return page(this.deliveries.filter((one) => ["state", "endpointId"].every((name) => !query.get(name) || query.get(name) === (name === "state" ? one.state : one.endpoint.id))).map(({ body: _, tries: __, ...one }): Delivery => one));
    const found = this.deliveries.find((one) => one.id === id);
    if (!found) return refuse(404, "not-found", "There is no such message");
    if (method === "POST") Object.assign(found, { state: "pending", nextAttemptAt: iso(-1000) });
    return { status: method === "POST" ? 202 : 200, data: found };
  }
}

const page = (items: unknown[]): { status: number; data: unknown } => ({ status: 200, data: { items, page: { next: null, hasMore: false } } });
const refuse = (status: number, code: string, title: string, more: object = {}): { status: number; data: unknown } => ({ status, data: { type: `/api/problems#${code}`, title, status, code, detail: `${title}.`, instance: "", traceId: "4bf92f3577b34da6", retryable: false, ...more } });

function backtest({ query, threshold }: RuleEdit): { status: number; data: unknown } {
  if (query?.includes("key:")) return refuse(400, "query-invalid", "A rule cannot ask for keys", { position: query.indexOf("key:") });
  const [first = 0, ...others] = [6, 60, 100].map((ago) => ago * hour);
  const all = [first, ...others].map((ago, i) => ({ at: iso(ago), until: i === 0 ? null : iso(ago - 40 * minute), subject: subject("topic", "orders.placed-dlt", "orders.placed-dlt", "orders.placed-dlt"), count: 130 + i }));
  const firings = all.slice(0, (threshold ?? 0) > 1000 ? 0 : 3);
  return { status: 200, data: { windowFrom: iso(168 * hour), windowTo: iso(0), firings, count: firings.length, truncated: false } };
}
