import type { JSX, TargetedEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, withQuery } from "../api.ts";
import type { FailureGroup, Facets as Found, Status } from "../contract.ts";
import { useLoad } from "../load.ts";
import { asValue, freeOf, narrowed, saidOf } from "../query.ts";
import { withParams } from "../router.ts";
import { capped, simpleName } from "../text.ts";
import { Icon } from "./icon.tsx";
import { Bones } from "./states.tsx";
import { Foreign, groupStates, statuses } from "./words.tsx";

/** What facets are of: where they are counted, and what their values are called. */
export interface Faceted {
  path: string;
  names: Readonly<Record<string, string>>;
  /** Counted under this term as well, unless the facet is the one it speaks of. */
  within?: { name: string; term: string };
}
export const ofLetters: Faceted = { path: "/dead-letters/facets", names: {
  status: "Status", topic: "Topic", class: "Error class", consumer: "Consumer group", assignee: "Assignee", tag: "Tag",
  origin: "Origin topic", convention: "Convention", cause: "Cause", attempt: "Tries", partition: "Partition", group: "Failure group",
} };
export const ofGroups: Faceted = { path: "/failure-groups/facets", names: {
  state: "State", topic: "Topic", class: "Error class", label: "Label", ts: "Last failure", consumer: "Consumer group", assignee: "Assignee", tag: "Tag",
  status: "With letters", origin: "Origin topic", convention: "Convention",
} };
type Name = string;
type Value = Found["items"][number];

const few = 8;
const many = 60;
/** Counts may be dear where they are not kept, so they follow the list at a distance. */
const pace = 3_000;
/** Those that are looked at, for as long as the page lives. */
const opened = new Set<Name>(["state", "status", "topic", "class", "label", "consumer"]);

/** What the filter finds, by value. A value narrows the filter; the one that is set takes itself away. */
export function Facets({ q, of = ofLetters }: { q: string; of?: Faceted }): JSX.Element {
  return <>{Object.keys(of.names).map((name) => <Facet name={name} q={q} of={of} />)}</>;
}

function Facet({ name, q, of }: { name: Name; q: string; of: Faceted }): JSX.Element {
  const said = saidOfFacet(q, name);
  const [open, setOpen] = useState(opened.has(name) || said.length > 0);
  const [limit, setLimit] = useState(few);
  // What the filter says of this field itself is left out, so that the other values can be seen and gone to.
  const rest = freeOfFacet(q, name);
  const within = of.within && of.within.name !== name ? narrowed(rest, of.within.term) : rest;
  const path = withQuery(of.path, { field: name, q: within, limit });
  const found = useLoad(open ? path : null, (abort) => get<Found>(path, abort), ["letters", "failure-groups"], undefined, pace);
  const last = useRef<Found>(undefined);
  useEffect(() => {
    if (found.data) last.current = found.data;
  }, [found.data]);
  // The values of the filter before stay while the next are counted, so that nothing jumps.
  const data = found.data ?? (found.problem ? undefined : last.current);
  const toggle = (event: TargetedEvent<HTMLDetailsElement>): void => {
    setOpen(event.currentTarget.open);
    if (event.currentTarget.open) opened.add(name);
    else opened.delete(name);
  };
  return (
    <details class="facet" open={open} onToggle={toggle}>
      <summary><h3>{of.names[name]}</h3></summary>
      {open && found.problem && <p class="help">Not counted: {found.problem.detail ?? found.problem.title} <button type="button" class="link" onClick={found.again}>Again</button></p>}
      {open && found.bones && !data && <Bones rows={2} />}
      {open && data && <div class={found.data ? "" : "stale-soft"} aria-busy={found.busy}><Values name={name} title={of.names[name] ?? name} q={q} letters={of === ofLetters} found={data} more={limit === few && data.others.value > 0 ? () => setLimit(many) : undefined} /></div>}
    </details>
  );
}

const words = Object.keys(statuses);

/** What the filter says of the facet, as it is written. A status is mostly written `is:open`; `status:open` is understood too. */
function saidOfFacet(q: string, name: Name): string[] {
  return [...saidOf(q, name), ...(name === "status" ? saidOf(q, "is").filter((value) => words.includes(value)) : [])];
}
function freeOfFacet(q: string, name: Name): string {
  return name === "status" ? freeOf(freeOf(q, name), "is", words) : freeOf(q, name);
}
function withValues(q: string, name: Name, values: string[]): string {
  const rest = freeOfFacet(q, name);
  return values.length === 0 ? rest : narrowed(rest, `${name === "status" ? "is" : name}:${values.join(",")}`);
}

/** As a term has it; a span of time has its one way of writing, and a word that has nothing special is itself. */
const termOf = (name: Name, value: string): string => (name === "ts" ? saidOf(`ts:${value}`, "ts")[0] ?? value : asValue(value));

function Values({ name, title, q, letters, found, more }: { name: Name; title: string; q: string; letters: boolean; found: Found; more: (() => void) | undefined }): JSX.Element {
  const { items, others, missing, partial } = found;
  const written = items.map((one) => termOf(name, one.value));
  const elsewhere = saidOfFacet(q, name).filter((value) => !written.includes(value));
  return (
    <>
      <ul>
        {elsewhere.length > 0 && <li><a href={withParams({ q: withValues(q, name, saidOfFacet(q, name).filter((value) => written.includes(value))) })} aria-current="true"><span class="cut">{elsewhere.map((value) => wordOf(name, value) ?? value).join(", ")}</span><Icon name="discarded" /><span class="vh">take away</span></a></li>}
        {items.map((one) => <Value name={name} q={q} one={one} />)}
        {name === "status" && letters && <CameBack q={q} />}
      </ul>
      {items.length === 0 && elsewhere.length === 0 && <p class="help">None</p>}
      <p class="help">
        {others.value > 0 && <>{capped(others)} with others{more && <> <button type="button" class="link" onClick={more}>Show more<span class="vh"> of {title}</span></button></>}. </>}
        {missing.value > 0 && <>{capped(missing)} without. </>}
        {partial.map((words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}. `)}
      </p>
    </>
  );
}

function Value({ name, q, one }: { name: Name; q: string; one: Value }): JSX.Element {
  const said = saidOfFacet(q, name);
  const value = termOf(name, one.value);
  const set = said.includes(value);
  const next = withValues(q, name, set ? said.filter((other) => other !== value) : [value]);
  const word = wordOf(name, one.value);
  return (
    <li>
      <a href={withParams({ q: next })} title={one.label ?? one.value} {...(set ? { "aria-current": "true" as const } : {})}>
        <span class={`cut${word || one.label ? "" : " mono"}`}>{word ?? <Foreign text={shown(name, one)} />}</span>
        <span class="n">{capped(one.count)}</span>
        {set && <><Icon name="discarded" /><span class="vh">take away</span></>}
      </a>
    </li>
  );
}

/** What we say of it, where it is no word of somebody else. */
function wordOf(name: Name, value: string): string | undefined {
  switch (name) {
    case "status": return statuses[value as Status]?.word;
    case "state": return groupStates[value as FailureGroup["state"]]?.word;
    case "ts": return { "<1h": "Within the hour", "<1d": "Within a day", "<7d": "Within 7 days", ">7d": "Longer ago" }[value];
    case "label": return value;
    default: return undefined;
  }
}

/** Not a status, and not counted, but what one looks for after a replay. */
function CameBack({ q }: { q: string }): JSX.Element {
  const rest = freeOf(q, "is", ["loop"]);
  const set = rest !== q;
  return <li><a href={withParams({ q: set ? rest : narrowed(q, "is:loop") })} {...(set ? { "aria-current": "true" as const } : {})}><span class="cut">Came back</span>{set && <><Icon name="discarded" /><span class="vh">take away</span></>}</a></li>;
}

/** The end of a class name says the most. */
function shown(name: Name, { value, label }: Value): string {
  if (label !== null) return simpleName(label);
  return name === "class" || name === "cause" ? simpleName(value) : value;
}
