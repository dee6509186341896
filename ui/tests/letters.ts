/** What the stand-in says of one letter. */
import type { Check, DeadLetter, Draft, DraftDiff } from "../src/contract.ts";
import { parted } from "../src/query.ts";

export function summary(letter: DeadLetter, fields: string | null): unknown {
  const { key: _key, value: _value, headers: _headers, ...rest } = letter;
  return fields === null ? rest : { ...rest, fields: parted(fields).map((field) => (field === "payload.nothing" ? null : `${field}\u202e of ${letter.id}`)) };
}

export function check(letter: DeadLetter): Check {
  return {
    ok: true, overrides: [], size: 702, target: { cluster: "shop-eu", topic: letter.origin.topic, partition: 3, maxMessageBytes: 1_048_588 }, headers: { dropped: letter.replayDrops, added: ["redrive-replay-id", "redrive-letter", "redrive-attempt"] },
    checks: [{ id: "target-exists", level: "ok", detail: "orders.placed has 6 partitions" }, { id: "size", level: "ok", detail: "702 B of 1,048,588 B allowed" }, { id: "acl", level: "ok", detail: "Redrive may write to orders.placed" }, { id: "newer-key", level: "warning", detail: "A newer record has this key" }],
    retryTopics: [{ topic: "orders.placed-retry-1000", offered: true, why: "Only orders-svc, which failed, reads it; it takes the record as a first attempt", groups: ["orders-svc-retry-1000"] }],
    blastRadius: { groups: ["orders-svc", "billing", "search-indexer"], compacted: false, newerSameKey: true },
  };
}

export function diff(letter: DeadLetter, draft: Draft | undefined): DraftDiff {
  const same = (before: DraftDiff["key"]["before"], after: DraftDiff["key"]["before"]): DraftDiff["key"] => ({ change: JSON.stringify(before) === JSON.stringify(after) ? "same" : "changed", bytesChanged: 7, before, after, json: null });
  const target = { topic: null, partitioning: "key" as const, partition: null, timestamp: "now" as const };
  return {
    key: same(letter.key, draft?.key ?? letter.key), value: same(letter.value, draft ? draft.value : letter.value), target: { before: target, after: draft?.target ?? target },
    headers: (draft?.headers ?? letter.headers).map((header) => ({ change: letter.headers.some((one) => JSON.stringify(one) === JSON.stringify(header)) ? "same" as const : "added" as const, name: header.name, before: null, after: header.value })),
  };
}
