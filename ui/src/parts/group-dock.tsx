import type { JSX } from "preact";
import type { FailureGroup } from "../contract.ts";
import { count } from "../text.ts";
import type { Asking } from "./group-panel.tsx";

/** What can be done to the failure groups that are picked: by a mouse, or a thumb, as by the keys. */
export function GroupDock({ chosen, ask, replay, resolve, assign, clear }: {
  chosen: FailureGroup[];
  ask: (what: Asking) => void;
  replay: () => void;
  resolve: () => void;
  assign: () => void;
  clear: () => void;
}): JSX.Element {
  const open = chosen.reduce((sum, group) => sum + group.counts.open, 0);
  return (
    <div class="acts dock" role="group" aria-label="Actions">
      <span class="say"><span class="b">{count(chosen.length)} selected</span>, {count(open)} open · <button type="button" class="link" onClick={clear}>Clear <kbd>Esc</kbd></button></span>
      {open > 0 && <button type="button" class="go" onClick={replay}>Replay… <kbd>r</kbd></button>}
      {open > 0 && <button type="button" class="bad" onClick={() => ask("discard")}>Discard… <kbd>d</kbd></button>}
      <button type="button" onClick={() => ask("snooze")}>Snooze… <kbd>s</kbd></button>
      <button type="button" onClick={resolve}>Resolve <kbd>v</kbd></button>
      <button type="button" onClick={assign}>Assign to me <kbd>m</kbd></button>
      <button type="button" onClick={() => ask("note")}>Note… <kbd>n</kbd></button>
      <button type="button" onClick={() => ask("tag")}>Tag… <kbd>t</kbd></button>
      {chosen.length > 1 && <button type="button" onClick={() => ask("merge")}>Merge… <kbd>M</kbd></button>}
    </div>
  );
}
