/** Alerts, their rules, silences and messages as the API under `/alerts` and its neighbours answers. */
import { get, withQuery } from "./api.ts";
import { asValue } from "./query.ts";
import { base, paths } from "./router.ts";
import type { Alert, AlertCondition, AlertRule, AlertSubject, Severity, Webhook, WebhookChange } from "./contract.ts";

export type { Alert, AlertRule, Backtest, Delivery, DeliveryDetail, EndpointKind, Severity, Silence } from "./contract.ts";
export type Condition = AlertCondition;
export type Subject = AlertSubject;
export type Endpoint = Webhook;
/** The address is written and never read; left out, it stays as it is. */
export type EndpointEdit = WebhookChange & Required<Pick<WebhookChange, "kind" | "allowsPayload" | "enabled" | "ownerEndpointId">>;

/** One page; without `page` it is all there is. */
export interface Items<T> {
  items: T[];
  page?: { next: string | null; hasMore: boolean };
}

/** What of a rule a person writes; null as threshold or window is what usually fits the condition. */
export type RuleEdit = Omit<AlertRule, "id" | "version" | "builtIn" | "state" | "firing" | "lastFiredAt" | "updatedBy" | "updatedAt">;

export interface SilencePreview {
  matches: { alertId: string; title: string }[];
  total: number;
}

/** The page of what an alert is about, that of a group as it was told; null where none of ours shows it. */
export function subjectHref({ kind, id, title, topic, cluster }: Subject, link = ""): string | null {
  switch (kind) {
    case "group": return ownPage(link) ?? paths.group(id);
    case "topic": return paths.topic(topic ?? id, cluster ?? "");
    case "consumer": return paths.consumer(title, cluster ?? "");
    case "job": return paths.job(id);
    case "endpoint": return paths.alerts(`endpoints/${encodeURIComponent(id)}`);
    case "cluster": return paths.topics;
    case "replay": return ownPage(link);
  }
}

/** Messages may name us otherwise than this browser does, so only the path of a link counts. */
function ownPage(link: string): string | null {
  const url = URL.parse(link, location.href);
  return url?.pathname.startsWith(base) ? url.pathname + url.search : null;
}

/** What silences this alert and its like: the same subject, whichever rule tells of it. */
export function silencing({ subject, ruleName }: Alert): string {
  switch (subject.kind) {
    case "group": return `group:${asValue(subject.id)}`;
    case "topic": return `topic:${asValue(subject.topic ?? subject.id)}`;
    case "consumer": return `consumer:${asValue(subject.title)}`;
    default: return `rule:${asValue(ruleName)}`;
  }
}

const rank: Severity[] = ["critical", "error", "warning", "info"];

/** Those that nobody has taken care of first, then the worst, then the latest. */
export function inOrder(alerts: Alert[]): Alert[] {
  const weight = (alert: Alert): number => rank.indexOf(alert.severity) + (alert.suppressedBy || alert.acknowledgedAt ? rank.length : 0);
  return [...alerts].sort((a, b) => weight(a) - weight(b) || Date.parse(b.firedAt ?? b.since) - Date.parse(a.firedAt ?? a.since));
}

/** What a form writes of a rule or endpoint that exists. */
export function ruleEdit({ name, enabled, condition, query, threshold, window, forDuration, severity, endpointIds, repeatInterval, groupWait, groupInterval, runbookUrl, showPayload }: RuleEdit): RuleEdit {
  return { name, enabled, condition, query, threshold, window, forDuration, severity, endpointIds, repeatInterval, groupWait, groupInterval, runbookUrl, showPayload };
}
export function endpointEdit({ name, kind, allowsPayload, enabled, ownerEndpointId }: Endpoint): EndpointEdit {
  return { name, kind, allowsPayload, enabled, ownerEndpointId };
}

/** The header that lets a change go through only where nobody else made one. */
export const ifMatch = ({ version }: { version: number }): Record<string, string> => ({ "If-Match": `"v${version}"` });

/** So many alerts at once; in a bad night there are more, and they are asked for. */
export const pageful = 200;

/** Those that began last, page after page up to `most`. */
export async function alertsFiring(ruleId: string | null, most: number, abort: AbortSignal): Promise<Items<Alert>> {
  const items: Alert[] = [];
  let cursor: string | null = null;
  do {
    const found: Items<Alert> = await get<Items<Alert>>(withQuery("/alerts", { state: "firing", ruleId, limit: pageful, cursor }), abort);
    items.push(...found.items);
    cursor = found.page?.next ?? null;
  } while (cursor !== null && items.length < most);
  return { items, page: { next: cursor, hasMore: cursor !== null } };
}
