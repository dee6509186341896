import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { asProblem, ask, type Problem } from "../api.ts";
import type { ReplayPreview, Selection, TransformTrial } from "../contract.ts";
import { paths } from "../router.ts";
import { sides } from "../sides.ts";
import { capped, count, plural } from "../text.ts";
import { DiffTable } from "./diff-table.tsx";
import type { ReplayGiven } from "./replay-options.tsx";
import { Bones, ProblemBanner } from "./states.tsx";
import { Foreign } from "./words.tsx";

/** So long nobody types before the program is tried. */
const quiet = 500;

/** A program over the value of each letter, and what it would do with some of them. */
export function TransformField({ selection, given, set }: { selection: Selection; given: ReplayGiven; set: (change: Partial<ReplayGiven>) => void }): JSX.Element {
  const { program, drafts, loop } = given;
  const [trial, setTrial] = useState<TransformTrial | null>(null);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    setProblem(undefined);
    setBusy(program.trim() !== "");
    if (program.trim() === "") return setTrial(null);
    const abort = new AbortController();
    const options = { drafts, overrides: loop ? ["loop"] : [], transform: { program } };
    const timer = setTimeout(() => {
      ask<ReplayPreview>("POST", `/selections/${selection.id}/previews`, { body: { options, samples: 3 }, signal: abort.signal })
        .then(({ data }) => setTrial(data.transform), (error: unknown) => { if (!abort.signal.aborted) { setTrial(null); setProblem(asProblem(error)); } })
        .finally(() => { if (!abort.signal.aborted) setBusy(false); });
    }, quiet);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [selection.id, program, drafts, loop]);
  const wrong = problem?.code === "unprocessable" ? (problem.errors?.[0] as { detail: string; position?: number | null } | undefined) : undefined;
  const point = (at: number): void => {
    area.current?.focus();
    area.current?.setSelectionRange(at, at + 1);
  };
  return (
    <div class="stack">
      <label class="field"><span class="help">Transform: a jq program over each value, such as <code>.amount |= tonumber</code>; nothing to send them as they are</span>
        <textarea ref={area} rows={2} maxLength={10_000} spellcheck={false} autocomplete="off" value={program} aria-invalid={wrong !== undefined} aria-describedby="transform-wrong" onInput={(event) => set({ program: event.currentTarget.value })} />
      </label>
      <div id="transform-wrong" role="status">
        {wrong && <p class="line"><span class="b"><Foreign text={wrong.detail} /></span> {typeof wrong.position === "number" && <button type="button" onClick={() => point(wrong.position ?? 0)}>Character {count(wrong.position + 1)}</button>}</p>}
        {busy && !trial && !wrong && <Bones rows={1} />}
      </div>
      {problem && !wrong && <ProblemBanner problem={problem} />}
      {program.trim() !== "" && (
        <label class="field"><span class="help">Letters that the program does not change</span>
          <select value={given.skipUnchanged ? "skip" : "send"} onChange={(event) => set({ skipUnchanged: event.currentTarget.value === "skip" })}>
            <option value="send">are sent as they are</option><option value="skip">are left out</option>
          </select>
        </label>
      )}
      {trial && <Trial trial={trial} busy={busy} />}
    </div>
  );
}

function Trial({ trial, busy }: { trial: TransformTrial; busy: boolean }): JSX.Element {
  const { tried, changed, unchanged, failed, samples } = trial;
  return (
    <div class={`stack${busy ? " stale" : ""}`} role="region" aria-label="What the program does" aria-busy={busy}>
      <p>
        {tried.relation === "gte" ? `Tried with ${plural(tried.value, "letter")} and not with all: ` : `Of ${capped(tried)} ${tried.value === 1 ? "letter" : "letters"} `}
        <span class="b">{count(changed)} {changed === 1 ? "is" : "are"} changed</span>, {count(unchanged)} not{failed > 0 && <>, <span class="b">{count(failed)} would be left out</span></>}.
      </p>
      {samples.map(({ letterId, why, value }) => {
        const [before, after] = value ? sides(value.before, value.after) : ["", ""];
        return (
          <section>
            <div class="head"><h3><a href={paths.letter(letterId)} target="_blank" rel="noopener">Letter {letterId}</a></h3><span class="help">{why !== null ? <>Left out, because it <Foreign text={why} /></> : value && `${plural(value.bytesChanged, "byte")} differ`}</span></div>
            {value && <DiffTable before={before} after={after} label={`Value of ${letterId}`} />}
          </section>
        );
      })}
    </div>
  );
}
