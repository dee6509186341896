import type { JSX } from "preact";
import { get } from "../api.ts";
import type { DeadLetter, Notes } from "../contract.ts";
import { useLoad } from "../load.ts";
import { Loaded } from "./states.tsx";
import { At, Foreign } from "./words.tsx";

/** What people wrote about the letter, newest last. */
export function NoteList({ letter }: { letter: Pick<DeadLetter, "id" | "notes"> }): JSX.Element {
  const path = `/dead-letters/${letter.id}/notes`;
  const notes = useLoad(path, (abort) => get<Notes>(path, abort), ["letters"], letter.id);
  return (
    <section aria-label="Notes">
      <Loaded load={notes} rows={1}>
        {({ items }) => <ul class="log">{items.map((one) => <li><At time={one.at} /><span><span class="b">{one.author}</span> <Foreign text={one.text} /></span></li>)}</ul>}
      </Loaded>
    </section>
  );
}
