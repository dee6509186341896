import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, get, may, me } from "../api.ts";
import type { FailureGroup, FailureGroupPatch, Notes } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { hint } from "../live.ts";
import { useLoad } from "../load.ts";
import { count } from "../text.ts";
import { say } from "../toast.ts";
import { decide } from "../triage.ts";
import { type Asking, GroupPanel } from "./group-panel.tsx";
import { Icon } from "./icon.tsx";
import { Loaded } from "./states.tsx";
import { At, Foreign } from "./words.tsx";

/** What is decided about one failure group, and what can be. @param replay what is done most often, and stands first */
export function GroupDesk({ group, replay }: { group: FailureGroup; replay: JSX.Element | null }): JSX.Element {
  const [asking, setAsking] = useState<Asking>();
  const act = (what: string, body: FailureGroupPatch): void => void decide([group], what, () => body);
  const mine = me.value?.actor ?? "";
  const decided = group.state === "resolved" || group.state === "snoozed";
  const operate = may("operate");
  const reopen = (): void => act("opened again", { state: "ongoing" });
  const resolve = (): void => act("resolved", { state: "resolved" });
  useKeys("Failure group", asking || !operate ? [] : [
    { keys: "m", what: "Assign to me", run: () => act(`assigned to ${mine}`, { assignee: mine }) },
    { keys: "s", what: "Snooze…", run: () => setAsking("snooze") },
    { keys: "v", what: decided ? "Open again" : "Resolve", run: decided ? reopen : resolve },
    { keys: "n", what: "Add a note…", run: () => setAsking("note") },
    { keys: "t", what: "Tag…", run: () => setAsking("tag") },
  ]);
  return (
    <>
      {operate && <p class="acts tight">
        {replay}
        {decided ? <button type="button" onClick={reopen}>Open again <kbd>v</kbd></button> : <button type="button" onClick={resolve}>Resolve <kbd>v</kbd></button>}
        <button type="button" onClick={() => setAsking("snooze")}>Snooze… <kbd>s</kbd></button>
        {group.assignee === mine && mine !== "" ? <button type="button" onClick={() => act("assigned to nobody", { assignee: null })}>Give back</button> : <button type="button" onClick={() => act(`assigned to ${mine}`, { assignee: mine })}>Assign to me <kbd>m</kbd></button>}
        <button type="button" onClick={() => setAsking("note")}>Note… <kbd>n</kbd></button>
        <button type="button" onClick={() => setAsking("tag")}>Tag… <kbd>t</kbd></button>
        {group.counts.open > 0 && <button type="button" class="bad" onClick={() => setAsking("discard")}>Discard all open…</button>}
      </p>}
      {asking && <GroupPanel asking={asking} groups={[group]} close={() => setAsking(undefined)} done={() => undefined} />}
      <dl class="facts tight">
        {group.state === "snoozed" && group.snooze && <><dt>Snoozed</dt><dd>{wakes(group.snooze)}{group.decidedBy && <span class="soft"> by {group.decidedBy}</span>}</dd></>}
        {group.state === "resolved" && <><dt>Resolved</dt><dd>{group.decidedAt && <At time={group.decidedAt} />} <span class="soft">by {group.decidedBy}; a letter that comes now makes it regressed</span></dd></>}
        {group.regressedAt && group.state === "regressed" && <><dt>Regressed</dt><dd>a letter came <At time={group.regressedAt} />, after it was resolved{group.decidedBy && ` by ${group.decidedBy}`}</dd></>}
        {group.assignee !== null && <><dt>Assignee</dt><dd><Foreign text={group.assignee} /></dd></>}
        {group.tags.length > 0 && <><dt>Tags</dt><dd>{group.tags.map((tag) => <><span class="tag">{tag}</span> </>)}</dd></>}
        <Link name="Ticket" field="ticketUrl" group={group} />
        <Link name="Runbook" field="runbookUrl" group={group} />
        <Label group={group} />
      </dl>
      {group.notes > 0 && <GroupNotes group={group} />}
    </>
  );
}

function wakes(snooze: NonNullable<FailureGroup["snooze"]>): JSX.Element {
  return (
    <>
      {snooze.until !== null && <>until <At time={snooze.until} /> </>}
      {snooze.letters !== null && <>until {count(snooze.letters)} more letters </>}
      {snooze.rate !== null && <>until {count(snooze.rate)} or more in an hour </>}
    </>
  );
}

/** The server lets through what begins with http:// or https:// alone. */
function Link({ name, field, group }: { name: string; field: "ticketUrl" | "runbookUrl"; group: FailureGroup }): JSX.Element | null {
  const link = group[field];
  if (link === null && !may("operate")) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{link !== null && /^https?:\/\//i.test(link) && <><a class="any" href={link} target="_blank" rel="noopener noreferrer">{link}</a> </>}<Change value={link} label={`${name} link`} type="url" set={(value) => decide([group], "linked", () => ({ [field]: value }))} /></dd>
    </>
  );
}

function Label({ group }: { group: FailureGroup }): JSX.Element | null {
  if (group.label === null && !may("operate")) return null;
  return <><dt>Label</dt><dd>{group.label !== null && <><Foreign text={group.label} /> </>}<Change value={group.label} label="Label" type="text" set={(value) => decide([group], "labelled", () => ({ label: value }))} /></dd></>;
}

function Change({ value, label, type, set }: { value: string | null; label: string; type: "url" | "text"; set: (value: string | null) => Promise<void> }): JSX.Element | null {
  const [text, setText] = useState<string>();
  if (!may("operate")) return null;
  if (text === undefined) return <button type="button" class="link" onClick={() => setText(value ?? "")}>{value === null ? "Add" : "Change"}<span class="vh"> {label}</span></button>;
  return (
    <form class="acts" onSubmit={(event) => { event.preventDefault(); setText(undefined); void set(text.trim() === "" ? null : text.trim()); }}>
      <input inputMode={type} aria-label={label} value={text} maxLength={type === "url" ? 2_000 : 100} ref={(input) => input?.focus()} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Escape") setText(undefined); }} />
      <button>Save</button>
    </form>
  );
}

function GroupNotes({ group }: { group: FailureGroup }): JSX.Element {
  const path = `/failure-groups/${group.id}/notes`;
  const notes = useLoad(`${path} ${group.notes}`, (abort) => get<Notes>(path, abort));
  const remove = async (id: string): Promise<void> => {
    try {
      await ask("DELETE", `${path}/${id}`);
      hint("failure-groups");
      say("Note taken back.");
    } catch (error) {
      say(asProblem(error).detail ?? "The note is still there.");
    }
  };
  return (
    <section>
      <h2>Notes</h2>
      <Loaded load={notes} rows={1}>
        {({ items }) => (
          <ul class="stack">
            {items.map((one) => (
              <li>
                <p class="help"><span class="b"><Foreign text={one.author} /></span> <At time={one.at} /> {one.own && may("operate") && <button type="button" class="bare icon" aria-label="Take this note back" onClick={() => void remove(one.id)}><Icon name="discarded" /></button>}</p>
                <p class="pre any"><Foreign text={one.text} /></p>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
