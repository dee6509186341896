import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { actionsOn, discard, restore } from "../actions.ts";
import { may } from "../api.ts";
import type { DeadLetter } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { lazy } from "../lazy.tsx";
import { assignToMe } from "../noting.ts";
import { go, paths } from "../router.ts";
import type { Bulk } from "./bulk.tsx";
import { Curl } from "./curl.tsx";
import { Icon } from "./icon.tsx";
import { copy } from "./words.tsx";

const BulkDialog = lazy(() => import("./bulk.tsx").then((module) => module.BulkDialog), "asks");

/** Says why an action is missing instead of greying it out without a word. */
export function LetterDesk({ letter, ask: replay }: { letter: DeadLetter; ask: () => void }): JSX.Element {
  const able = actionsOn(letter);
  const operate = may("operate");
  // Until the letter comes back changed a second press would be refused, and its refusal take the place of the way back.
  const [done, setDone] = useState<number>();
  const once = (act: Promise<boolean>): void => {
    setDone(letter.version);
    void act.then((ok) => ok || setDone(undefined));
  };
  const waits = done === letter.version;
  const edit = (): void => go(paths.edit(letter.id));
  const drop = (): void => {
    if (!waits) once(discard([letter.id]));
  };
  const [asking, setAsking] = useState<Bulk>();
  const write = (action: "note" | "tag" | "assign"): void => setAsking({ scope: { ids: [letter.id] }, letter, action });
  useKeys("Letter", [
    ...(able.has("edit") ? [{ keys: "e", what: "Edit and replay", run: edit }] : []),
    ...(able.has("replay") ? [{ keys: "r", what: "Replay…, shows what would happen", run: replay }] : []),
    ...(able.has("discard") ? [{ keys: "d", what: "Discard, can be undone", run: drop }] : []),
    { keys: "y", what: "Copy the link", run: () => void copy(location.origin + paths.letter(letter.id), "Link") },
    ...(operate ? [{ keys: "m", what: "Assign to me", run: () => void assignToMe(letter) }, { keys: "n", what: "Note…", run: () => write("note") }] : []),
  ]);
  return (
    <div class="acts dock" role="group" aria-label="Actions">
      {able.has("edit") && <a class="button go" href={paths.edit(letter.id)}><Icon name="draft" />{letter.draft ? "Go on editing" : "Edit and replay"} <kbd>e</kbd></a>}
      {able.has("replay") && <button type="button" onClick={replay}>Replay… <kbd>r</kbd></button>}
      {able.has("discard") && <button type="button" class="bad" disabled={waits} onClick={drop}>Discard <kbd>d</kbd></button>}
      {able.has("restore") && <button type="button" disabled={waits} onClick={() => once(restore(letter.id))}>Restore</button>}
      {operate && <button type="button" onClick={() => write("note")}>Note… <kbd>n</kbd></button>}
      {operate && <button type="button" onClick={() => write("assign")}>Assign… <kbd class="opt">m</kbd></button>}
      {operate && <button type="button" onClick={() => write("tag")}>Tag…</button>}
      <Curl where="Letter" path={`/dead-letters/${letter.id}`} />
      {asking && <BulkDialog bulk={asking} close={() => setAsking(undefined)} done={() => undefined} />}
      {!able.has("replay") && <span class="help">{whyNot(letter)}</span>}
    </div>
  );
}

function whyNot(letter: DeadLetter): string {
  if (!may("operate") && letter.allowedActions.some((one) => one !== "edit" && one !== "fetch")) return "To act on it needs the permission operate.";
  switch (letter.status) {
    case "replaying": return "It is being replayed.";
    case "replayed": return "It has been replayed; its outcome is not known yet.";
    case "recovered": return "It has recovered. Nothing is left to do.";
    case "returned": return "It came back as a new letter; act on that one.";
    case "discarded": return "It was discarded.";
    case "purged": return "Its bytes are gone; position and hash are kept.";
    case "open": return letter.payload === "absent" ? "It holds no payload, so it cannot be sent as it is. Edit it, or fetch the source record." : "It cannot be replayed as it is.";
  }
}
