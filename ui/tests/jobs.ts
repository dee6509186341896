/** Selections and jobs of the stand-in: every job takes two steps, so that its progress can be seen. */
import { randomUUID } from "node:crypto";
import type { DeadLetter, Job, JobGroups, JobItemPage, ReplayPreview, Selection, Status } from "../src/contract.ts";
import { iso } from "./sample.ts";

type Store = { letters: Map<string, DeadLetter>; list: (q: string) => DeadLetter[]; tell: (what: string, id: string) => void };
type Items = JobItemPage["items"];

/** What the letters of `q` stand for: the stand-in has few and shows the numbers of many. */
export class JobDesk {
  readonly orders = new Map<string, Record<string, unknown>>();
  private readonly selections = new Map<string, { selection: Selection; ids: string[] }>();
  private readonly jobs: { job: Job; items: Items; before: Map<string, DeadLetter> }[] = [];

  constructor(private readonly store: Store) {}

  freeze(body: Record<string, unknown>): Selection {
    const ids = (body["ids"] as string[] | undefined) ?? this.store.list(String(body["q"] ?? "")).map((one) => one.id);
    const letters = ids.flatMap((id) => this.store.letters.get(id) ?? []);
    const by = <K extends string>(name: K, of: (one: DeadLetter) => string) => [...new Set(letters.map(of))].map((value) => ({ [name]: value, letters: letters.filter((one) => of(one) === value).length }));
    const factor = body["ids"] ? 1 : 100;
    const selection = {
      id: randomUUID(), q: String(body["q"] ?? ""), count: { value: letters.length * factor, relation: "eq" }, watermark: "918223", frozenAt: iso(0), expiresAt: iso(-900_000), sample: ids.slice(0, 5),
      byTopic: by("topic", (one) => one.position.topic).map((one) => ({ ...one, letters: one.letters * factor })), targets: by("topic", (one) => one.origin.topic ?? "").map((one) => ({ ...one, cluster: "shop-eu" })), byStatus: by("status", (one) => one.status).map((one) => ({ ...one, letters: one.letters * factor })),
      warnings: letters.some((one) => one.status === "replaying") ? ["Letters that are being replayed are left out."] : [],
    } as unknown as Selection;
    this.selections.set(selection.id, { selection, ids });
    return selection;
  }

  start(key: string, body: Record<string, unknown>): Job {
    const known = this.orders.has(key) && this.jobs.find(({ job }) => job.reason === body["reason"]);
    if (known) return known.job;
    this.orders.set(key, body);
    const frozen = this.selections.get(String(body["selectionId"]));
    return this.run(String(body["type"]), String(body["reason"]), (body["options"] ?? {}) as Record<string, unknown>, frozen?.ids ?? [], frozen?.selection.q ?? "", null);
  }

  undo(id: string): Job | undefined {
    const found = this.jobs.find(({ job }) => job.id === id);
    if (!found) return undefined;
    const job = this.run(found.job.type, `Undo of ${found.job.reason}`, {}, [...found.before.keys()], found.job.q, found);
    Object.assign(found.job, { undoneBy: job.id, allowedActions: [] });
    return job;
  }

  /** Letters of a job again; the stand-in takes those that it sent. */
  retry(id: string, key: string, body: Record<string, unknown>): Job | undefined {
    const found = this.jobs.find(({ job }) => job.id === id);
    if (!found) return undefined;
    this.orders.set(key, { ...body, retryOf: id });
    const job = this.run(found.job.type, String(body["reason"]), found.job.options, [], `job:${id}`, null);
    Object.assign(job, { retryOf: id, retryResults: body["results"] });
    found.job.retriedBy.push(job.id);
    return job;
  }

  /** A topic is read again: half of it, and then for as long as nobody cancels it. */
  rewind(topic: string, body: Record<string, unknown>): Job {
    const job = this.run("rewind", String(body["reason"]), { topic, cluster: "shop-eu", partition: 0, fromOffset: String(body["fromOffset"]) }, [], `topic:${topic}`, null);
    const part = { partition: 0, phase: "reading" as const, fromOffset: "7", toOffset: "48", reachedOffset: "27", added: 1, known: 19 };
    return Object.assign(job, { undoable: false, counters: { ...job.counters, total: 41, done: 1, skipped: 19 }, rewind: { topic, cluster: "shop-eu", ingestPaused: false, offsets: 41, passed: 20, added: 1, known: 19, partitions: [part] } });
  }

  cancel(id: string): Job | undefined {
    const job = this.one(id)?.job;
    job?.rewind?.partitions.forEach((part) => (part.phase = "ended"));
    if (job) Object.assign(job, { state: "cancelled", stateReason: job.rewind ? null : "0 letters were changed before it was cancelled", allowedActions: [], finishedAt: iso(0), version: job.version + 1 });
    this.store.tell("jobs", id);
    return job;
  }

  /** Letters of a held job by failure group; the stand-in knows of one that came back. */
  groups(id: string): JobGroups {
    const job = this.one(id)?.job;
    const failureGroup = { id: "1", title: "org.example.orders.PriceMissing", label: null, message: "No price for <n>" };
    return { items: (job?.exclusions.length ?? 0) > 0 ? [] : [{ failureGroup, returned: 2, failed: 1, uncertain: 0, held: 1204, relation: "eq" }] };
  }

  /** Undefined where somebody else let the job go on meanwhile. */
  exclude(id: string, key: string, body: Record<string, unknown>, actor: string): Job | undefined {
    const job = this.one(id)?.job;
    const failureGroup = this.groups(id).items[0]?.failureGroup;
    if (!job || !failureGroup) return undefined;
    this.orders.set(key, body);
    job.exclusions.push({ failureGroup, letters: 1204, complete: true, excludedBy: actor, excludedAt: iso(0) });
    return job;
  }

  /** What would happen to the open letters of a selection. */
  preview(id: string, program: string | undefined, skip: string[]): ReplayPreview | undefined {
    const frozen = this.selections.get(id);
    if (!frozen) return undefined;
    const letters = frozen.ids.flatMap((one) => this.store.letters.get(one) ?? []);
    const open = letters.filter((one) => one.status === "open");
    return {
      looked: { value: letters.length, relation: "eq" }, willSend: open.length,
      leftOut: [...new Set(letters.filter((one) => one.status !== "open").map((one) => one.status))].map((status) => ({ why: `is ${status}`, letters: letters.filter((one) => one.status === status).length, sample: [] })),
      targets: [{ cluster: "prod", topic: "orders.placed", letters: open.length, partitions: 6, compacted: false, groups: ["orders-svc", "audit", "search", "billing"] }],
      retryTopics: [
        { topic: "orders.placed-retry-1000", offered: true, why: "Only orders-svc, which failed, reads it; it takes the record as a first attempt", groups: ["orders-svc-retry-1000"] },
        { topic: "orders.placed.retry.1s", offered: false, why: "Its consumers need what only their framework writes into a retry topic", groups: [] },
      ],
      compared: { letters: Math.min(2, open.length), of: open.length, newest: 2_000 },
      warnings: [{ kind: "newer-key" as const, letters: 3, detail: "There is a newer letter with the same key" }].filter(({ kind }) => !skip.includes(kind)),
      transform: program === undefined ? null : trial(open.map((one) => one.id)),
    };
  }

  list(): Job[] {
    return this.jobs.map(({ job }) => job).reverse();
  }
  one(id: string): { job: Job; items: Items } | undefined {
    return this.jobs.find(({ job }) => job.id === id);
  }

  private run(type: string, reason: string, options: Record<string, unknown>, ids: string[], q: string, undone: { job: Job; before: Map<string, DeadLetter> } | null): Job {
    const job: Job = {
      id: randomUUID(), type, state: "running", stateReason: null, q, options, reason, requestedBy: "operator", stage: null, counters: { total: ids.length, relation: "eq", done: 0, skipped: 0, failed: 0, gone: null, ...nothingSent(type) }, rate: 50, etaSeconds: 2, undoable: type !== "purge",
      undoes: undone?.job.id ?? null, undoneBy: null, retryOf: null, retryResults: null, retriedBy: [], waitsFor: null, rewind: null, exclusions: [], allowedActions: ["pause", "cancel"], version: 1, notBefore: iso(0), createdAt: iso(0), startedAt: iso(0), finishedAt: null,
    };
    const entry = { job, items: [] as Items, before: new Map<string, DeadLetter>() };
    this.jobs.push(entry);
    const wait = { PT0S: 0, PT1H: 3_600_000, P1D: 86_400_000, P7D: 604_800_000 }[String(options["delay"] ?? (type === "purge" ? "PT1H" : "PT0S"))] ?? 0;
    if (wait > 0) return Object.assign(job, { state: "scheduled", startedAt: null, rate: null, etaSeconds: null, notBefore: iso(-wait) });
    if (options["startPaused"]) return Object.assign(job, { state: "paused", stateReason: "It was ordered to start paused; resume it to begin", startedAt: null, rate: null, etaSeconds: null, allowedActions: ["resume", "cancel"] });
    if (type === "replay") Object.assign(job, { stage: "sending", allowedActions: ["pause", "cancel", "change"], undoable: false });
    if (type === "rewind") return job;
    const half = Math.ceil(ids.length / 2);
    const step = (some: string[]): void => {
      for (const id of some) this.work(entry, id, undone);
      this.store.tell("jobs", job.id);
      this.store.tell("letters", some[0] ?? "");
    };
    setTimeout(() => step(ids.slice(0, half)), 200).unref();
    setTimeout(() => {
      step(ids.slice(half));
      Object.assign(job, { state: "succeeded", allowedActions: undone || type === "purge" || type === "replay" ? [] : ["undo"], finishedAt: iso(0), rate: null, etaSeconds: null });
      this.store.tell("jobs", job.id);
    }, 900).unref();
    return job;
  }

  private work({ job, items, before }: { job: Job; items: Items; before: Map<string, DeadLetter> }, id: string, undone: { before: Map<string, DeadLetter> } | null): void {
    const letter = this.store.letters.get(id);
    if (!letter) return;
    const changed = undone ? undone.before.get(id) : change(job, letter);
    if (changed) {
      before.set(id, letter);
      this.store.letters.set(id, { ...changed, version: letter.version + 1 });
    }
    job.counters[changed ? "done" : "skipped"]++;
    const replay = job.type === "replay" && changed !== undefined;
    if (replay) {
      job.counters.sent = (job.counters.sent ?? 0) + 1;
      job.counters.recovered = (job.counters.recovered ?? 0) + 1;
      job.counters.held = (job.counters.held ?? 0) - 1;
    }
    items.unshift({ letterId: id, result: replay ? "recovered" : changed ? "done" : "skipped", detail: changed ? null : `is ${letter.status}`, replayId: replay ? randomUUID() : null, at: iso(0) });
  }
}

/** All but the first are changed. */
function trial(ids: string[]): ReplayPreview["transform"] {
  const side = (data: string) => ({ encoding: "utf8" as const, data, size: data.length });
  const value = { change: "changed" as const, bytesChanged: 9, before: side('{"amount":"12.50","coupon":"X"}'), after: side('{"amount":12.5}'), json: [{ pointer: "/amount", change: "changed" as const, before: '"12.50"', after: "12.5" }] };
  return {
    tried: { value: ids.length, relation: "gte" }, changed: Math.max(0, ids.length - 1), unchanged: 0, failed: Math.min(1, ids.length),
    samples: ids.slice(0, 2).map((letterId, i) => (i === 0 ? { letterId, result: "failed", why: "was not transformed: its value is not JSON", value: null } : { letterId, result: "changed", why: null, value })),
  } as ReplayPreview["transform"];
}

export const purged: Partial<DeadLetter> = { status: "purged", key: null, value: null, headers: [], unwrapped: null, storage: "pointer", payload: "absent", replayable: false, details: {}, replayDrops: [], notes: 0, tags: [], draft: null, allowedActions: [] };

/** Counters that only a replay has. */
function nothingSent(type: string): Pick<Job["counters"], "held" | "queued" | "sending" | "sent" | "recovered" | "returned" | "uncertain" | "cancelled"> {
  const n = type === "replay" ? 0 : null;
  return { held: n, queued: n, sending: n, sent: n, recovered: n, returned: n, uncertain: n, cancelled: n };
}

function change(job: Job, letter: DeadLetter): DeadLetter | undefined {
  const to = (from: Status, status: Status): DeadLetter | undefined => (letter.status === from ? { ...letter, status } : undefined);
  switch (job.type) {
    case "discard": return to("open", "discarded");
    case "restore": return to("discarded", "open");
    case "replay": return to("open", "recovered");
    case "purge": return letter.status === "replaying" || letter.status === "purged" || (letter.status === "open" && job.options["includeOpen"] !== true) ? undefined : { ...letter, ...purged, failure: { ...letter.failure, message: null, stackTrace: null } };
    case "assign": return { ...letter, assignee: (job.options["assignee"] as string | null) ?? null };
    case "tag": return { ...letter, tags: [...letter.tags, ...((job.options["add"] as string[] | undefined) ?? [])] };
    default: return { ...letter, notes: letter.notes + 1 };
  }
}
