import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, withQuery } from "../api.ts";
import type { Readiness, ReadinessSummary, Topic } from "../contract.ts";
import { paths } from "../router.ts";
import { plural } from "../text.ts";
import { now } from "../time.ts";
import { Ago, Badge } from "./words.tsx";

export type Summary = NonNullable<ReadinessSummary>;
type Level = Readiness["checks"][number]["level"];

export const levels = {
  fail: { word: "Fails", tone: "alarm", icon: "fail" },
  warn: { word: "Warning", tone: "decide", icon: "warn" },
  unknown: { word: "Not known", tone: "rest", icon: "uncertain" },
  ok: { word: "Fine", tone: "settled", icon: "recovered" },
} as const satisfies Record<Level, object>;

/** Results older than this are asked for again when somebody looks at the list. */
const old = 10 * 60_000;

export const readinessPath = (topic: string, cluster: string | null, fresh = false): string =>
  withQuery(`/topics/${encodeURIComponent(topic)}/readiness`, { cluster, fresh: fresh ? "true" : null });

const keyOf = (topic: Topic): string => `${topic.cluster} ${topic.name}`;

/** What the list knows, and what it asks for: one topic at a time, and only where nothing recent is known. */
export function useReadiness(topics: Topic[]): (topic: Topic) => Summary | null | undefined {
  const [asked, setAsked] = useState<Record<string, Summary | null>>({});
  const wanted = topics.filter((topic) => !topic.madeAgain && asked[keyOf(topic)] === undefined && (topic.readiness === null || now.value - Date.parse(topic.readiness.measuredAt) > old));
  const next = wanted[0];
  const key = next ? keyOf(next) : "";
  useEffect(() => {
    if (!next) return;
    const abort = new AbortController();
    get<Readiness>(readinessPath(next.name, next.cluster), abort.signal).then(
      ({ counts }) => setAsked((before) => ({ ...before, [key]: counts })),
      () => abort.signal.aborted || setAsked((before) => ({ ...before, [key]: null })),
    );
    return () => abort.abort();
  }, [key]);
  return (topic) => {
    if (topic.madeAgain) return null;
    const found = asked[keyOf(topic)];
    return found === undefined ? (topic.readiness ?? undefined) : (found ?? topic.readiness);
  };
}

/** `3 fail`, `2 warnings` or `Ready`, and of how many checks. */
export function Ready({ of, name, cluster }: { of: Summary | null | undefined; name: string; cluster: string }): JSX.Element {
  const href = paths.topic(name, cluster);
  if (of === undefined) return <span class="soft">checking…</span>;
  if (of === null) return <a href={href}>could not be checked<span class="vh">: {name}</span></a>;
  const made = of.ok + of.warn + of.fail;
  const level = of.fail > 0 ? "fail" : of.warn > 0 ? "warn" : "ok";
  const { tone, icon } = levels[level];
  const word = level === "fail" ? `${of.fail} ${of.fail === 1 ? "fails" : "fail"}` : level === "warn" ? plural(of.warn, "warning") : "Ready";
  return (
    <a class="plain" href={href}>
      <Badge tone={tone} loud={level === "fail" ? "ring" : ""} icon={icon}>{word}</Badge> <span class="num">{of.ok}/{made}</span>
      <span class="soft block">{of.unknown > 0 && `${of.unknown} not known, `}<Ago time={of.measuredAt} /> ago<span class="vh">: readiness of {name}</span></span>
    </a>
  );
}
