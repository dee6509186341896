/** A stand-in for the server, for tests of parts and of the five states, and for work on the looks. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { DeadLetter, Draft, DraftEdit, Notes, Noting, QuarantineRequest, Replay, RetentionEdit, SavedViewEdit } from "../src/contract.ts";
import { AlertStand } from "./alerting.ts";
import { file } from "./assets.ts";
import { facets, groupFacets, histogram, imported, ViewDesk } from "./finding.ts";
import { GroupParts } from "./group-parts.ts";
import { JobDesk } from "./jobs.ts";
import { check, diff, summary } from "./letters.ts";
import { QuarantineStand } from "./quarantine.ts";
import { TopicStand } from "./topics.ts";
import { audit, consumerGroup, consumers, iso, lanes, overview, retention, sampleLetters, shareGroups, topics } from "./sample.ts";

export interface Fixture {
  url: string;
  /** Bodies of the replays that were asked for, by idempotency key. */
  sent: Map<string, unknown>;
  views: ViewDesk;
  /** Bodies of the jobs that were asked for, by idempotency key. */
  orders: Map<string, Record<string, unknown>>;
  /** Topics that were made, by idempotency key. */
  made: TopicStand["made"];
  /** What was decided about the reading of topics. */
  decided: TopicStand["decided"];
  /** Records that were taken out of the way. */
  quarantine: QuarantineStand;
  alerting: AlertStand;
  /** Merges and splits that were asked for. */
  parts: GroupParts["asked"];
  close: () => Promise<void>;
}

export async function serve(port = 0): Promise<Fixture> {
  const desk = new Desk();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://fixture");
    if (path.pathname.startsWith("/api/")) void desk.answer(request, response, path);
    else file(response, path.pathname);
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const close = (): Promise<void> => new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent: desk.sent, orders: desk.jobs.orders, views: desk.views, parts: desk.parts.asked, made: desk.making.made, decided: desk.making.decided, quarantine: desk.quarantine, alerting: desk.alerting, close };
}

class Desk {
  private readonly letters = new Map(sampleLetters().map((letter) => [letter.id, letter]));
  private readonly drafts = new Map<string, Draft>();
  private readonly replays: Replay[] = [];
  private readonly notes: (Notes["items"][number] & { letterId: string })[] = [];
  private readonly streams = new Set<ServerResponse>();
  readonly jobs = new JobDesk({ letters: this.letters, list: (q) => this.list(q), tell: (what, id) => this.tell(what, id) });
  readonly sent = new Map<string, unknown>();
  readonly views = new ViewDesk();
  readonly retention = structuredClone(retention);
  readonly lanes = structuredClone(lanes);
  readonly parts = new GroupParts();
  readonly making = new TopicStand();
  readonly quarantine = new QuarantineStand();
  readonly alerting = new AlertStand();

  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = (text && request.headers["content-type"] === "application/json" ? JSON.parse(text) : {}) as Record<string, unknown>;
    const path = url.pathname.replace("/api/v1", "");
    const send = (status: number, data: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { "Content-Type": status < 400 ? "application/json" : "application/problem+json", ...headers });
      response.end(data === undefined ? "" : JSON.stringify(data));
    };
    const refuse = (status: number, code: string, title: string): void => send(status, { type: `/api/problems#${code}`, title, status, code, detail: title, instance: path, traceId: "4bf92f3577b34da6", retryable: false });
    const page = (items: unknown[]) => ({ items, page: { next: null, hasMore: false }, total: { value: items.length, relation: "eq" }, searched: null, asOf: iso(0), partial: [] });

    if (path === "/events") return this.stream(response);
    if (path === "/me") return send(200, { actor: "operator", auth: "none", permissions: ["read", "payload:read", "edit", "operate", "admin"], csrfToken: null, version: "0.1.0" });
    if (path === "/overview") return send(200, { ...overview([...this.letters.values()].filter((letter) => letter.status === "open").length * 250), alertsFiring: this.alerting.firing });
    const alerting = this.alerting.answer(String(request.method), path, url.searchParams, body, request.headers["if-match"], request.headers["idempotency-key"] as string | undefined);
    if (alerting) {
      if (request.method !== "GET" && alerting.status < 300 && !path.endsWith("s/previews")) for (const what of ["alerts", "deliveries"]) this.tell(what, "1");
      return send(alerting.status, alerting.data);
    }
    if (path === "/topics" && request.method === "POST") {
      const { status, data } = this.making.create(body, String(request.headers["idempotency-key"]));
      return send(status, data);
    }
    if (path === "/clusters") return send(200, { items: [{ name: "shop-eu", kafkaId: "k", configured: true, reachable: true, lanes: [] }] });
    if (path === "/topics") return send(200, { items: topics(), notRead: [{ name: "eu.orders.placed-dlt", cluster: "shop-eu", why: "a replica of orders.placed-dlt, which is read", reading: null }], findings: [] });
    if (path === "/consumer-groups") return send(200, { items: consumers, shareGroups, asOf: iso(0), partial: [] });
    if (path.endsWith("/quarantines")) return send(200, this.quarantine.answer(decodeURIComponent(path.split("/")[2] ?? ""), body as QuarantineRequest, String(request.headers["idempotency-key"])));
    if (path.startsWith("/consumer-groups/")) return send(200, consumerGroup);
    if (path === "/failure-groups") {
      const q = (url.searchParams.get("q") ?? "").replace(/ ?-state:snoozed,resolved/, "");
      const hidden = /(?:^| )state:snoozed,resolved/.test(q);
      const open = (group: { state: string }): boolean => group.state !== "snoozed" && group.state !== "resolved";
      const narrow = q.replace(/ ?state:snoozed,resolved/, "");
      return send(200, page(this.parts.groups.filter((group) => (hidden ? !open(group) : url.searchParams.get("q") === q || open(group)) && (!narrow || narrow === `topic:${group.topic}`))));
    }
    if (path === "/failure-groups/facets") return send(200, groupFacets(this.parts.groups, url.searchParams));
    const [, kind, id = "", part, sub] = path.split("/");
    if (kind === "topics" && request.method === "POST") {
      if (part === "readings" || body["dryRun"] === false) this.making.decided.push({ topic: decodeURIComponent(id), part, ...body });
      if (body["dryRun"] === false) return send(202, this.jobs.rewind(decodeURIComponent(id), body));
      const known = { value: 39, relation: "eq" };
      return send(200, part === "readings" ? { name: id, cluster: "shop-eu", reading: null } : { topic: id, cluster: "shop-eu", records: 41, known, partitions: [{ partition: 0, fromOffset: "7", toOffset: "48", records: 41, known }] });
    }
    if (kind === "topics" && !part) return send(200, topics().find((one) => one.name === decodeURIComponent(id)) ?? topics()[0]);
    if (kind === "topics" && part === "readiness") return send(200, this.making.readiness(decodeURIComponent(id)));
    if (kind === "settings" && id === "labels") {
      const { status, data, etag } = this.parts.labels(String(request.method), part === "previews", body, request.headers["if-match"]);
      return send(status, data, etag ? { ETag: etag } : {});
    }
    if (path === "/audit") return send(200, { items: audit, page: { next: null, hasMore: false } });
    if (kind === "failure-groups") {
      const answer = this.parts.answer(String(request.method), id, part ?? "", body, sub);
      if (answer) {
        if (request.method !== "GET") this.tell("failure-groups", id);
        return send(answer.status, answer.data);
      }
      const group = this.parts.groups.find((one) => one.id === id);
      if (group && part === "timeline") return send(200, { items: group.buckets.map(({ start, letters }) => ({ start, open: letters, replaying: 0, replayed: 0, recovered: Math.floor(letters / 3), returned: letters > 20 ? 4 : 0, discarded: 0, purged: 0 })), asOf: iso(0) });
      return group ? send(200, group) : refuse(404, "not-found", "There is no such failure group");
    }
    if (kind === "saved-views") {
      const found = this.views.all.get(id);
      if (!id) return request.method === "POST" ? send(201, this.views.save(null, body as SavedViewEdit)) : send(200, { items: this.views.list() });
      if (!found) return refuse(404, "not-found", "There is no such view");
      if (request.headers["if-match"] !== `"v${found.version}"`) return refuse(412, "precondition-failed", "The view was changed since");
      if (request.method === "PUT") return send(200, this.views.save(id, body as SavedViewEdit));
      this.views.all.delete(id);
      return send(204, undefined);
    }
    if (path === "/dead-letters/facets") return send(200, facets(this.list(url.searchParams.get("q") ?? ""), url.searchParams));
    if (path === "/dead-letters/histogram") return send(200, histogram(this.list(url.searchParams.get("q") ?? ""), url.searchParams));
    if (path === "/dead-letters/import") return send(200, imported(text));
    if (kind === "selections" && path.endsWith("/previews")) {
      const { program } = ((body["options"] as Record<string, unknown> | undefined)?.["transform"] ?? {}) as { program?: string };
      const at = program?.indexOf("tonumbr") ?? -1;
      if (at >= 0) return send(422, { type: "/api/problems#unprocessable", title: "Cannot be done with this content", status: 422, code: "unprocessable", detail: "There is no function tonumbr/0", instance: path, traceId: "4bf92f3577b34da6", retryable: false, errors: [{ pointer: "/options/transform/program", detail: "There is no function tonumbr/0", position: at }] });
      const preview = this.jobs.preview(id, program, ((body["options"] as Record<string, unknown> | undefined)?.["skip"] ?? []) as string[]);
      return preview ? send(200, preview) : send(404, undefined);
    }
    if (kind === "selections") return request.method === "POST" ? send(201, this.jobs.freeze(body)) : send(204, undefined);
    if (kind === "jobs") {
      if (!id) return request.method === "POST" ? send(202, this.jobs.start(String(request.headers["idempotency-key"]), body)) : send(200, { items: this.jobs.list(), page: { next: null, hasMore: false } });
      const found = this.jobs.one(id);
      if (!found) return refuse(404, "not-found", "There is no such job");
      if (part === "cancellations") return send(202, this.jobs.cancel(id));
      if (part === "retries") return send(202, this.jobs.retry(id, String(request.headers["idempotency-key"]), body));
      if (part === "groups") return send(200, this.jobs.groups(id));
      if (part === "exclusions") {
        const job = this.jobs.exclude(id, String(request.headers["idempotency-key"]), body, "operator");
        return job ? send(202, job) : refuse(409, "conflict-state", "The job is running; a failure group is left out of one that is held");
      }
      if (part === "undos") return send(202, this.jobs.undo(id));
      if (part === "items") return send(200, { items: found.items.filter((one) => (url.searchParams.get("result") ?? one.result) === one.result), page: { next: null, hasMore: false } });
      return send(200, found.job);
    }
    if (kind === "lanes") {
      if (part !== "resets") return send(200, { items: this.lanes });
      const lane = this.lanes.find((one) => String(one.lane) === id);
      if (lane?.health !== "hold") return refuse(409, "conflict-state", "It is not on hold");
      this.sent.set(String(request.headers["idempotency-key"]), body);
      return send(200, Object.assign(lane, { health: "starting", detail: null, since: iso(0) }));
    }
    if (kind === "settings") {
      if (part === "previews") return send(200, { counts: (body as unknown as RetentionEdit).rules.map((rule) => ({ value: rule.statuses.includes("open") ? 0 : 12_000, relation: rule.topics?.length ? "gte" : "eq" })), asOf: iso(0) });
      if (request.method !== "PUT") return send(200, this.retention, { ETag: `"v${this.retention.version}"` });
      if (request.headers["if-match"] !== `"v${this.retention.version}"`) return refuse(412, "precondition-failed", "It has changed");
      Object.assign(this.retention, body, { version: this.retention.version + 1, updatedAt: iso(0), updatedBy: "operator", effectiveAt: iso(-3_600_000) });
      return send(200, this.retention);
    }
    if (kind === "replays" && request.method === "DELETE") return this.cancelReplay(id) ? send(204, undefined) : refuse(409, "conflict-state", "The replay is done");
    if (kind === "replays") return send(200, this.replays.find((one) => one.id === id));
    if (kind !== "dead-letters") return refuse(404, "not-found", "There is no such thing");
    if (!id) return send(200, page(this.list(url.searchParams.get("q") ?? "").map((one) => summary(one, url.searchParams.get("fields")))));
    const letter = this.letters.get(id);
    if (!letter) return refuse(404, "not-found", "There is no such letter");
    if (!part && request.method === "PATCH") return send(200, this.patch(letter, body));
    if (!part) return send(200, { ...letter, draft: this.drafts.get(id) ?? null }, { ETag: `"v${letter.version}"` });
    switch (`${request.method} ${part}${sub ? `/${sub}` : ""}`) {
      case "GET notes": return send(200, { items: this.notes.filter((one) => one.letterId === id) });
      case "POST notes": return send(200, this.note(letter, body));
      case "DELETE notes/" + String(sub): return send(204, this.unnote(letter, String(sub)));
      case "GET history": return send(200, { items: [{ at: letter.ingestedAt, actor: "system", action: "stored", reason: null, details: { topic: letter.position.topic } }] });
      case "GET lineage": return send(200, { items: this.family(letter) });
      case "GET replays": return send(200, { items: this.replays.filter((one) => one.letterId === id).reverse() });
      case "POST replays": return send(202, this.replay(letter, String(request.headers["idempotency-key"]), body));
      case "POST checks": return send(200, check(letter));
      case "POST fetches": return send(200, { topic: "orders.placed", partition: 2, offset: "88109", timestamp: iso(0), key: null, value: this.letters.get("1001")?.value, headers: [] });
      case "POST discards": case "POST restores": return send(200, this.change(letter, part === "discards" ? "discarded" : "open"));
      case "GET draft": return this.drafts.has(id) ? send(200, this.drafts.get(id), { ETag: `"v${this.drafts.get(id)?.version}"` }) : refuse(404, "not-found", "There is no draft");
      case "PUT draft": { const draft = this.save(letter, body); return send(200, draft, { ETag: `"v${draft.version}"` }); }
      case "DELETE draft": this.drafts.delete(id); return send(204, undefined);
      case "GET draft/transform": return send(200, { program: ".amount = 12.5 | del(.coupon)", why: null, leaves: ["headers"] });
      case "GET draft/diff": return send(200, diff(letter, this.drafts.get(id)));
      default: return refuse(405, "method-not-allowed", "Not here");
    }
  }

  private list(q: string): DeadLetter[] {
    const all = [...this.letters.values()];
    const status = /(?:^|\s)is:(\w+)/.exec(q)?.[1];
    const topic = /(?:^|\s)topic:(\S+)/.exec(q)?.[1];
    const convention = /(?:^|\s)convention:(\S+)/.exec(q)?.[1];
    const ids = /id:([\d,]+)/.exec(q)?.[1]?.split(",");
    const until = Number(/id:\.\.(\d+)/.exec(q)?.[1] ?? Infinity);
    if (/error:nothing/.test(q)) return [];
    return all.filter((letter) => (!status || letter.status === status) && (!topic || letter.position.topic === topic) && (!convention || letter.convention === convention) && (!ids || ids.includes(letter.id)) && Number(letter.id) <= until);
  }

  private family(letter: DeadLetter): unknown[] {
    const parent = letter.lineage.parentId ? [this.letters.get(letter.lineage.parentId)] : [];
    return [...parent, letter].flatMap((one) => (one ? [{ id: one.id, parentId: one.lineage.parentId, replayId: one.lineage.replayId, status: one.status, topic: one.position.topic, failedAt: one.failedAt, returns: one.lineage.returns }] : []));
  }

  private change(letter: DeadLetter, status: "open" | "discarded"): unknown {
    const changed: DeadLetter = { ...letter, status, version: letter.version + 1, changedAt: iso(0), allowedActions: status === "open" ? ["edit", "replay", "discard"] : ["restore"] };
    this.letters.set(letter.id, changed);
    this.tell("letters", letter.id);
    return { id: letter.id, version: changed.version, status, changedAt: changed.changedAt, allowedActions: changed.allowedActions, undo: { method: "POST", href: `/api/v1/dead-letters/${letter.id}/restores` } };
  }

  private patch(letter: DeadLetter, body: Partial<DeadLetter>): Noting {
    const changed = { ...letter, ...body, version: letter.version + 1 };
    this.letters.set(letter.id, changed);
    this.tell("letters", letter.id);
    return { id: letter.id, version: changed.version, assignee: changed.assignee, tags: changed.tags, notes: changed.notes };
  }
  private note(letter: DeadLetter, body: Record<string, unknown>): Noting {
    this.notes.push({ id: String(this.notes.length + 1), letterId: letter.id, author: "operator", text: String(body["text"]), at: iso(0), own: true });
    return this.patch(letter, { notes: letter.notes + 1 });
  }
  private unnote(letter: DeadLetter, id: string): void {
    this.notes.splice(this.notes.findIndex((one) => one.id === id), 1);
    this.patch(letter, { notes: letter.notes - 1 });
  }

  private save(letter: DeadLetter, edit: DraftEdit): Draft {
    const draft: Draft = {
      letterId: letter.id, version: (this.drafts.get(letter.id)?.version ?? 0) + 1, key: edit.key === undefined ? letter.key : edit.key, value: edit.value === undefined ? letter.value : edit.value, headers: edit.headers ?? letter.headers,
      target: { topic: edit.target?.topic ?? null, partitioning: edit.target?.partitioning ?? "key", partition: edit.target?.partition ?? null, timestamp: edit.target?.timestamp ?? "now" }, note: null, changed: ["value"], updatedAt: iso(0), updatedBy: "operator",
    };
    this.drafts.set(letter.id, draft);
    return draft;
  }

  private replay(letter: DeadLetter, key: string, body: Record<string, unknown>): Replay {
    this.sent.set(key, body);
    const delay = 1000 * Number(/^PT(\d+)S$/.exec(String(body["delay"]))?.[1] ?? 0);
    const replay: Replay = {
      id: `0b9f6c9e-7f0e-4ad0-8a3f-0e6f1c3e9a${12 + this.replays.length}`, letterId: letter.id, state: "queued", outcome: null, source: body["source"] === "draft" ? "draft" : "original", draftVersion: null, target: { cluster: "shop-eu", topic: "orders.placed", partition: null, offset: null },
      attempt: 1, jobId: null, mode: "strict", reason: null, error: null, possibleDuplicate: false, abortedCopies: [], abortedCopyUnknown: false, notBefore: iso(-delay), returnedAs: null, requestedBy: "operator", createdAt: iso(0), updatedAt: iso(0),
    };
    this.replays.push(replay);
    this.letters.set(letter.id, { ...letter, status: "replaying", allowedActions: [] });
    const step = (after: number, status: "replayed" | "recovered", change: Partial<Replay>): void => void setTimeout(() => {
      if (replay.state === "cancelled") return;
      Object.assign(replay, change, { updatedAt: iso(0) });
      this.letters.set(letter.id, { ...letter, status, allowedActions: [] });
      this.tell("replays", replay.id);
      this.tell("letters", letter.id);
    }, delay + after).unref();
    step(300, "replayed", { state: "done", outcome: "sent", target: { cluster: "shop-eu", topic: "orders.placed", partition: 3, offset: "92007" } });
    step(1200, "recovered", { outcome: "recovered" });
    return replay;
  }

  private cancelReplay(id: string): boolean {
    const replay = this.replays.find((one) => one.id === id && one.state === "queued");
    const letter = this.letters.get(replay?.letterId ?? "");
    if (!replay || !letter) return false;
    Object.assign(replay, { state: "cancelled", updatedAt: iso(0) });
    this.letters.set(letter.id, { ...letter, status: "open", allowedActions: ["edit", "replay", "discard"] });
    this.tell("replays", id);
    this.tell("letters", letter.id);
    return true;
  }

  private tell(what: string, id: string): void {
    for (const stream of this.streams) stream.write(`event: changed\ndata: ${JSON.stringify({ what, ids: [id] })}\n\n`);
  }

  private stream(response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("retry: 3000\n: hello\n\n");
    this.streams.add(response);
    response.on("close", () => this.streams.delete(response));
  }
}
