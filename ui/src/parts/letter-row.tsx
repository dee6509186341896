import type { JSX } from "preact";
import type { DeadLetterSummary } from "../contract.ts";
import { paths } from "../router.ts";
import { plural, simpleName, size } from "../text.ts";
import { At, Foreign, LookBadge, TopicName, lookOf, placeOf } from "./words.tsx";

/** What a list says of the failure: the message, or the class where there is none. */
function Error({ letter }: { letter: DeadLetterSummary }): JSX.Element {
  const { message, exceptionClass, causeClass } = letter.failure;
  const text = message ?? causeClass ?? exceptionClass;
  if (text === null) return <span class="soft">No error in the headers</span>;
  return <Foreign text={message === null ? simpleName(text) : text.slice(0, 300)} />;
}

/** What people said of it, before what the machine said. */
export function Noted({ letter }: { letter: Pick<DeadLetterSummary, "assignee" | "tags" | "notes"> }): JSX.Element | null {
  if (letter.assignee === null && letter.tags.length === 0 && letter.notes === 0) return null;
  return (
    <>
      {letter.assignee !== null && <span class="tag"><span class="vh">Assigned to </span>@<Foreign text={letter.assignee} /></span>}
      {letter.tags.slice(0, 3).map((tag) => <> <span class="tag">{tag}</span></>)}
      {letter.tags.length > 3 && <> <span class="tag">+{letter.tags.length - 3}</span></>}
      {letter.notes > 0 && <> <span class="tag">{plural(letter.notes, "note")}</span></>}{" "}
    </>
  );
}

export function LetterRow({ letter, current, picked, pick }: { letter: DeadLetterSummary; current: boolean; picked: boolean; pick: (range: boolean) => void }): JSX.Element {
  const look = lookOf(letter);
  const place = placeOf(letter.position);
  return (
    <tr id={`letter-${letter.id}`} role="row" class={`${look.mark} ${look.tone}${current ? " here" : ""}`} aria-selected={picked}>
      <td class="a-tick" role="cell"><label class="hit"><input type="checkbox" aria-label={`Select ${place}`} checked={picked} onClick={(event) => pick(event.shiftKey)} /></label></td>
      <td class="a-state" role="cell"><LookBadge of={look} /></td>
      <td class="a-time" role="cell"><At time={letter.failedAt} /></td>
      <td class="a-topic mono cut" role="cell" title={letter.position.topic}><TopicName topic={letter.position.topic} origin={letter.origin.topic} /></td>
      <th scope="row" role="rowheader" class="a-pos mono cut"><a href={paths.letter(letter.id)} aria-label={`Open ${place}`}>{letter.position.partition}:{letter.position.offset}</a></th>
      <td class="a-key cut" role="cell">{letter.keyPreview === null ? <span class="tag">null</span> : <code><Foreign text={letter.keyPreview} /></code>}</td>
      <td class="a-error cut" role="cell" title={letter.failure.message ?? ""}><Noted letter={letter} /><Error letter={letter} /></td>
      <td class="a-att num" role="cell">{letter.failure.attempts ?? "—"}</td>
      <td class="a-size num" role="cell">{letter.payload === "absent" ? <span class="tag">absent</span> : letter.valueSize === null ? <span class="tag">null</span> : size(letter.valueSize)}</td>
    </tr>
  );
}
