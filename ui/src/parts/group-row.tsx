import type { JSX } from "preact";
import type { FailureGroup } from "../contract.ts";
import { paths } from "../router.ts";
import { count, plural, shortFrame, simpleName } from "../text.ts";
import { Spark } from "./charts.tsx";
import { Ago, At, Badge, Foreign, LookBadge, TopicName, groupStates } from "./words.tsx";

/**
 * One failure group of the list. It can take the focus, so that what is read out is what a key acts on.
 *
 * @param here told when the focus comes into it, or it is clicked
 * @param pick absent where nothing could be done with what is picked
 */
export function GroupRow({ group, current, picked, here, pick }: { group: FailureGroup; current: boolean; picked: boolean; here: () => void; pick: ((range: boolean) => void) | undefined }): JSX.Element {
  const look = groupStates[group.state];
  const { counts } = group;
  const name = group.label ?? simpleName(group.title);
  return (
    <tr id={`group-${group.id}`} role="row" tabIndex={-1} class={`${look.mark} ${look.tone}${current ? " here" : ""}`} {...(current ? { "aria-current": "true" as const } : {})} {...(pick ? { "aria-selected": picked } : {})} onFocusIn={here} onClick={here}>
      {pick && <td class="a-tick" role="cell"><label class="hit"><input type="checkbox" aria-label={`Select ${name}`} checked={picked} onClick={(event) => pick(event.shiftKey)} /></label></td>}
      <td class="a-state" role="cell"><LookBadge of={look} />{counts.returned > 0 && <><br /><Badge tone="alarm" loud="" icon="returned">{count(counts.returned)} returned</Badge></>}</td>
      <th scope="row" role="rowheader" class="a-what two">
        <span class="cut"><a class="b" href={paths.group(group.id)} title={group.title}><Foreign text={name} /></a> {group.label && <code class="soft"><Foreign text={simpleName(group.title)} /></code>} {group.culprit && <code class="soft"><Foreign text={shortFrame(group.culprit)} /></code>}</span>
        <span class="soft cut" title={group.message ?? ""}>{group.message ? <Foreign text={group.message} /> : "No message"}</span>
        <Noted group={group} />
      </th>
      <td class="a-topic two" role="cell"><code class="cut" title={group.topic}><TopicName topic={group.topic} origin={group.originTopic} /></code><span class="soft cut">{group.consumerGroup ?? group.convention}</span></td>
      <td class="a-spark" role="cell"><Spark buckets={group.buckets} tone={look.loud === "fill" ? look.tone : ""} /></td>
      <td class="a-open num two" role="cell"><span class="big">{count(counts.open)}</span><span class="soft">{count(counts.letters)}</span></td>
      <td class="a-last num two" role="cell"><Ago time={group.lastSeenAt} /><span class="soft"><At time={group.firstSeenAt} /></span></td>
    </tr>
  );
}

/** Who looks after it, and what was written about it; nothing where nobody did. */
function Noted({ group }: { group: FailureGroup }): JSX.Element | null {
  if (group.assignee === null && group.tags.length === 0 && group.notes === 0) return null;
  return (
    <span class="soft cut">
      {group.assignee !== null && <span class="tag">@<Foreign text={group.assignee} /></span>}
      {group.tags.map((tag) => <> <span class="tag">{tag}</span></>)}
      {group.notes > 0 && <> <span class="tag">{plural(group.notes, "note")}</span></>}
    </span>
  );
}
