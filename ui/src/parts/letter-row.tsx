import type { JSX } from "preact";
import { type Column, type Field, isKnown, type Known, nameOf } from "../columns.ts";
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

const sorted = { failed: "descending" } as const;
/** The class has the width, and the place of the cell where rows are folded. */
const look: Record<Known, string> = {
  status: "state", failed: "time", topic: "topic", position: "pos", key: "key", error: "error", attempts: "att num", size: "size num",
  consumer: "more", convention: "more", class: "more", group: "more", ingested: "more", changed: "more", assignee: "more", tags: "more",
};

const lookOfColumn = (column: Column): string => (isKnown(column) ? look[column] : "more");

export function LetterHead({ column }: { column: Column }): JSX.Element {
  return <th scope="col" role="columnheader" class={`c-${lookOfColumn(column)}${isKnown(column) ? "" : " mono cut"}`} {...(isKnown(column) ? {} : { title: column })} {...(column === "failed" ? { "aria-sort": sorted.failed } : {})}>{isKnown(column) ? nameOf(column) : <Foreign text={column} />}</th>;
}

function content(letter: DeadLetterSummary, column: Known): JSX.Element | string {
  const { failure } = letter;
  switch (column) {
    case "status": return <LookBadge of={lookOf(letter)} />;
    case "failed": return <At time={letter.failedAt} />;
    case "topic": return <TopicName topic={letter.position.topic} origin={letter.origin.topic} />;
    case "position": return <a href={paths.letter(letter.id)} aria-label={`Open ${placeOf(letter.position)}`}>{letter.position.partition}:{letter.position.offset}</a>;
    case "key": return letter.keyPreview === null ? <span class="tag">null</span> : <code><Foreign text={letter.keyPreview} /></code>;
    case "error": return <><Noted letter={letter} /><Error letter={letter} /></>;
    case "attempts": return String(failure.attempts ?? "—");
    case "size": return letter.payload === "absent" ? <span class="tag">absent</span> : letter.valueSize === null ? <span class="tag">null</span> : size(letter.valueSize);
    case "consumer": return text(letter.origin.consumerGroup);
    case "convention": return letter.convention;
    case "class": { const name = failure.causeClass ?? failure.exceptionClass; return text(name && simpleName(name)); }
    case "group": return letter.failureGroupId === null ? "—" : <a href={paths.group(letter.failureGroupId)}>{letter.failureGroupId}</a>;
    case "ingested": return <At time={letter.ingestedAt} />;
    case "changed": return <At time={letter.changedAt} />;
    case "assignee": return text(letter.assignee);
    case "tags": return <>{letter.tags.map((tag) => <><span class="tag">{tag}</span> </>)}</>;
  }
}
const text = (value: string | null): JSX.Element | string => (value === null ? "—" : <Foreign text={value} />);

const mono: readonly Column[] = ["topic", "position", "consumer", "class"];
const titles: Partial<Record<Known, (letter: DeadLetterSummary) => string | null>> = {
  topic: (letter) => letter.position.topic, error: (letter) => letter.failure.message, key: (letter) => letter.keyPreview,
  class: (letter) => letter.failure.causeClass ?? letter.failure.exceptionClass, consumer: (letter) => letter.origin.consumerGroup,
};

export function LetterRow({ letter, columns, fields, current, here, picked, pick }: { letter: DeadLetterSummary; columns: readonly Column[]; fields: readonly Field[]; current: boolean; here: () => void; picked: boolean; pick: (range: boolean) => void }): JSX.Element {
  const { mark, tone } = lookOf(letter);
  return (
    <tr id={`letter-${letter.id}`} role="row" tabIndex={-1} class={`${mark} ${tone}${current ? " here" : ""}`} aria-selected={picked} {...(current ? { "aria-current": "true" as const } : {})} onFocusIn={here} onClick={here}>
      <td class="a-tick" role="cell"><label class="hit"><input type="checkbox" aria-label={`Select ${placeOf(letter.position)}`} checked={picked} onClick={(event) => pick(event.shiftKey)} /></label></td>
      {columns.map((column) => {
        if (!isKnown(column)) {
          const found = letter.fields?.[fields.indexOf(column)] ?? null;
          return <td role="cell" class="a-more mono cut" data-l={column} {...(found === null ? {} : { title: found })}>{text(found)}</td>;
        }
        const name = `a-${look[column]}${mono.includes(column) ? " mono" : ""}${["status", "failed", "attempts", "size"].includes(column) ? "" : " cut"}`;
        const title = titles[column]?.(letter) ?? undefined;
        return column === "position"
          ? <th scope="row" role="rowheader" class={name}>{content(letter, column)}</th>
          : <td role="cell" class={name} {...(title ? { title } : {})} {...(look[column] === "more" ? { "data-l": nameOf(column) } : {})}>{content(letter, column)}</td>;
      })}
    </tr>
  );
}
