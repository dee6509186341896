/** What a rule can watch, and how it is said. */
import type { Condition, RuleEdit } from "./alerting.ts";
import { said, secondsOf } from "./durations.ts";
import { count, plural } from "./text.ts";

/** What the filter of a rule may ask about. */
export type Filters = "letters" | "rates" | "groups" | "topics";
interface Field<T> {
  name: string;
  help: string;
  first: T;
}
export interface About {
  word: string;
  /** When it fires and what one alert is about. */
  what: string;
  /** What its filter may ask for; null where it needs none. */
  filters: Filters | null;
  threshold?: Field<number> & { least: number; most?: number; step?: number; /** What none is, where it is not the first. */ usual?: string };
  window?: Field<string>;
  /** Whether enough is stored to tell how often it would have fired. */
  backtest?: true;
  sentence: (threshold: string, window: string) => string;
}

export const conditions: Record<Condition, About> = {
  "new-group": { word: "A new failure group", what: "Fires when letters fail in a way that was never seen before. One alert for each failure group.", filters: "groups", backtest: true, sentence: () => "a failure group is seen for the first time" },
  regressed: { word: "A failure that comes back", what: "Fires when a resolved failure group gets letters again. One alert for each failure group.", filters: "groups", backtest: true, sentence: () => "a resolved failure group gets letters again" },
  escalating: {
    word: "A failure that gets worse", what: "Compares the letters of each failure group with its usual rate of the last 7 days.", filters: "groups", backtest: true,
    threshold: { name: "How many times the usual rate", help: "3 fires when letters come three times as fast as usual.", first: 3, least: 1.1, step: 0.1 },
    window: { name: "Measured over", help: "Short spans fire sooner and more often by chance.", first: "PT2H" },
    sentence: (n, time) => `letters come ${n} times as fast as usual, over ${time}`,
  },
  "topic-escalating": {
    word: "A topic that gets worse", what: "Compares the letters of each topic with its own usual rate of the last 7 days, whatever they failed with. One alert for each topic; of the failure groups that it names nobody is told a second time.", filters: "rates", backtest: true,
    threshold: { name: "How many times the usual rate", help: "3 fires when letters come three times as fast as usual, and at least ten came.", first: 3, least: 1.1, step: 0.1 },
    window: { name: "Measured over", help: "So many whole hours and the one that runs.", first: "PT1H" },
    sentence: (n, time) => `letters of a topic come ${n} times as fast as usual, over ${time}`,
  },
  letters: {
    word: "Many letters", what: "Counts the letters that the filter leaves. One alert for each topic.", filters: "letters", backtest: true,
    threshold: { name: "Letters", help: "It fires at this many, and is resolved when fewer come.", first: 100, least: 1 },
    window: { name: "Within", help: "Letters that failed longer ago than that are not counted.", first: "PT5M" },
    sentence: (n, time) => `${n} or more letters within ${time}`,
  },
  "oldest-open": {
    word: "A letter nobody deals with", what: "Fires when a letter stays open for too long. One alert for each topic.", filters: "letters", backtest: true,
    threshold: { name: "Letters", help: "So many of a topic must be open for that long.", first: 1, least: 1 },
    window: { name: "Open for longer than", help: "From the time the letter failed.", first: "P1D" },
    sentence: (n, time) => `${n === "1" ? "a letter is" : `${n} letters are`} open for longer than ${time}`,
  },
  "consumer-lag": {
    word: "A consumer that falls behind", what: "Watches every consumer group that reads a topic that letters come from. One alert for each group and topic.", filters: "topics", backtest: true,
    threshold: { name: "Records behind", help: "Summed over the partitions of the topic.", first: 10_000, least: 1, usual: "REDRIVE_ALERT_LAG" },
    sentence: (n) => `a consumer group is more than ${n} records behind`,
  },
  "stuck-consumer": {
    word: "A consumer that is stuck", what: "Fires when a consumer group has records to read and commits nothing: mostly a poison record.", filters: "topics",
    window: { name: "Does not move for", help: "A batch that takes long looks the same, so wait longer than the longest one.", first: "PT5M" },
    sentence: (_, time) => `a consumer group does not move for ${time} though there is something to read`,
  },
  "ingest-lag": {
    word: "Redrive reads too slowly", what: "Fires when letters wait in Kafka and are not shown here yet. One alert for each topic.", filters: "topics",
    threshold: { name: "Records not yet read", help: "A burst is read at thousands of records a second, so a low number alarms for nothing.", first: 1000, least: 1 },
    sentence: (n) => `Redrive has more than ${n} records of a topic to read`,
  },
  expiry: {
    word: "Letters that Kafka is about to drop", what: "Fires before Kafka's retention removes letters that were not read yet. One alert for each topic.", filters: "topics",
    threshold: { name: "Percent of the retention left", help: "50 fires when half of the time is over.", first: 50, least: 1, most: 50 },
    sentence: (n) => `unread letters have less than ${n} % of their retention left`,
  },
  gap: { word: "Letters that are lost", what: "Fires when Kafka dropped records before they were read. What is gone cannot be read again.", filters: "topics", sentence: () => "records were dropped before they were read" },
  "job-stopped": { word: "A job that stopped", what: "Fires when a job pauses itself, such as for too many failures.", filters: null, sentence: () => "a job stopped before its end" },
  "job-finished": { word: "A job that is done", what: "Tells that a job has come to its end; there is nothing to resolve.", filters: null, sentence: () => "a job has come to its end" },
  "replay-uncertain": { word: "A replay nobody can be sure of", what: "Fires when Kafka did not say whether a record was written, and a person must decide.", filters: null, sentence: () => "it is not known whether a replay was written" },
  "topic-unready": { word: "A topic that is not ready", what: "Fires when a check of the readiness of a topic fails.", filters: "topics", sentence: () => "a check of a topic's readiness fails" },
  "cluster-unreachable": { word: "A cluster that does not answer", what: "Fires when Kafka cannot be reached. Alerts on its topics are held back meanwhile.", filters: null, sentence: () => "a Kafka cluster does not answer" },
  "delivery-dead": { word: "A message that was not delivered", what: "Fires when every try to send an alert failed. It goes to another endpoint than the one that failed.", filters: null, sentence: () => "an alert could not be delivered" },
  "hanging-transaction": { word: "A transaction that hangs", what: "Fires when an open transaction keeps consumers from reading on.", filters: "topics", sentence: () => "an open transaction holds up a partition" },
};

/** `100 or more letters within 5 minutes, for 10 minutes`. */
export function sentence(rule: Pick<RuleEdit, "condition" | "threshold" | "window" | "query" | "forDuration">): string {
  const held = secondsOf(rule.forDuration) > 0 ? `, for ${said(rule.forDuration)}` : "";
  const about = conditions[rule.condition];
  const n = rule.threshold === null ? (about.threshold?.usual ?? count(about.threshold?.first)) : count(rule.threshold);
  const text = `${about.sentence(n, said(rule.window ?? about.window?.first ?? "PT0S"))}${held}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The rule with another condition: its numbers are those that usually fit. */
export function under<R extends RuleEdit>(rule: R, condition: Condition): R {
  const about = conditions[condition];
  return { ...rule, condition, threshold: about.threshold?.first ?? null, window: about.window?.first ?? null, query: about.filters ? rule.query : null };
}

/** Why a rule cannot be saved yet; null where it can. */
export function wrong({ name, condition, threshold, window, runbookUrl }: RuleEdit): string | null {
  const about = conditions[condition];
  const { threshold: limit } = about;
  if (name.trim() === "") return "Give it a name.";
  if (limit && threshold !== null && (threshold < limit.least || threshold > (limit.most ?? Infinity))) return `${limit.name}: ${limit.most ? `${limit.least} to ${limit.most}` : `${limit.least} or more`}.`;
  if (about.window && window !== null && secondsOf(window) < 1) return `${about.window.name}: say how long.`;
  return runbookUrl !== null && !/^https?:\/\/\S+$/.test(runbookUrl) ? "The runbook is an address that begins with https://." : null;
}

/** `Would have fired 3 times`. */
export const times = (fired: number): string => (fired === 1 ? "once" : fired === 2 ? "twice" : plural(fired, "time"));
