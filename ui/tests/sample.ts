/** Letters of a shop, shaped by the contract, for tests of parts and states. The scenarios run on the real server. */
import type { AuditPage, Bucket, ConsumerGroup, Counts, DeadLetter, FailureGroup, Header, Lane, Overview, Status, ShareGroupItem, Topic, Retention } from "../src/contract.ts";

const hour = 3_600_000;
const minute = 60_000;
export const iso = (ago: number): string => new Date(Date.now() - ago).toISOString();
const text = (data: string) => ({ encoding: "utf8" as const, data, size: new TextEncoder().encode(data).length });
const bytes = (...data: number[]) => ({ encoding: "base64" as const, data: Buffer.from(data).toString("base64"), size: data.length });

export function buckets(...last: number[]): Bucket[] {
  const start = Math.floor(Date.now() / hour) * hour;
  return Array.from({ length: 24 }, (_, i) => ({ start: new Date(start - (23 - i) * hour).toISOString(), letters: last[i - 24 + last.length] ?? 0 }));
}

export function counts(some: Partial<Counts>): Counts {
  const all = { letters: 0, open: 0, replaying: 0, replayed: 0, recovered: 0, returned: 0, discarded: 0, purged: 0, ...some };
  return { ...all, letters: all.letters || all.open + all.recovered + all.returned + all.discarded + all.replayed };
}

const group = (id: string, some: Partial<FailureGroup>): FailureGroup => ({
  id, state: "ongoing", title: "java.lang.IllegalStateException", message: null, culprit: null, originTopic: null, topic: "legacy-dlq", consumerGroup: null, convention: "unknown",
  counts: counts({ open: 1 }), recentLetters: 1, firstSeenAt: iso(30 * hour), lastSeenAt: iso(hour), buckets: buckets(1), fingerprint: "v1:9f3c51aa0e", parts: [{ name: "topic", value: "legacy-dlq" }],
  version: 0, label: null, assignee: null, tags: [], ticketUrl: null, runbookUrl: null, notes: 0, merged: 0, snooze: null, decidedBy: null, decidedAt: null, regressedAt: null, ...some,
});

export const groups: FailureGroup[] = [
  group("1", {
    state: "new", title: "com.fasterxml.jackson.databind.JsonMappingException", message: "Cannot deserialize value of type `java.math.BigDecimal` from String “‹text›”: not a valid representation",
    culprit: "dev.shop.orders.OrderPriceMapper.toCents", originTopic: "orders.placed", topic: "orders.placed-dlt", consumerGroup: "orders-svc", convention: "spring-kafka",
    counts: counts({ open: 3904, recovered: 2, returned: 2 }), firstSeenAt: iso(52 * minute), lastSeenAt: iso(2 * minute), buckets: buckets(1, 4, 22, 90, 130, 118, 124),
    parts: [{ name: "topic", value: "orders.placed" }, { name: "consumer group", value: "orders-svc" }, { name: "exception", value: "com.fasterxml.jackson.databind.JsonMappingException" }, { name: "frame", value: "dev.shop.orders.OrderPriceMapper.toCents" }],
  }),
  group("2", { merged: 1, title: "org.postgresql.util.PSQLException", message: "duplicate key value violates unique constraint “payment_captures_pkey”", culprit: "dev.shop.payments.CaptureStore.insert", originTopic: "payments.captured", topic: "payments.captured-dlt", consumerGroup: "billing", convention: "spring-kafka", counts: counts({ open: 211, recovered: 420, discarded: 9 }), firstSeenAt: iso(52 * 24 * hour), lastSeenAt: iso(11 * minute), buckets: buckets(3, 9, 5, 1, 0, 0, 0, 0, 2, 8, 9, 12) }),
  group("3", { title: "java.net.http.HttpConnectTimeoutException", message: "connect to ledger.internal.shop:‹port› timed out after ‹n› ms", culprit: "dev.shop.ledger.LedgerClient.book", topic: "dead-letter-topic-ledger-out", consumerGroup: "ledger-bridge", convention: "smallrye-reactive-messaging", counts: counts({ open: 96, recovered: 4214 }), buckets: buckets(4, 3, 9, 2, 1, 2, 4, 6, 3, 5, 2, 9, 9, 8, 4, 2, 1, 3, 5, 3, 2, 2, 4, 5) }),
  group("4", { title: "org.apache.kafka.connect.errors.DataException", message: "Field 'availability' is required but was null", topic: "dlq.sink.search-products-eu-central-1-v3", consumerGroup: "connect-search-products-eu-central-1", convention: "kafka-connect", counts: counts({ open: 31 }), lastSeenAt: iso(3 * hour), buckets: buckets(1, 0, 3, 0, 0, 1, 2) }),
  group("5", { state: "quiet", title: "AddressNormalizationError", message: "no rule for script Arab in field recipient: “شارع الملك فهد”", culprit: "labels.normalize", topic: "shipping.label-requested.dlq", consumerGroup: "label-printer", counts: counts({ open: 0, recovered: 188 }), lastSeenAt: iso(30 * hour), buckets: buckets(0) }),
];

const value = `{"orderId":"ord-2026-1123-000771","ledgerId":9007199254740993,"customer":{"name":"ليلى حسن","vip":true},"note":"gift \u202efor noa please","coupon":null,"lines":[{"sku":"MUG-0042","qty":2,"amount":"12,50"},{"sku":"TEE-XL-BLK","qty":1,"amount":19.90}],"cart":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJjdXN0LTQ3MTEiLCJpdGVtcyI6WyJNVUctMDA0MiIsIlRFRS1YTC1CTEsiXSwidHMiOjE3OTU0MDM2NjB9.4vK1hQ"}`;
const frames = (name: string, n: number): string => Array.from({ length: n }, (_, i) => `\tat ${name}.Part${i}.call(Part${i}.java:${100 + i})`).join("\n");
export const stackTrace = `org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed
${frames("org.springframework.kafka.listener", 9)}
Caused by: com.fasterxml.jackson.databind.JsonMappingException: Cannot deserialize value of type \`java.math.BigDecimal\` from String "12,50"
${frames("com.fasterxml.jackson.databind", 11)}
\tat dev.shop.orders.OrderPriceMapper.toCents(OrderPriceMapper.java:57)
\tat dev.shop.orders.OrderPlacedListener.onOrderPlaced(OrderPlacedListener.java:31)
${frames("java.base/jdk.internal.reflect", 3)}
${frames("org.springframework.messaging.handler", 12)}
\t... 9 more
`;

const headers: Header[] = [
  { name: "kafka_dlt-original-topic", value: text("orders.placed") },
  { name: "kafka_dlt-original-offset", value: text("\0\0\0\0\0\u0001X%") },
  { name: "kafka_dlt-exception-fqcn", value: text("org.springframework.kafka.listener.ListenerExecutionFailedException") },
  { name: "traceparent", value: text("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01") },
  { name: "x-tenant", value: text("eu-central") },
  { name: "x-tenant", value: text("eu-central-1") },
  { name: "feature-flags", value: null },
  { name: "retry-hint", value: text("") },
  { name: "avro-fp", value: bytes(0xc3, 1, 0x9f, 0x3c, 0, 0xff, 0x7a, 0x11, 0x80, 0xe2) },
  { name: "x-<img src=x onerror=alert(1)>", value: text("<script>alert(1)</script>") },
];

export function letter(n: number, some: Partial<DeadLetter> = {}): DeadLetter {
  const id = String(1000 + n);
  const status: Status = "open";
  return {
    id, version: 1, status, convention: "spring-kafka", failureGroupId: "1", failedAt: iso(n * minute), ingestedAt: iso(n * minute - 400), changedAt: iso(n * minute - 400),
    position: { cluster: "shop-eu", topic: "orders.placed-dlt", topicId: "6b1f9d1e-6a2c-4d67-9a59-2f60a14b7c01", partition: n % 6, offset: String(88_213 + n), leaderEpoch: 14, timestamp: iso(n * minute) },
    origin: { topic: "orders.placed", partition: n % 6, offset: String(88_101 + n), timestamp: iso(n * minute + 1000), consumerGroup: "orders-svc", inferredFrom: null },
    failure: { exceptionClass: "org.springframework.kafka.listener.ListenerExecutionFailedException", causeClass: "com.fasterxml.jackson.databind.JsonMappingException", message: `Cannot deserialize value of type \`java.math.BigDecimal\` from String "12,${10 + n}"`, attempts: 3, stackTrace },
    keyPreview: `cust-${4711 + n}`, valueSize: 511, payload: "present", replayable: true, assignee: null, tags: [], notes: 0, lineage: { parentId: null, replayId: null, returns: 0 },
    key: text(`cust-${4711 + n}`), value: text(value), headers, storage: "inline", unwrapped: null, latest: null, details: {}, contentHash: "9f3c51aa0e77".repeat(5) + "9f3c",
    replayDrops: ["kafka_dlt-original-topic", "kafka_dlt-original-offset", "kafka_dlt-exception-fqcn"], draft: null, allowedActions: ["edit", "replay", "discard"], ...some,
  };
}

export function sampleLetters(): DeadLetter[] {
  const returned = letter(2, { id: "1002", lineage: { parentId: "1040", replayId: "0b9f6c9e-7f0e-4ad0-8a3f-0e6f1c3e9a11", returns: 1 } });
  return [
    letter(1), returned,
    letter(3, { status: "discarded", allowedActions: ["restore"] }),
    letter(4, { status: "replaying", allowedActions: [] }),
    letter(5, { value: null, valueSize: null, key: bytes(0, 0, 0, 42, 0x91, 0xff), keyPreview: "\ufffd\ufffd\ufffd*\ufffd\ufffd" }),
    letter(6, { value: bytes(...Array.from({ length: 200 }, (_, i) => (i * 37) % 256)), valueSize: 200, key: null, keyPreview: null }),
    letter(7, { value: text("plain text, line one\nline two \u202e reversed\n\ttab and \u001b[31mred"), valueSize: 60, failure: { exceptionClass: null, causeClass: null, message: null, attempts: null, stackTrace: null }, convention: "unknown" }),
    letter(8, { payload: "absent", value: null, key: null, keyPreview: null, valueSize: null, convention: "kafka-share-group", replayable: false, allowedActions: ["edit", "fetch", "discard"] }),
    letter(9, { status: "recovered", allowedActions: [] }),
    ...Array.from({ length: 12 }, (_, i) => letter(20 + i)),
    letter(40, { id: "1040", status: "returned", allowedActions: [] }),
  ];
}

export const overview = (open: number): Overview => ({
  counts: counts({ open, recovered: 2240, returned: 12, discarded: 9 }), failureGroups: { total: 41, open: open > 0 ? 4 : 0 }, arrivedLastHour: open > 0 ? 3911 : 0, oldestOpenAt: open > 0 ? iso(52 * 24 * hour) : null, lastFailureAt: iso(2 * minute),
  topics: 4, gaps: 0, ingest: { lag: 0, updatedAt: iso(2 * minute), behindSince: null }, buckets: buckets(1, 2, 0, 1, 3, 1, 0, 2, 1, 1, 4, 2, 8, 40, 132, 120, 110, 90, 52), asOf: iso(0), partial: [], alertsFiring: 0,
});

const all = (value: number) => ({ value, relation: "eq" as const });
const topic = (name: string, some: Partial<Topic>): Topic => ({
  name, cluster: "shop-eu", topicId: "6b1f9d1e-6a2c-4d67-9a59-2f60a14b7c01", madeAgain: false, origin: null, conventions: ["spring-kafka"], version: 0, paused: null, reading: null, expiry: null, letters: all(101), open: all(0), lastLetterAt: iso(hour), firstSeenAt: iso(900 * hour), lag: 0,
  lastDay: { letters: 0, hours: Array.from({ length: 24 }, () => 0) }, shape: { partitions: 6, originPartitions: null, replicationFactor: 3, retentionMs: 1_209_600_000, retentionBytes: -1, cleanupPolicy: "delete", measuredAt: iso(minute) },
  consumerGroups: { total: 1, items: [{ group: "redrive", type: "consumer", state: "ok", lag: 0 }] },
  partitions: [{ partition: 0, nextOffset: "101", lag: 0, updatedAt: iso(hour) }], gaps: 0, readiness: { ok: 17, warn: 0, fail: 0, unknown: 1, measuredAt: iso(2 * minute) }, ...some,
});
export const topics = (): Topic[] => [
  topic("dead-letter-topic-ledger-out", { open: all(96) }),
  topic("dlq.sink.search-products-eu-central-1-v3", { letters: all(6900), open: all(31), gaps: 1, lag: 30, shape: null, consumerGroups: { total: 0, items: [] } }),
  topic("orders.placed-dlt", { expiry: { headroomPercent: 33, timePercent: 33, sizePercent: null, worstPartition: 2, lag: 12, oldestAt: iso(9 * hour), measuredAt: iso(minute) }, origin: "orders.placed", readiness: null, letters: all(41_209), open: all(3904), lag: 12, lastDay: { letters: 2770, hours: Array.from({ length: 24 }, (_, i) => (i < 20 ? i : i * 30)) }, shape: { partitions: 1, originPartitions: 6, replicationFactor: 1, retentionMs: 259_200_000, retentionBytes: 1_000_000_000, cleanupPolicy: "compact,delete", measuredAt: iso(minute) }, consumerGroups: { total: 23, items: [{ group: "archive.of.everything.that.ever.failed", type: "share", state: null, lag: null }, { group: "audit", type: "classic", state: "stop", lag: 40 }, { group: "redrive", type: "consumer", state: "ok", lag: 0 }] } }),
  topic("returns.received-dlt", { readiness: { ok: 16, warn: 2, fail: 0, unknown: 0, measuredAt: iso(5 * minute) }, letters: all(0), lastLetterAt: null, lag: null }),
];

const reader = (group: string, some: Partial<ConsumerGroup["topics"][number]>): ConsumerGroup["topics"][number] => ({
  group, cluster: "default", topic: "orders.placed", type: "consumer", lag: 0, state: "ok", since: iso(2 * minute), members: 2, partitions: 6, uncommittedPartitions: 0, stuckPartitions: 0, history: Array.from({ length: 60 }, (_, i) => (i < 20 ? null : i % 7)), ...some,
});
export const consumers = [
  reader("orders-svc", { lag: 12_345, state: "stall", stuckPartitions: 1 }),
  reader("analytics.nightly", { lag: 1, state: "stop", stuckPartitions: 1 }),
  reader("billing", { lag: 2100, state: "warn" }),
  reader("search-indexer", { lag: 40, state: "rewind", members: null, uncommittedPartitions: 2 }),
  reader("redrive", { topic: "orders.placed-dlt", type: "streams" }),
];
export const shareGroups: ShareGroupItem[] = [
  { group: "pick.and.pack", cluster: "default", topic: "orders.placed", state: "stable", members: 12, partitions: 6, lag: 340, measuredAt: iso(minute) },
  { group: "nightly.repricing.of.every.order", cluster: "default", topic: "orders.placed", state: "empty", members: null, partitions: 6, lag: null, measuredAt: iso(minute) },
];
export const consumerGroup: ConsumerGroup = {
  group: "orders-svc", cluster: "default", members: 2, topics: consumers.slice(0, 1), asOf: iso(0), partial: [],
  partitions: [
    { topic: "orders.placed", partition: 3, committed: "88101", logEnd: "100446", lag: 12_345, state: "stall", since: iso(40 * minute), movedAt: iso(41 * minute), blockingRecord: { offset: "88101", timestamp: iso(41 * minute), key: { encoding: "utf8", data: "cust-4711", size: 9 }, value: { encoding: "utf8", data: "{\"amount\": \"12,50\u202e\u0000\"}", size: 4096, truncated: true }, headers: 2, hidden: false } },
    { topic: "orders.placed", partition: 0, committed: "90000", logEnd: "90000", lag: 0, state: "ok", since: iso(400 * minute), movedAt: iso(0), blockingRecord: null },
  ],
};

const did = (id: string, action: string, some: Partial<AuditPage["items"][number]>): AuditPage["items"][number] => ({
  id, at: iso(Number(id) * minute), actor: "ana", action, letterId: null, object: null, reason: null, details: {}, requestId: "run-7", ...some,
});
export const audit: AuditPage["items"] = [
  did("9", "group-snoozed", { object: "/api/v1/failure-groups/1", details: { state: "snoozed", snooze: { letters: 10 } } }),
  did("8", "job-created", { object: "/api/v1/jobs/0f6c2b0e-6a2c-4d67-9a59-2f60a14b7c01", reason: "INC-4711: amounts as text", details: { type: "discard", total: 3904, q: "topic:orders.placed-dlt is:open" } }),
  did("7", "discarded", { letterId: "1001", actor: "runbook token", reason: "a test order" }),
  did("5", "ingest-paused", { object: "/api/v1/topics/orders.placed-dlt", reason: "deploy of orders-svc" }),
];

const rule = (statuses: Retention["rules"][number]["statuses"], keepFor: string): Retention["rules"][number] => ({ topics: [], statuses, failureGroupId: null, keepFor, action: "purge", purgesOpenLetters: false });
const usual = [rule(["recovered"], "P30D"), rule(["discarded"], "P30D"), rule(["replayed", "returned"], "P90D")];
export const retention: Retention = {
  version: 1, rules: usual, updatedAt: iso(900 * hour), updatedBy: null, effectiveAt: iso(899 * hour),
  lastRun: { id: "41", startedAt: iso(20 * minute), finishedAt: iso(18 * minute), complete: true, letters: 1_204, traces: 2, rules: [{ rule: usual[0]!, letters: 1_000 }, { rule: usual[1]!, letters: 204 }, { rule: usual[2]!, letters: 0 }] },
};

const lane = (number: number, some: Partial<Lane>): Lane => ({ cluster: "default", lane: number, mode: "strict", health: "serving", detail: null, since: iso(3 * hour), owned: true, queued: 0, sending: 0, ...some });
export const lanes: Lane[] = [
  lane(0, { queued: 1_204, sending: 100 }),
  lane(1, { health: "hold", detail: "The receipts topic __redrive.receipts was deleted and created again", queued: 40 }),
  lane(2, { health: "retrying", owned: false, mode: "fallback", detail: "TimeoutException: Timed out waiting for a node assignment" }),
  lane(3, { health: "starting", owned: false, mode: null }),
];
