/** Alerts, their rules, silences and messages as the API under `/alerts` and its neighbours answers. */
import { asValue } from "./query.ts";
import { base, paths } from "./router.ts";

export type Severity = "critical" | "error" | "warning" | "info";
export type Condition =
  | "new-group" | "regressed" | "escalating" | "letters" | "oldest-open" | "consumer-lag" | "stuck-consumer" | "ingest-lag" | "expiry" | "gap"
  | "job-stopped" | "job-finished" | "replay-uncertain" | "topic-unready" | "cluster-unreachable" | "delivery-dead" | "hanging-transaction";

/** One page; without `page` it is all there is. */
export interface Items<T> {
  items: T[];
  page?: { next: string | null; hasMore: boolean };
}

/** What of a rule a person writes; durations are ISO 8601. */
export interface RuleEdit {
  name: string;
  enabled: boolean;
  condition: Condition;
  query: string | null;
  /** Null is what usually fits the condition; so too `window`. */
  threshold: number | null;
  window: string | null;
  forDuration: string;
  severity: Severity;
  /** None is every active endpoint. */
  endpointIds: string[];
  repeatInterval: string;
  groupWait: string;
  groupInterval: string;
  runbookUrl: string | null;
  showPayload: boolean;
}
export interface AlertRule extends RuleEdit {
  id: string;
  version: number;
  builtIn: boolean;
  state: "ok" | "firing";
  firing: number;
  lastFiredAt: string | null;
}

export interface Subject {
  kind: "group" | "topic" | "consumer" | "job" | "replay" | "cluster" | "endpoint";
  id: string;
  title: string;
  topic: string | null;
  cluster: string | null;
}
export interface Alert {
  id: string;
  ruleId: string | null;
  ruleName: string;
  condition: Condition;
  severity: Severity;
  state: "pending" | "firing" | "resolved";
  subject: Subject;
  title: string;
  count: number;
  /** When the condition began to hold. */
  since: string;
  firedAt: string | null;
  resolvedAt: string | null;
  lastNotifiedAt: string | null;
  suppressedBy: { kind: "silence" | "inhibition" | "acknowledgement"; id: string | null; what: string } | null;
  acknowledgedBy: string | null;
  acknowledgedAt: string | null;
  link: string;
  runbookUrl: string | null;
}
export interface Backtest {
  windowFrom: string;
  windowTo: string;
  firings: { at: string; until: string | null; subject: Subject; count: number }[];
  count: number;
  truncated: boolean;
}

export interface Silence {
  id: string;
  query: string;
  from: string;
  until: string;
  by: string;
  reason: string;
  state: "pending" | "active" | "ended";
  matches: number;
}
export interface SilencePreview {
  matches: { alertId: string; title: string }[];
  total: number;
}

export type EndpointKind = "webhook" | "slack" | "teams" | "pagerduty" | "alertmanager" | "mail" | "heartbeat";
export interface Endpoint {
  id: string;
  version: number;
  name: string;
  kind: EndpointKind;
  addressHint: string | null;
  allowsPayload: boolean;
  enabled: boolean;
  state: "active" | "disabled" | "absent";
  disabledReason: string | null;
  fromSettings: boolean;
  ownerEndpointId: string | null;
  lastDeliveredAt: string | null;
  lastError: string | null;
  pending: number;
  dead: number;
}
/** The address is written and never read; left out, it stays as it is. */
export type EndpointEdit = Pick<Endpoint, "name" | "kind" | "allowsPayload" | "enabled" | "ownerEndpointId"> & { address?: string };

export interface Delivery {
  /** The webhook-id. */
  id: string;
  event: string;
  alertId: string | null;
  failureGroupId: string | null;
  endpoint: Pick<Endpoint, "id" | "name" | "kind">;
  title: string;
  state: "pending" | "delivered" | "dead" | "suppressed";
  /** What held it back, in words. */
  suppressedBy: string | null;
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  latencyMillis: number | null;
  createdAt: string;
  nextAttemptAt: string | null;
  deliveredAt: string | null;
}
export interface DeliveryDetail extends Delivery {
  body: string;
  tries: { at: string; status: number | null; error: string | null; latencyMillis: number | null }[];
}

/** The page of what an alert is about; null where none of ours shows it. */
export function subjectHref({ kind, id, topic, cluster }: Subject, link = ""): string | null {
  switch (kind) {
    case "group": return paths.group(id);
    case "topic": return paths.topic(topic ?? id, cluster ?? "");
    case "consumer": return paths.consumer(id, cluster ?? "");
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
  if (subject.kind === "group" || subject.kind === "topic" || subject.kind === "consumer") return `${subject.kind}:${asValue(subject.kind === "topic" ? (subject.topic ?? subject.id) : subject.id)}`;
  return `rule:${asValue(ruleName)}`;
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
