import type { JSX } from "preact";
import { may } from "../api.ts";
import type { BulkAction } from "../bulk.ts";
import type { DeadLetterSummary } from "../contract.ts";
import { paths } from "../router.ts";
import { count, plural } from "../text.ts";

/** What can be done to the letters that are picked; all but the discard of a single one asks before. */
export function LetterDock({ chosen, matching, act, all, clear }: {
  chosen: DeadLetterSummary[];
  /** How many fit the filter, in words; null where all of them are picked. */
  matching: string | null;
  act: (action: BulkAction) => void;
  all: () => void;
  clear: () => void;
}): JSX.Element {
  const operate = may("operate");
  return (
    <div class="acts dock" role="group" aria-label="Actions">
      <span class="say">
        <span class="b">{plural(chosen.length, "letter")}</span> selected
        {matching !== null && operate && <> · <button type="button" class="link" onClick={all}>Select all {matching} <kbd>*</kbd></button></>}
        {" "}· <button type="button" class="link" onClick={clear}>Clear <kbd>Esc</kbd></button>
      </span>
      {operate ? <Deeds chosen={chosen} act={act} /> : <span class="help">To act on {chosen.length === 1 ? "it" : "them"} needs the permission operate.</span>}
    </div>
  );
}

function Deeds({ chosen, act }: { chosen: DeadLetterSummary[]; act: (action: BulkAction) => void }): JSX.Element {
  const only = chosen.length === 1 ? chosen[0] : undefined;
  const open = chosen.filter((row) => row.status === "open").length;
  const discarded = chosen.some((row) => row.status === "discarded");
  return (
    <>
      {only && open > 0 && <a class="button go" href={`${paths.letter(only.id)}?replay=1`}>Replay… <kbd>r</kbd></a>}
      {!only && open > 0 && <button type="button" class="go" onClick={() => act("replay")}>Replay {count(open)} open… <kbd>r</kbd></button>}
      {open > 0 && <button type="button" class="bad" onClick={() => act("discard")}>Discard{only ? "" : ` ${count(open)} open…`} <kbd>d</kbd></button>}
      {discarded && <button type="button" onClick={() => act("restore")}>Restore{only ? "" : "…"}</button>}
      <button type="button" onClick={() => act("assign")}>Assign…</button>
      <button type="button" onClick={() => act("tag")}>Tag…</button>
      <button type="button" onClick={() => act("note")}>Note… <kbd>n</kbd></button>
      {may("admin") && <button type="button" class="bad" onClick={() => act("purge")}>Purge…</button>}
    </>
  );
}
