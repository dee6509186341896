/** Which of the topics are shown, and in which order. */
import type { ReadinessSummary, Topic } from "./contract.ts";

export const orders = { "-open": "Most open first", name: "By name", ready: "Least ready first", "-behind": "Furthest behind first", "-day": "Most letters today first", kept: "Shortest kept first" } as const;
export const kinds = { all: "All topics", open: "With open letters", unready: "Not ready", behind: "Behind", off: "Paused or excluded" } as const;
export type Order = keyof typeof orders;
export type Kind = keyof typeof kinds;
type Found = (topic: Topic) => ReadinessSummary | undefined;

const own = <T extends object>(of: T, name: string | null): name is Extract<keyof T, string> => name !== null && Object.hasOwn(of, name);
export const orderOf = (name: string | null): Order => (own(orders, name) ? name : "-open");
export const kindOf = (name: string | null): Kind => (own(kinds, name) ? name : "all");

const last = Number.MAX_SAFE_INTEGER;
const keys: Record<Exclude<Order, "name">, (topic: Topic, ready: Found) => number> = {
  "-open": (topic) => -topic.open.value,
  ready: (topic, ready) => -((ready(topic)?.fail ?? 0) * 1000 + (ready(topic)?.warn ?? 0)),
  "-behind": (topic) => -(topic.lag ?? -1),
  "-day": (topic) => -topic.lastDay.letters,
  kept: (topic) => keptMs(topic.shape) ?? last,
};

const fits: Record<Kind, (topic: Topic, ready: Found) => boolean> = {
  all: () => true,
  open: (topic) => topic.open.value > 0,
  unready: (topic, ready) => (ready(topic)?.fail ?? 0) > 0,
  behind: (topic) => (topic.lag ?? 0) > 0,
  off: (topic) => topic.paused !== null || topic.reading?.decision === "exclude",
};

/** @param words each of which is somewhere in the name, the origin, a convention, a consumer group or the cluster */
export function listed(topics: Topic[], words: string, kind: Kind, order: Order, ready: Found): Topic[] {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const found = topics.filter((topic) => {
    const text = [topic.name, topic.origin ?? "", topic.cluster, ...topic.conventions, ...topic.consumerGroups.items.map(({ group }) => group)].join(" ").toLowerCase();
    return fits[kind](topic, ready) && wanted.every((word) => text.includes(word));
  });
  const key = order === "name" ? () => 0 : keys[order];
  return found.map((topic) => ({ topic, at: key(topic, ready) })).sort((a, b) => a.at - b.at || (a.topic.name < b.topic.name ? -1 : a.topic.name > b.topic.name ? 1 : 0)).map(({ topic }) => topic);
}

/** For how long records are kept; null for ever, or where that is not known. */
function keptMs(shape: Topic["shape"]): number | null {
  return shape === null || shape.retentionMs === null || shape.retentionMs < 0 || shape.cleanupPolicy?.includes("delete") === false ? null : shape.retentionMs;
}

/** `14 d`, `36 h`, `5 min`, `by size`, `for ever` or `unknown`. */
export function kept(shape: NonNullable<Topic["shape"]>): string {
  if (shape.retentionMs === null) return "unknown";
  const ms = keptMs(shape);
  if (ms === null) return (shape.retentionBytes ?? -1) >= 0 && shape.cleanupPolicy?.includes("delete") ? "by size" : "for ever";
  const hours = ms / 3_600_000;
  return hours >= 48 ? `${Math.floor(hours / 24)}\u202fd` : hours >= 1 ? `${Math.floor(hours)}\u202fh` : `${Math.floor(ms / 60_000)}\u202fmin`;
}
