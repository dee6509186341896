/** Merges, splits and label rules of the stand-in. */
import type { FailureGroup, FailureGroupPatch, HistoryEvent, Job, LabelRules, MergedGroups, Notes, SplitGroups } from "../src/contract.ts";
import { groups as sample, iso } from "./sample.ts";

type Body = Record<string, unknown>;
type Found = { status: number; data: unknown; etag?: string };

export class GroupParts {
  /** Of this server alone: what one test merges no other one sees. */
  readonly groups = structuredClone(sample);
  private readonly merged = new Map<string, MergedGroups["items"]>([
    ["2", [{ id: "21", title: "org.postgresql.util.PSQLException", message: "duplicate key value violates unique constraint “captures_old_pkey”", topic: "payments.captured-dlt", consumerGroup: "billing", mergedUnder: "2", letters: { value: 17, relation: "eq" } }]],
  ]);
  private readonly notes = new Map<string, Notes["items"]>();
  private readonly splits = new Map<string, SplitGroups["items"]>();
  private rules: LabelRules = { rules: [{ q: "class:HttpConnectTimeoutException consumer:ledger-bridge", label: "Ledger is slow" }, { q: "origin:orders.placed error:deserialize", label: "Order amounts" }], author: "ana", updatedAt: iso(86_400_000) };
  private version = 3;
  private readonly away: { at: number; group: (typeof sample)[number] }[] = [];
  /** What was asked for, in its order. */
  readonly asked: { path: string; body: Body }[] = [];

  /** @param sub names one thing of the part */
  answer(method: string, id: string, part: string, body: Body, sub = ""): Found | undefined {
    const path = `${method} ${part}`;
    if (method === "POST") this.asked.push({ path: `/failure-groups/${id}/${part}`, body });
    if (path === "GET merges") return { status: 200, data: { items: this.merged.get(id) ?? [] } };
    if (path === "GET splits") return { status: 200, data: { items: this.splits.get(id) ?? [] } };
    if (path === "GET history") return { status: 200, data: { items: history } };
    const group = this.groups.find((one) => one.id === id);
    if (!group) return undefined;
    if (part === "notes") return this.noted(group, method, sub, body);
    if (path === "PATCH ") return this.decided(group, body as FailureGroupPatch);
    if (path === "POST merges") {
      const ids = body["ids"] as string[];
      const others = ids.flatMap((other) => this.groups.find((one) => one.id === other) ?? []);
      this.merged.set(id, [...(this.merged.get(id) ?? []), ...others.map((one) => ({ id: one.id, title: one.title, message: one.message, topic: one.topic, consumerGroup: one.consumerGroup, mergedUnder: id, letters: { value: one.counts.letters, relation: "eq" as const } }))]);
      for (const one of others) {
        this.away.push({ at: this.groups.indexOf(one), group: one });
        this.groups.splice(this.groups.indexOf(one), 1);
      }
      Object.assign(group, { merged: group.merged + ids.length, version: group.version + 1 });
      return { status: 200, data: job("merge", others.reduce((sum, one) => sum + one.counts.letters, 0)) };
    }
    if (path === "POST splits") {
      const out = body["groups"] as string[] | undefined;
      for (const { at, group: back } of [...this.away].reverse()) if (out?.includes(back.id) && !this.groups.includes(back)) this.groups.splice(at, 0, back);
      Object.assign(group, { merged: group.merged - (out?.length ?? 0), version: group.version + 1 });
      if (out) this.merged.set(id, (this.merged.get(id) ?? []).filter((one) => !out.includes(one.id)));
      else this.splits.set(id, [...(this.splits.get(id) ?? []), { id: "31", title: String(body["title"] ?? group.title), q: String(body["q"]), author: "operator", at: iso(0), mergedInto: null }]);
      return { status: 200, data: job("split", 17) };
    }
    return undefined;
  }

  private noted(group: FailureGroup, method: string, note: string, body: Body): Found {
    const all = this.notes.get(group.id) ?? [anas];
    if (method === "GET") return { status: 200, data: { items: all } };
    const kept = method === "POST" ? [...all, { id: String(all.length + 1), author: "operator", text: String(body["text"]).trim(), at: iso(0), own: true }] : all.filter(({ id }) => id !== note);
    this.notes.set(group.id, kept);
    Object.assign(group, { notes: group.notes + kept.length - all.length, version: group.version + 1 });
    return method === "POST" ? { status: 200, data: group } : { status: 204, data: undefined };
  }

  /** A group that nobody resolved or snoozed has the state that follows from its letters. */
  private decided(group: FailureGroup, { snooze, state, ...rest }: FailureGroupPatch): Found {
    const before = sample.find((one) => one.id === group.id)?.state ?? "ongoing";
    const itself = before === "snoozed" || before === "resolved" ? "ongoing" : before;
    if (state) Object.assign(group, { state: state === "ongoing" ? itself : state, snooze: snooze ? { until: null, letters: null, rate: null, ...snooze } : null, decidedBy: "operator", decidedAt: iso(0) });
    Object.assign(group, rest, { version: group.version + 1 });
    return { status: 200, data: group };
  }

  labels(method: string, preview: boolean, body: Body, match: string | undefined): Found {
    const given = (body["rules"] ?? []) as LabelRules["rules"];
    const bad = given.findIndex((rule) => /status:|clas:/.test(rule.q));
    if (bad >= 0) return { status: 400, data: { type: "/api/problems#query-invalid", title: "The filter is not valid", status: 400, code: "query-invalid", detail: `Rule ${bad + 1}: status says nothing lasting`, instance: "", traceId: "", retryable: false, errors: [{ pointer: `/rules/${bad}/q`, detail: "status says nothing lasting" }] } };
    if (preview) return { status: 200, data: { items: given.map((_, i) => ({ groups: i + 1 })), unnamed: 2, written: 1 } };
    if (method === "PUT") {
      if (match !== this.etag) return { status: 412, data: { type: "/api/problems#precondition-failed", title: "It has changed", status: 412, code: "precondition-failed", instance: "", traceId: "", retryable: false } };
      this.rules = { rules: given, author: "operator", updatedAt: iso(0) };
      this.version++;
    }
    return { status: 200, data: this.rules, etag: this.etag };
  }

  private get etag(): string {
    return `"v${this.version}"`;
  }
}

const anas: Notes["items"][number] = { id: "1", author: "ana", text: "The supplier sends text since Monday.\nSee INC-4711", at: iso(3_600_000), own: true };

const history: HistoryEvent[] = [
  { at: iso(7_200_000), actor: "ana", action: "group-merged", reason: "one index, two names", details: { groups: [{ id: "21", title: "org.postgresql.util.PSQLException", letters: 17 }], count: 1, job: "x" } },
  { at: iso(3_600_000), actor: "ana", action: "group-regrouped", reason: "new rules", details: { from: [{ id: "7", title: "PSQLException", letters: 4 }], to: [], fingerprintVersion: 1, job: "x" } },
  { at: iso(1_800_000), actor: "ben", action: "group-split", reason: null, details: { q: "error:\"account closed\"", to: { id: "31", title: "x" }, job: "x" } },
  { at: iso(600_000), actor: "ben", action: "group-resolved", reason: null, details: {} },
] as HistoryEvent[];

function job(type: string, letters: number): Job {
  return { id: "0f6c2b0e-6a2c-4d67-9a59-2f60a14b7c77", type, state: "succeeded", stateReason: null, stage: null, q: "", options: {}, reason: type, requestedBy: "operator", counters: { total: letters, relation: "eq", done: letters, skipped: 0, failed: 0, gone: 0, held: null, queued: null, sending: null, sent: null, recovered: null, returned: null, uncertain: null, cancelled: null }, rate: null, etaSeconds: null, undoable: true, undoes: null, undoneBy: null, retryOf: null, retryResults: null, retriedBy: [], waitsFor: null, rewind: null, exclusions: [], allowedActions: [], version: 2, notBefore: iso(0), createdAt: iso(0), startedAt: iso(0), finishedAt: iso(0) };
}
