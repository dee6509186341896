import type { JSX } from "preact";
import type { HistoryEvent } from "../contract.ts";
import { Icon, type IconName } from "./icon.tsx";
import { At, Foreign, type Tone } from "./words.tsx";

const looks: Record<string, [word: string, tone: Tone, icon: IconName]> = {
  stored: ["Stored", "rest", "letters"],
  discarded: ["Discarded", "rest", "discarded"],
  purged: ["Purged", "rest", "purged"],
  restored: ["Restored", "rest", "open"],
  assigned: ["Assigned", "rest", "open"],
  tagged: ["Tagged", "rest", "open"],
  noted: ["Noted", "rest", "draft"],
  "draft-saved": ["Draft saved", "drafted", "draft"],
  "draft-dropped": ["Draft dropped", "rest", "discarded"],
  "replay-requested": ["Replay asked for", "moving", "replaying"],
  "replay-sent": ["Sent", "moving", "sent"],
  "replay-failed": ["Not sent", "alarm", "fail"],
  "replay-uncertain": ["Uncertain", "decide", "uncertain"],
  "replay-decided": ["Decided", "decide", "uncertain"],
  recovered: ["Recovered", "settled", "recovered"],
  returned: ["Returned", "alarm", "returned"],
};

/** Newest first. */
export function HistoryLog({ items }: { items: HistoryEvent[] }): JSX.Element {
  return (
    <ol class="log">
      {[...items].reverse().map((event) => {
        const [word, tone, icon] = looks[event.action] ?? [event.action, "rest" as const, "open" as const];
        return (
          <li>
            <At time={event.at} />
            <span>
              <span class={`badge ${tone}`}><Icon name={icon} />{word}</span>
              {event.actor !== "system" && <span class="soft"> by {event.actor}</span>}
              {event.reason && <> “<Foreign text={event.reason} />”</>}
              <Details of={event.details} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** Plain facts of an event, without the ids that links carry anyway. */
function Details({ of }: { of: Record<string, unknown> }): JSX.Element | null {
  const shown = Object.entries(of).flatMap(([name, value]) => {
    if (value === null || typeof value === "object" || /id$/i.test(name)) return [];
    return [`${name} ${String(value)}`];
  });
  if (shown.length === 0) return null;
  return <small class="block mono"><Foreign text={shown.join(", ").slice(0, 300)} /></small>;
}
