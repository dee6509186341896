/** Facets, histogram and saved views of the stand-in, counted over its few letters. */
import type { DeadLetter, Facets, FailureGroup, Histogram, ImportReport, SavedView, SavedViewEdit } from "../src/contract.ts";
import { iso } from "./sample.ts";

const eq = (value: number) => ({ value, relation: "eq" as const });
const valueOf: Record<string, (letter: DeadLetter) => string[]> = {
  status: (one) => [one.status], topic: (one) => [one.position.topic], consumer: (one) => (one.origin.consumerGroup ? [one.origin.consumerGroup] : []), convention: (one) => [one.convention],
  class: (one) => [one.failure.exceptionClass, one.failure.causeClass].flatMap((name) => name ?? []), tag: (one) => one.tags, assignee: (one) => (one.assignee ? [one.assignee] : []),
};

const groupValueOf: Record<string, (group: FailureGroup) => string[]> = {
  state: (one) => [one.state === "quiet" ? "ongoing" : one.state], topic: (one) => [one.topic], class: (one) => [one.title], label: (one) => (one.label ? [one.label] : []), ts: () => ["<7d", "<1d"],
};

export const facets = (letters: DeadLetter[], params: URLSearchParams): Facets => counted(letters, valueOf, params);
export function groupFacets(groups: FailureGroup[], params: URLSearchParams): Facets {
  const hides = params.get("q")?.includes("-state:snoozed,resolved") === true;
  return counted(groups.filter((one) => !hides || (one.state !== "snoozed" && one.state !== "resolved")), groupValueOf, params);
}

function counted<T>(things: T[], valueOf: Record<string, (thing: T) => string[]>, params: URLSearchParams): Facets {
  const field = params.get("field") ?? "";
  const prefix = params.get("prefix") ?? "";
  const limit = Number(params.get("limit") ?? 20);
  const counts = new Map<string, number>();
  let missing = 0;
  for (const thing of things) {
    const values = valueOf[field]?.(thing) ?? [];
    if (values.length === 0) missing++;
    for (const value of values) if (value.startsWith(prefix)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const all = [...counts].sort((a, b) => b[1] - a[1]);
  const others = all.slice(limit).reduce((sum, [, n]) => sum + n, 0);
  return { field, items: all.slice(0, limit).map(([value, n]) => ({ value, label: null, count: eq(n) })), others: eq(others), missing: eq(missing), partial: [], asOf: iso(0) };
}

const spans: Record<string, number> = { PT1M: 1, PT5M: 5, PT15M: 15, PT1H: 60, PT3H: 180, PT6H: 360, PT12H: 720, P1D: 1440, P7D: 10_080 };

export function histogram(letters: DeadLetter[], params: URLSearchParams): Histogram {
  const step = (spans[params.get("step") ?? "PT1H"] ?? 60) * 60_000;
  const [from, to] = [Date.parse(params.get("from") ?? iso(86_400_000)), Date.parse(params.get("to") ?? iso(0))];
  const bars = Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => {
    const start = from + i * step;
    return { from: new Date(start).toISOString(), letters: letters.filter(({ failedAt }) => Date.parse(failedAt ?? "") >= start && Date.parse(failedAt ?? "") < start + step).length };
  });
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), step: params.get("step") ?? "PT1H", bars, total: eq(bars.reduce((sum, bar) => sum + bar.letters, 0)), partial: [], asOf: iso(0) };
}

export function imported(text: string): ImportReport {
  const lines = text.split("\n").filter(Boolean);
  const errors = lines.flatMap((line, i) => (line.startsWith("{") ? [] : [{ line: i + 1, detail: "Expected a JSON object" }]));
  return { stored: lines.length - errors.length, known: 0, letters: lines.length, complete: false, failed: errors.length, errors };
}

const view = (id: string, some: Partial<SavedView>): SavedView => ({
  id, version: 1, name: `View ${id}`, shared: false, owner: "operator", mine: true, target: "letters", q: "", sort: null, columns: [], tab: null, createdAt: iso(9_000_000), updatedAt: iso(60_000), ...some,
});

export class ViewDesk {
  readonly all = new Map<string, SavedView>([
    ["1", view("1", { name: "Morning round", q: "is:open", columns: ["status", "failed", "position", "error", "consumer"] })],
    ["2", view("2", { name: "Escalating <b>now</b>", q: "state:escalating", target: "groups", sort: "-open", shared: true, owner: "ana", mine: false, tab: "window=P7D" })],
  ]);
  private last = 2;

  list(): SavedView[] {
    return [...this.all.values()].sort((a, b) => a.name.localeCompare(b.name));
  }
  save(id: string | null, edit: SavedViewEdit): SavedView {
    const before = id === null ? undefined : this.all.get(id);
    const made = view(id ?? String(++this.last), { ...before, ...edit, version: (before?.version ?? 0) + 1, updatedAt: iso(0) });
    this.all.set(made.id, made);
    return made;
  }
}
