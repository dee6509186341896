import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { newKey } from "../actions.ts";
import { asProblem, type Problem } from "../api.ts";
import type { FailureGroup, Selection } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { count, plural, simpleName } from "../text.ts";
import { decide, discardAll, note, openLetters, snoozes } from "../triage.ts";
import { lazy } from "../lazy.tsx";
import { ProblemBanner } from "./states.tsx";

const MergePanel = lazy(() => import("./merge-panel.tsx").then((module) => module.MergePanel), "asks");

export type Asking = "snooze" | "discard" | "note" | "tag" | "merge";

/** The question that comes before an act on one failure group or several. */
export function GroupPanel({ asking, groups, close, done }: { asking: Asking; groups: FailureGroup[]; close: () => void; done: () => void }): JSX.Element {
  const panel = useRef<HTMLElement>(null);
  // Whoever thinks better of it is where he was.
  useLayoutEffect(() => {
    const before = document.activeElement;
    return () => {
      const free = document.activeElement === document.body || panel.current?.contains(document.activeElement);
      if (free && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  // Before the next key arrives, which is text by now and not a command.
  useLayoutEffect(() => {
    panel.current?.scrollIntoView({ block: "nearest" });
    (panel.current?.querySelector<HTMLElement>("input, textarea") ?? panel.current?.querySelector("button"))?.focus();
  }, [asking]);
  const about = groups.length === 1 && groups[0] ? simpleName(groups[0].title) : plural(groups.length, "failure group");
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const going = useRef(false);
  // A second press while the first is on its way would write the note twice.
  const run = (act: () => Promise<void>): void => {
    if (going.current) return;
    going.current = true;
    setBusy(true);
    setProblem(undefined);
    act().then(() => {
      close();
      done();
    }, (error: unknown) => setProblem(asProblem(error))).finally(() => {
      going.current = false;
      setBusy(false);
    });
  };
  return (
    <section ref={panel} class="panel stack" aria-label={`${names[asking]} ${about}`} aria-busy={busy} onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } }}>
      <div class="head"><h2>{names[asking]} <span class="soft">{about}</span></h2><button type="button" class="end" onClick={close}>Cancel <kbd>Esc</kbd></button></div>
      {problem && <ProblemBanner problem={problem} />}
      {asking === "snooze" && <Snooze groups={groups} run={run} />}
      {asking === "merge" && <MergePanel groups={groups} run={run} />}
      {asking === "discard" && <Discard groups={groups} run={run} />}
      {asking === "note" && <Words label="Note" word="Add note" long run={(text) => run(() => note(groups, text))} />}
      {asking === "tag" && (groups.length === 1
        ? <Words label="Tags, with spaces between" word="Set tags" value={groups[0]?.tags.join(" ") ?? ""} run={(text) => run(() => decide(groups, "tagged", () => ({ tags: words(text) })))} />
        : <Words label="Tags to add to each, with spaces between" word="Add tags" run={(text) => run(() => decide(groups, "tagged", ({ tags }) => ({ tags: [...new Set([...tags, ...words(text)])] })))} />
      )}
    </section>
  );
}
const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
const names: Record<Asking, string> = { snooze: "Snooze", discard: "Discard open letters of", note: "Note about", tag: "Tag", merge: "Merge" };

type Run = (act: () => Promise<void>) => void;

function Snooze({ groups, run }: { groups: FailureGroup[]; run: Run }): JSX.Element {
  const act = (i: number): void => {
    const choice = snoozes[i];
    if (choice) run(() => decide(groups, choice.said, () => ({ state: "snoozed", snooze: choice.snooze() })));
  };
  useKeys("Snooze", snoozes.map(({ name }, i) => ({ keys: `${i + 1}`, what: name, run: () => act(i) })));
  return <p class="acts">{snoozes.map(({ name }, i) => <button type="button" onClick={() => act(i)}>{name} <kbd>{i + 1}</kbd></button>)}</p>;
}

/** Above a hundred letters the count is typed: whoever types it has read it. */
function Discard({ groups, run }: { groups: FailureGroup[]; run: Run }): JSX.Element {
  const [selection, setSelection] = useState<Selection>();
  const [problem, setProblem] = useState<Problem>();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  // After a lost answer the next try is the same intent, and starts no second job.
  const key = useRef(newKey());
  const ids = groups.map((group) => group.id).join();
  useEffect(() => {
    openLetters(groups).then(setSelection, (error: unknown) => setProblem(asProblem(error)));
  }, [ids]);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), [selection]);
  if (problem) return <ProblemBanner problem={problem} />;
  if (!selection) return <p class="soft" role="status">Counting…</p>;
  const { value, relation } = selection.count;
  const sure = value <= 100 || typed.replace(/\D/g, "") === `${value}`;
  if (value === 0) return <p>There are no open letters.</p>;
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); if (sure && reason.trim()) run(() => discardAll(selection, reason, key.current)); }}>
      <p><span class="b">{relation === "gte" ? "at least " : ""}{plural(value, "open letter")}</span>, {selection.byTopic.map(({ topic, letters }) => `${topic} ${count(letters)}`).join(", ")}. What comes from now on is not touched, and a discard can be undone.</p>
      <label class="field"><span class="help">Reason</span><input ref={field} value={reason} maxLength={500} required onInput={(event) => setReason(event.currentTarget.value)} /></label>
      {value > 100 && <label class="field"><span class="help">Type {count(value)} to go on</span><input inputMode="numeric" autocomplete="off" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} /></label>}
      <p class="acts"><button class="go" disabled={!sure || reason.trim() === ""}>Discard {count(value)}</button></p>
    </form>
  );
}

function Words({ label, word, value = "", long = false, run }: { label: string; word: string; value?: string; long?: boolean; run: (text: string) => void }): JSX.Element {
  const [text, setText] = useState(value);
  const change = (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }): void => setText(event.currentTarget.value);
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); if (text.trim() || !long) run(text); }}>
      <label class="field"><span class="help">{label}</span>
        {long ? <textarea rows={3} maxLength={10_000} value={text} onInput={change} onKeyDown={(event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit(); }} /> : <input value={text} onInput={change} />}
      </label>
      <p class="acts"><button class="go">{word}{long && <> <kbd>Ctrl ↵</kbd></>}</button></p>
    </form>
  );
}
