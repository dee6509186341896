import type { ComponentChildren, JSX } from "preact";
import { narrow } from "../media.ts";
import { Icon, type IconName } from "./icon.tsx";
import type { Tone } from "./words.tsx";
import { At } from "./words.tsx";

export interface Station {
  name: string;
  icon: IconName;
  tone: Tone;
  time?: string | null;
  /** Beneath, in mono where it is evidence. */
  place?: ComponentChildren;
  href?: string;
  todo?: boolean;
  now?: boolean;
}

function Stop({ of }: { of: Station }): JSX.Element {
  return (
    <li class={`${of.tone}${of.todo ? " todo" : ""}`} {...(of.now ? { "aria-current": "step" as const } : {})}>
      <Icon name={of.icon} />
      <span class="b">{of.href ? <a href={of.href}>{of.name}</a> : of.name}</span>
      {of.time && <At time={of.time} />}
      {of.place && <small>{of.place}</small>}
    </li>
  );
}

/** A line with stations: solid is past, dotted is to come, underlined is now. On a phone it starts as one line. */
export function Track({ label, stations }: { label: string; stations: Station[] }): JSX.Element {
  const list = <ol class="track" aria-label={label}>{stations.map((station) => <Stop of={station} />)}</ol>;
  if (!narrow.value) return list;
  const past = stations.filter((station) => !station.todo);
  return (
    <details class="unfold">
      <summary>
        <span class="vh">{label}: </span>
        {past.slice(-3).map((station, i) => (
          <>
            {i > 0 && <span class="soft"> › </span>}
            <span class={station.tone}><Icon name={station.icon} />{station.name}</span>
          </>
        ))}
        <span class="soft"> {stations.length} steps</span>
      </summary>
      {list}
    </details>
  );
}
