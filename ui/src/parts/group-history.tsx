import type { JSX } from "preact";
import { get } from "../api.ts";
import type { History, HistoryEvent } from "../contract.ts";
import { useLoad } from "../load.ts";
import { paths } from "../router.ts";
import { plural, simpleName } from "../text.ts";
import { Loaded } from "./states.tsx";
import { At, Foreign } from "./words.tsx";

interface Named {
  id: string;
  title: string;
  letters?: number;
}

/** What was done to a failure group, newest first. */
export function GroupHistory({ id }: { id: string }): JSX.Element {
  const path = `/failure-groups/${encodeURIComponent(id)}/history`;
  const load = useLoad(path, (abort) => get<History>(path, abort), ["failure-groups"]);
  return (
    <details>
      <summary>What was done to it</summary>
      <Loaded load={load} rows={2}>
        {({ items }) => items.length === 0 ? <p class="soft">Nobody decided anything about it yet.</p> : (
          <ol class="log">
            {[...items].reverse().map((event) => (
              <li>
                <At time={event.at} />
                <span><Deed of={event} /><span class="soft"> by <Foreign text={event.actor} /></span>{event.reason && <> “<Foreign text={event.reason} />”</>}</span>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </details>
  );
}

function Deed({ of: { action, details } }: { of: HistoryEvent }): JSX.Element {
  const groups = list(details["groups"]);
  const other = one(details["into"]) ?? one(details["out"]);
  switch (action) {
    case "group-merged": return other ? <>Merged into <Link to={other} /></> : <>Merged in <Links to={groups} all={details["count"]} /></>;
    case "group-split-off": return other ? <>Taken out of <Link to={other} /> again</> : <>Split off again: <Links to={groups} all={details["count"]} /></>;
    case "group-split": return <>What fits <code class="any"><Foreign text={String(details["q"])} /></code> was split off{one(details["to"]) && <> to <a href={paths.group(one(details["to"])?.id ?? "")}>another failure group</a></>}</>;
    case "group-made-by-split": return <>Split off <a href={paths.group(list(details["from"])[0]?.id ?? "")}>another failure group</a> by <code class="any"><Foreign text={String(details["q"])} /></code></>;
    case "group-regrouped": return <Regrouped from={list(details["from"])} to={list(details["to"])} version={details["fingerprintVersion"]} />;
    default: return <>{action.replace(/^group-/, "").replaceAll("-", " ").replace(/^./, (c) => c.toUpperCase())}</>;
  }
}

function Regrouped({ from, to, version }: { from: Named[]; to: Named[]; version: unknown }): JSX.Element {
  return <>Regrouped by rules v{String(version)}{from.length > 0 && <>, letters came from <Links to={from} all={from.length} /></>}{to.length > 0 && <>, letters went to <Links to={to} all={to.length} /></>}</>;
}

function Links({ to, all }: { to: Named[]; all: unknown }): JSX.Element {
  const rest = Number(all) - to.length;
  return <>{to.map((group, i) => <>{i > 0 && ", "}<Link to={group} /></>)}{rest > 0 && ` and ${rest} more`}</>;
}

function Link({ to }: { to: Named }): JSX.Element {
  return <><a href={paths.group(to.id)}><Foreign text={simpleName(to.title) || `failure group ${to.id}`} /></a>{to.letters !== undefined && <span class="soft"> ({plural(to.letters, "letter")})</span>}</>;
}

function one(value: unknown): Named | undefined {
  return typeof value === "object" && value !== null && "id" in value ? (value as Named) : undefined;
}

const list = (value: unknown): Named[] => (Array.isArray(value) ? value.flatMap((each) => one(each) ?? []) : []);
