import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { newKey } from "../actions.ts";
import { asProblem, ask, may, me, type Problem } from "../api.ts";
import { freeze, manyLetters, order, type BulkAction } from "../bulk.ts";
import type { DeadLetterSummary, Selection, SelectionRequest, Status } from "../contract.ts";
import * as noting from "../noting.ts";
import { lastReason } from "../prefs.ts";
import { capped, count, plural } from "../text.ts";
import { replayDefaults, replayOptions, ReplayOptions, type ReplayGiven } from "./replay-options.tsx";
import { defaultDelay, PurgeOptions, spared } from "./purge-options.tsx";
import { SelectionScope } from "./selection-scope.tsx";
import { ProblemBanner } from "./states.tsx";

export interface Bulk {
  /** Frozen when the dialog opens. */
  scope: SelectionRequest;
  /** Where it is about this one letter alone, which needs no job to be noted, tagged or assigned. */
  letter?: DeadLetterSummary;
  action: BulkAction | null;
  /** What a replay does to each value at first, in jq. */
  program?: string;
}

const actions: Record<BulkAction, { word: string; on?: Status }> = {
  replay: { word: "Replay", on: "open" },
  discard: { word: "Discard", on: "open" },
  restore: { word: "Restore", on: "discarded" },
  assign: { word: "Assign" },
  tag: { word: "Tag" },
  note: { word: "Note" },
  purge: { word: "Purge" },
};

/** Asks what is to be done to whom and why; nothing is done before the last button. */
export function BulkDialog({ bulk, close, done }: { bulk: Bulk; close: () => void; done: () => void }): JSX.Element {
  const { letter } = bulk;
  const [selection, setSelection] = useState<Selection>();
  const [problem, setProblem] = useState<Problem>();
  const [action, setAction] = useState(bulk.action);
  const [options, setOptions] = useState({ assignee: me.value?.actor ?? "", add: "", remove: "", text: "", delay: defaultDelay, includeOpen: false });
  const [replay, setReplay] = useState({ ...replayDefaults, program: bulk.program ?? "" });
  const [reason, setReason] = useState(lastReason.value);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const dialog = useRef<HTMLDialogElement>(null);

  const start = (): void => {
    setProblem(undefined);
    setSelection(undefined);
    if (!letter) freeze(bulk.scope).then(setSelection, (error: unknown) => setProblem(asProblem(error)));
  };
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>("[data-first]")?.focus();
    start();
  }, []);

  const total = selection?.count.value ?? (letter ? 1 : 0);
  const purge = action === "purge";
  const many = total > manyLetters || (purge && total > 0);
  const missing = action === null ? "Choose what to do."
    : !letter && !selection ? "Wait until the letters are counted."
    : total === 0 ? "There is nothing to do."
    : purge && selection && spared(selection, options.includeOpen) === total && selection.count.relation === "eq" ? "None of them can be purged."
    : (action === "tag" && words(options.add).length + words(options.remove).length === 0) ? "Say which tags."
    : action === "replay" && typeof replayOptions(replay) === "string" ? String(replayOptions(replay))
    : action === "note" && options.text.trim() === "" ? "Write the note."
    : !letter && reason.trim() === "" ? "Say why."
    : many && typed.replace(/[\s\u202f]/g, "") !== String(total) ? `Type ${count(total)}.`
    : null;
  const go = async (paused = false): Promise<void> => {
    if (missing !== null || action === null || busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      if (letter) await toOne(letter, action, options);
      else if (selection) {
        lastReason.value = reason.trim();
        await order(action, selection, reason.trim(), { ...jobOptions(action, options, replay), ...(paused ? { startPaused: true } : {}) }, key.current);
      }
      dialog.current?.close();
      done();
    } catch (error) {
      const found = asProblem(error);
      // An answer that never came leaves the key as it is: the next try is the same intent.
      if (found.status !== 0) key.current = newKey();
      setProblem(found);
    } finally {
      setBusy(false);
    }
  };
  const leave = (): void => {
    if (selection && !busy) void ask("DELETE", `/selections/${selection.id}`).catch(() => undefined);
    dialog.current?.close();
  };
  const what = letter ? "1 letter" : selection ? `${capped(selection.count)} ${total === 1 ? "letter" : "letters"}` : "letters";
  const stale = problem && ["selection-changed", "selection-expired"].includes(problem.code);

  return (
    <dialog ref={dialog} aria-labelledby="bulk-title" onClose={close} onKeyDown={(event) => { if (event.key === "Enter" && event.ctrlKey && !purge) void go(); }}>
      <div class="stack">
        <h2 id="bulk-title">{action ? `${actions[action].word} ${what}` : what}</h2>
        {problem && <ProblemBanner problem={problem} {...(stale || !selection ? { again: start } : {})} />}
        {!letter && <SelectionScope selection={selection} failed={problem !== undefined} on={action === null ? undefined : actions[action].on} />}
        {!letter && (
          <div class="switch" role="group" aria-label="What to do">
            {(Object.keys(actions) as BulkAction[]).filter((one) => one !== "purge" || may("admin")).map((one) => <button type="button" aria-pressed={action === one} onClick={() => setAction(one)}>{actions[one].word}</button>)}
          </div>
        )}
        <Options action={action} options={options} set={(change) => setOptions({ ...options, ...change })} />
        {action === "replay" && selection && total > 0 && <ReplayOptions selection={selection} given={replay} set={(change) => setReplay({ ...replay, ...change })} />}
        {purge && selection && total > 0 && <PurgeOptions selection={selection} delay={options.delay} includeOpen={options.includeOpen} set={(change) => setOptions({ ...options, ...change })} />}
        <div class="acts dock">
          {!letter && <label class="field"><span class="help">Reason, kept with the job and in the audit</span><input {...(bulk.action === "purge" ? {} : { "data-first": true })} value={reason} maxLength={500} onInput={(event) => setReason(event.currentTarget.value)} /></label>}
          {many && <label class="field"><span class="help">{purge ? "This cannot be undone" : "These are many"}. Type <span class="b">{count(total)}</span> to go on</span><input inputMode="numeric" autocomplete="off" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} /></label>}
          <button type="button" class={action === "discard" || purge ? "bad" : "go"} disabled={missing !== null || busy} aria-describedby="bulk-missing" onClick={() => void go()}>{action ? actions[action].word : "Do"} {letter ? "1 letter" : plural(total, "letter")}</button>
          {action === "replay" && <button type="button" disabled={missing !== null || busy} onClick={() => void go(true)}>Start paused</button>}
          <button type="button" {...(bulk.action === "purge" ? { "data-first": true } : {})} onClick={leave}>Not now <kbd>Esc</kbd></button>
          <span class="help" id="bulk-missing">{busy ? "Asking…" : missing}</span>
        </div>
      </div>
    </dialog>
  );
}

type Given = { assignee: string; add: string; remove: string; text: string; delay: string; includeOpen: boolean };
const words = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

function jobOptions(action: BulkAction, { assignee, add, remove, text, delay, includeOpen }: Given, replay: ReplayGiven): Record<string, unknown> {
  switch (action) {
    case "replay": {
      const options = replayOptions(replay);
      return typeof options === "string" ? {} : options;
    }
    case "assign": return { assignee: assignee.trim() || null };
    case "tag": return { add: words(add), remove: words(remove) };
    case "note": return { text: text.trim() };
    case "purge": return { delay, includeOpen };
    case "discard": case "restore": return {};
  }
}

async function toOne(letter: DeadLetterSummary, action: BulkAction, { assignee, add, remove, text }: Given): Promise<void> {
  if (action === "note") await noting.note(letter, text.trim());
  else if (action === "tag") await noting.tag(letter, words(add), words(remove));
  else if (action === "assign") await noting.assign(letter, assignee.trim() || null);
}

function Options({ action, options, set }: { action: BulkAction | null; options: Given; set: (change: Partial<Given>) => void }): JSX.Element | null {
  switch (action) {
    case "assign": return <label class="field"><span class="help">To whom; nobody, if left empty</span><input data-first maxLength={200} value={options.assignee} onInput={(event) => set({ assignee: event.currentTarget.value })} /></label>;
    case "tag": return (
      <div class="pair">
        <label class="field"><span class="help">Tags to add, with spaces between them</span><input data-first value={options.add} onInput={(event) => set({ add: event.currentTarget.value })} /></label>
        <label class="field"><span class="help">Tags to take away</span><input value={options.remove} onInput={(event) => set({ remove: event.currentTarget.value })} /></label>
      </div>
    );
    case "note": return <label class="field"><span class="help">Note</span><textarea data-first rows={4} maxLength={4000} value={options.text} onInput={(event) => set({ text: event.currentTarget.value })} /></label>;
    default: return null;
  }
}
