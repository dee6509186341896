import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { actionsOn } from "../actions.ts";
import { asProblem, get, may, mayNot } from "../api.ts";
import { handedProgram } from "../bulk.ts";
import type { DraftTransform } from "../contract.ts";
import { hint } from "../live.ts";
import { useKeys } from "../keys.ts";
import { useLoad } from "../load.ts";
import { editOf, open, useDraft, type Draftings, type Opened } from "../editor/draft.ts";
import { BytesField } from "../editor/field.tsx";
import { HeaderFields } from "../editor/header-fields.tsx";
import { Review } from "../editor/review.tsx";
import { TargetFields } from "../editor/target-fields.tsx";
import { Frame } from "../parts/frame.tsx";
import { Icon } from "../parts/icon.tsx";
import { Loaded, Notice, ProblemBanner } from "../parts/states.tsx";
import { Track, type Station } from "../parts/track.tsx";
import { placeOf } from "../parts/words.tsx";
import { go, paths, setParam, url } from "../router.ts";
import { say } from "../toast.ts";

/** Edit, review, check, send. The original is never changed; what is typed is saved as a draft. */
export function Edit({ id }: { id: string }): JSX.Element {
  const opened = useLoad(`edit ${id}`, (abort) => open(id, abort));
  return (
    <Frame lead="Draft of" title={opened.data ? placeOf(opened.data.letter.position) : id}>
      <Loaded load={opened} rows={10}>{(data) => <Draft key={opened.at} opened={data} reload={opened.again} />}</Loaded>
    </Frame>
  );
}

function Draft({ opened, reload }: { opened: Opened; reload: () => void }): JSX.Element {
  const draft = useDraft(opened);
  const { letter } = opened;
  // Whoever may not edit sees what somebody else's draft changes.
  const reader = mayNot("edit");
  const review = reader || url.value.searchParams.get("pane") === "review";
  const pane = (name: "review" | null): void => setParam("pane", name, "push");
  const toReview = (): void => void draft.flush().then((ok) => {
    if (ok) pane("review");
  });
  const [unsaid, setUnsaid] = useState<string>();
  const toTransform = async (): Promise<void> => {
    setUnsaid(undefined);
    if (!(await draft.flush())) return;
    try {
      const { program, why, leaves } = await get<DraftTransform>(`/dead-letters/${encodeURIComponent(letter.id)}/draft/transform`);
      if (program === null) return setUnsaid(`This edit cannot be made a transform. ${why ?? ""}.`);
      handedProgram.value = program;
      go(paths.group(letter.failureGroupId));
      if (leaves.length > 0) say(`The program changes the value. What the draft does to ${leaves.join(" and ")} it does not do.`);
    } catch (error) {
      const { title, detail } = asProblem(error);
      setUnsaid(detail ?? title);
    }
  };
  const drop = async (): Promise<void> => {
    await draft.drop();
    hint("letters");
    say("Draft dropped. The letter is as it came.");
    go(paths.letter(letter.id));
  };
  const toLetter = (): void => go(paths.letter(letter.id));
  useKeys("Draft", [{ keys: "Escape", what: "Back", run: () => (review && !reader ? pane(null) : toLetter()) }, ...(reader ? [] : [{ keys: "e", what: "Edit", run: () => pane(null) }])]);
  const editable = actionsOn(letter).has("edit");
  const broken = editOf(draft.form, opened.original) === null;
  return (
    <>
      <Track label="Steps" stations={steps(draft, review)} />
      {!editable && may("read") && <Notice>{reader ? "To edit it needs the permission edit." : `This letter cannot be edited now: it is ${letter.status}.`} <a href={paths.letter(letter.id)}>Back to the letter</a></Notice>}
      {draft.saved.kind === "refused" && <Refused draft={draft} reload={reload} problem={draft.saved.problem} />}
      {review ? (
        <Review opened={opened} draft={draft} edit={reader ? undefined : () => pane(null)} done={toLetter} drop={() => void drop()} />
      ) : (
        <>
          <BytesField name="Value" part={draft.form.value} change={(value) => draft.change({ value })} submit={toReview} focus />
          <HeaderFields headers={draft.form.headers} drops={letter.replayDrops} change={(headers) => draft.change({ headers })} />
          <BytesField name="Key" part={draft.form.key} change={(key) => draft.change({ key })} submit={toReview} />
          <TargetFields letter={letter} target={draft.form.target} change={(target) => draft.change({ target })} />
          {unsaid && <Notice>{unsaid}</Notice>}
          <div class="acts dock" role="group" aria-label="Actions">
            <button type="button" class="go" onClick={toReview} disabled={!editable || broken}><Icon name="next" />{draft.changed ? "Review changes" : "Review"} <kbd>Ctrl ↵</kbd></button>
            <a class="button" href={paths.letter(letter.id)}>Back to the letter</a>
            {draft.changed && editable && !broken && may("operate") && <button type="button" onClick={() => void toTransform()}>Make this edit a transform…</button>}
            {draft.version !== null && <button type="button" class="bad" onClick={() => void drop()}>Drop draft</button>}
            <span class="help" role="status">{broken ? "Not saved: what is typed cannot be sent, see above" : savedText(draft)}</span>
          </div>
        </>
      )}
    </>
  );
}

function savedText({ saved, version }: Draftings): string {
  switch (saved.kind) {
    case "clean": return "Nothing is changed yet";
    case "dirty": return "Not saved yet";
    case "saving": return "Saving…";
    case "saved": return `Saved, v${version ?? "?"}`;
    case "refused": return "Not saved";
  }
}

function steps(draft: Draftings, review: boolean): Station[] {
  const edited: Station = { name: "Edit", icon: draft.changed ? "draft" : "open", tone: "drafted", place: savedText(draft), now: !review };
  if (!review) return [edited, { name: "Review", icon: "open", tone: "rest", todo: true }, { name: "Check", icon: "open", tone: "rest", todo: true }, { name: "Replay", icon: "sent", tone: "rest", todo: true }];
  return [edited, { name: "Review", icon: "draft", tone: "drafted", place: "what changes", now: true }, { name: "Check", icon: "recovered", tone: "moving", place: "a dry run" }, { name: "Replay", icon: "sent", tone: "rest", todo: true }];
}

/** Two people edited: nobody's work is lost without a word. */
function Refused({ draft, problem, reload }: { draft: Draftings; problem: Parameters<typeof ProblemBanner>[0]["problem"]; reload: () => void }): JSX.Element {
  if (problem.status !== 412) return <ProblemBanner problem={problem} again={() => void draft.flush()} />;
  return (
    <div class="banner decide" role="alert">
      <Icon name="warn" />
      <p><span class="b">Somebody else saved this draft meanwhile.</span> What you typed is still here and not saved.</p>
      <button type="button" onClick={reload}>Load theirs</button>
      <button type="button" onClick={draft.overwrite}>Keep mine</button>
    </div>
  );
}
