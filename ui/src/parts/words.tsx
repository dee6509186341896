import type { ComponentChildren, JSX } from "preact";
import type { DeadLetterSummary, FailureGroup, LagState, Position, Status } from "../contract.ts";
import { Icon, type IconName } from "./icon.tsx";
import { keysOn } from "../prefs.ts";
import { pieces, topicParts } from "../text.ts";
import { ago, exact, now, stamp } from "../time.ts";
import { say } from "../toast.ts";

/** Text from Kafka: isolated from the direction of ours, with hidden characters shown by name. */
export function Foreign({ text }: { text: string }): JSX.Element {
  const parts = pieces(text);
  return <bdi>{parts.map((piece) => ("tag" in piece ? <span class="tag">{piece.tag}</span> : piece.text))}</bdi>;
}

/** A dotted name that may break after its dots, and nowhere else while there is room. */
export function Dotted({ name }: { name: string }): JSX.Element {
  const parts = name.split(/(?<=[.$])/);
  return <>{parts.map((part) => <><Foreign text={part} /><wbr /></>)}</>;
}

export type Tone = "alarm" | "decide" | "moving" | "settled" | "drafted" | "rest";
type Loudness = "fill" | "ring" | "";

interface Look {
  word: string;
  tone: Tone;
  loud: Loudness;
  icon: IconName;
  /** Pattern in the gutter of a row. */
  mark: "" | "m-solid" | "m-double" | "m-dash" | "m-dot";
}
const look = (word: string, tone: Tone, loud: Loudness, icon: IconName, mark: Look["mark"] = ""): Look => ({ word, tone, loud, icon, mark });

export const statuses: Record<Status, Look> = {
  open: look("Open", "rest", "", "open"),
  replaying: look("Replaying", "moving", "ring", "replaying"),
  replayed: look("Replayed", "moving", "", "sent"),
  recovered: look("Recovered", "settled", "", "recovered"),
  returned: look("Returned", "alarm", "fill", "returned", "m-dash"),
  discarded: look("Discarded", "rest", "", "discarded"),
  purged: look("Purged", "rest", "", "purged"),
};

export const groupStates: Record<FailureGroup["state"], Look> = {
  new: look("New", "alarm", "fill", "new", "m-solid"),
  ongoing: look("Ongoing", "rest", "", "ongoing"),
  quiet: look("Quiet", "rest", "", "quiet", "m-dot"),
  escalating: look("Escalating", "alarm", "fill", "rising", "m-double"),
  regressed: look("Regressed", "alarm", "fill", "returned", "m-dash"),
  snoozed: look("Snoozed", "rest", "", "snoozed", "m-dot"),
  resolved: look("Resolved", "settled", "", "recovered"),
};

export const lagStates: Record<LagState, Look> = {
  ok: look("Gets on", "settled", "", "recovered"),
  warn: look("Falls behind", "decide", "ring", "rising"),
  rewind: look("Went back", "decide", "ring", "returned"),
  beyond: look("Beyond the end", "decide", "ring", "uncertain"),
  stall: look("Stuck", "alarm", "fill", "warn"),
  stop: look("Stopped", "alarm", "fill", "fail"),
};

/** An open letter that has come back is louder than one that has not. */
export function lookOf(letter: Pick<DeadLetterSummary, "status" | "lineage">): Look {
  if (letter.status !== "open" || letter.lineage.returns === 0) return statuses[letter.status];
  return look("Came back", "alarm", "fill", "returned", "m-dash");
}

export function Badge({ tone, loud, icon, children }: { tone: Tone; loud: Loudness; icon: IconName; children: ComponentChildren }): JSX.Element {
  return (
    <span class={`badge ${loud} ${tone}`}>
      <Icon name={icon} />
      {children}
    </span>
  );
}

export function LookBadge({ of }: { of: Look }): JSX.Element {
  return <Badge tone={of.tone} loud={of.loud} icon={of.icon}>{of.word}</Badge>;
}

/** Where a letter lies, in the way everybody says it: `orders-dlt 3:88213`. */
export function placeOf(position: Pick<Position, "topic" | "partition" | "offset">): string {
  return `${position.topic} ${position.partition}:${position.offset}`;
}

/** Origin and dead-letter topic as one string where one holds the other. */
export function TopicName({ topic, origin }: { topic: string; origin: string | null }): JSX.Element {
  const [before, name, after] = topicParts(topic, origin);
  return (
    <bdi>
      {before && <span class="soft">{before}</span>}
      {name}
      {after && <span class="soft">{after}</span>}
    </bdi>
  );
}

/** How long ago; the exact time is in the title. */
export function Ago({ time }: { time: string }): JSX.Element {
  return <time dateTime={time} title={exact(time)}>{ago(time, now.value)}</time>;
}

export function At({ time }: { time: string }): JSX.Element {
  return <time dateTime={time} title={exact(time)}>{stamp(time)}</time>;
}

/** @param what is copied, as a sentence about it begins */
export async function copy(text: string, what: string): Promise<void> {
  try {
    // The browser's clipboard is there for secure origins alone, and many a desk is http in a company's network.
    if (isSecureContext) await navigator.clipboard.writeText(text);
    else (await import("../copying.ts")).copyByHand(text);
    say(`${what} copied.`);
  } catch {
    say(`The browser refused to copy the ${what.toLowerCase()}.`);
  }
}

export function Copy({ text, what }: { text: string; what: string }): JSX.Element {
  return (
    <button type="button" onClick={() => void copy(text, what)}>
      <Icon name="copy" />Copy<span class="vh"> {what.toLowerCase()}</span>
    </button>
  );
}

/** What to press in a list, for whoever has a keyboard and lets single keys act. */
export function ListKeys(): JSX.Element | null {
  return keysOn.value === "on" ? <span class="help keys"><kbd>j</kbd> <kbd>k</kbd> move, <kbd>↵</kbd> open, <kbd>x</kbd> select</span> : null;
}

/** The heads of a table that folds on a phone. @param names a `#` before one that stands over figures */
export function Heads({ names }: { names: string[] }): JSX.Element {
  return <thead role="rowgroup"><tr role="row">{names.map((name) => <th scope="col" role="columnheader" class={name[0] === "#" ? "num" : ""}>{name.replace("#", "")}</th>)}</tr></thead>;
}
