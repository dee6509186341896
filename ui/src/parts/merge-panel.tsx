import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import type { FailureGroup } from "../contract.ts";
import { lettersOf, merge } from "../merging.ts";
import { plural, simpleName } from "../text.ts";
import { Foreign, LookBadge, TopicName, groupStates } from "./words.tsx";

/** What merges into what. The group with most letters is proposed, since people know it best. */
export function MergePanel({ groups, run }: { groups: FailureGroup[]; run: (act: () => Promise<void>) => void }): JSX.Element {
  const [into, setInto] = useState(() => [...groups].sort((a, b) => b.counts.letters - a.counts.letters)[0]?.id);
  const [reason, setReason] = useState("");
  const choices = useRef<HTMLFieldSetElement>(null);
  useLayoutEffect(() => choices.current?.querySelector<HTMLElement>(":checked")?.focus(), []);
  const survivor = groups.find((group) => group.id === into) ?? groups[0];
  const others = groups.filter((group) => group !== survivor);
  if (!survivor || others.length === 0) return <p>Select two failure groups or more with <kbd>x</kbd>, then merge them.</p>;
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); run(() => merge(survivor, others, reason)); }}>
      <fieldset ref={choices} class="stack choices">
        <legend class="help">Which one stays</legend>
        {groups.map((group) => (
          <label class="tick">
            <input type="radio" name="survivor" checked={group === survivor} onChange={() => setInto(group.id)} />
            <span>
              <span class="b"><Foreign text={group.label ?? simpleName(group.title)} /></span> <LookBadge of={groupStates[group.state]} />{" "}
              <span class="soft">{plural(group.counts.letters, "letter")}, <code><TopicName topic={group.topic} origin={group.originTopic} /></code>{group.message && <>, <Foreign text={group.message.slice(0, 120)} /></>}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p>
        {lettersOf(others)} of {plural(others.length, "failure group")} move to <span class="b"><Foreign text={survivor.label ?? simpleName(survivor.title)} /></span>, and so do those that come. No letter changes its status, nothing is opened again, and it can be taken apart.
      </p>
      <label class="field"><span class="help">Reason, if there is one to tell</span><input maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
      <p class="acts"><button class="go">Merge {plural(groups.length, "failure group")}</button></p>
    </form>
  );
}
