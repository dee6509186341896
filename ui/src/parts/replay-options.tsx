import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import { asProblem, ask, may, type Problem } from "../api.ts";
import type { ReplayPreview, Selection } from "../contract.ts";
import { lazy } from "../lazy.tsx";
import { count, plural } from "../text.ts";
import { span } from "../time.ts";
import { avoidable } from "../warnings.ts";
import { RetryChoice } from "./retry-topics.tsx";
import { Bones, Notice, ProblemBanner } from "./states.tsx";
import { Foreign } from "./words.tsx";

const TransformField = lazy(() => import("./transform-field.tsx").then((module) => module.TransformField), "asks");

/** As typed; numbers stay text so that a field can be empty. */
export interface ReplayGiven { rate: string; canary: string; maxReturn: string; drafts: "skip" | "send" | "ignore"; strict: boolean; proven: boolean; loop: boolean; maxLag: string; topic: string | null; program: string; skipUnchanged: boolean; skip: string[] }
export const replayDefaults: ReplayGiven = { rate: "50", canary: "5", maxReturn: "20", drafts: "skip", strict: false, proven: false, loop: false, maxLag: "1000", topic: null, program: "", skipUnchanged: false, skip: [] };

/** The options of the contract; null where something typed makes no sense, with the place of it in words. */
export function replayOptions(given: ReplayGiven): Record<string, unknown> | string {
  const rate = given.rate.trim() === "" ? null : Number(given.rate);
  if (rate !== null && !(Number.isInteger(rate) && rate >= 1 && rate <= 100_000)) return "Letters a second: 1 to 100 000, or nothing for as fast as it goes.";
  const canary = given.canary.trim() === "" ? 0 : Number(given.canary);
  if (!(Number.isInteger(canary) && canary >= 0 && canary <= 1_000)) return "First letters: 0 to 1 000.";
  const ratio = Number(given.maxReturn);
  if (given.maxReturn.trim() === "" || !(ratio >= 0 && ratio <= 100)) return "Stop above: 0 to 100 %.";
  const maxLag = given.maxLag.trim() === "" ? 0 : Number(given.maxLag);
  if (!(Number.isInteger(maxLag) && maxLag >= 0 && maxLag <= 10_000_000)) return "Letters behind: 0 to 10 000 000; 0 or nothing to wait for nobody.";
  return { ...(given.topic === null ? {} : { target: { topic: given.topic } }), maxLag, rate, canary, maxReturnRatio: ratio / 100, drafts: given.drafts, order: given.strict ? "strict" : "origin", proof: given.proven ? "strict" : "any", overrides: given.loop ? ["loop"] : [], skip: given.skip, transform: transformOf(given) };
}

/** Null for none: the letters go as they are. */
const transformOf = ({ program, skipUnchanged }: ReplayGiven): Record<string, unknown> | null =>
  program.trim() === "" ? null : { program, unchanged: skipUnchanged ? "skip" : "send" };

/** How the letters go, and what would happen. */
export function ReplayOptions({ selection, given, set }: { selection: Selection; given: ReplayGiven; set: (change: Partial<ReplayGiven>) => void }): JSX.Element {
  const options = replayOptions(given);
  const rate = Number(given.rate);
  return (
    <div class="stack">
      <div class="trio">
        <label class="field"><span class="help">Letters a second; nothing for as fast as it goes</span><input inputMode="numeric" value={given.rate} onInput={(event) => set({ rate: event.currentTarget.value })} /></label>
        <label class="field"><span class="help">Canary: so many go first</span><input inputMode="numeric" value={given.canary} onInput={(event) => set({ canary: event.currentTarget.value })} /></label>
        <label class="field"><span class="help">Stop when more than so many % come back</span><input inputMode="numeric" value={given.maxReturn} onInput={(event) => set({ maxReturn: event.currentTarget.value })} /></label>
      </div>
      <div class="trio">
        <label class="field"><span class="help">Wait while consumers are so many behind</span><input inputMode="numeric" value={given.maxLag} onInput={(event) => set({ maxLag: event.currentTarget.value })} /></label>
        <label class="field"><span class="help">Letters that have a draft</span>
          <select value={given.drafts} onChange={(event) => set({ drafts: event.currentTarget.value as ReplayGiven["drafts"] })}>
            <option value="skip">are left out</option><option value="send">are sent as their draft says</option><option value="ignore">are sent as they came in</option>
          </select>
        </label>
        <label class="field"><span class="help">Order of each key</span>
          <select value={given.strict ? "strict" : "origin"} onChange={(event) => set({ strict: event.currentTarget.value === "strict" })}>
            <option value="origin">as at the origin</option><option value="strict">strict: later ones wait behind one that fails</option>
          </select>
        </label>
      </div>
      <div class="opts">
        <label class="tick"><input type="checkbox" checked={given.loop} onChange={() => set({ loop: !given.loop })} />Also those that came back as often as allowed</label>
        <label class="tick"><input type="checkbox" checked={given.proven} onChange={() => set({ proven: !given.proven })} />Only where Kafka can prove that each is sent once</label>
      </div>
      {may("edit") && <TransformField selection={selection} given={given} set={set} />}
      {typeof options === "string" ? <p class="help">{options}</p> : <Preview selection={selection} options={options} topic={given.topic} choose={(topic) => set({ topic })} skip={given.skip} setSkip={(skip) => set({ skip })} />}
      {typeof options !== "string" && rate > 0 && <p class="help">At {count(rate)} a second about {span((selection.count.value / rate) * 1000)}.</p>}
    </div>
  );
}

/** Asked again when what matters for it changes; the rate does not. */
function Preview({ selection, options, topic, choose, skip, setSkip }: { selection: Selection; options: Record<string, unknown>; topic: string | null; choose: (topic: string | null) => void; skip: string[]; setSkip: (skip: string[]) => void }): JSX.Element {
  const [preview, setPreview] = useState<ReplayPreview>();
  const [problem, setProblem] = useState<Problem>();
  const [again, setAgain] = useState(0);
  const { drafts, overrides, target } = options;
  useEffect(() => {
    const abort = new AbortController();
    setProblem(undefined);
    ask<ReplayPreview>("POST", `/selections/${selection.id}/previews`, { body: { options: { drafts, overrides, skip, ...(target ? { target } : {}) } }, signal: abort.signal })
      .then(({ data }) => setPreview(data), (error: unknown) => { if (!abort.signal.aborted) setProblem(asProblem(error)); });
    return () => abort.abort();
  }, [selection.id, drafts, JSON.stringify(overrides), topic, skip.join(), again]);
  if (problem) return <ProblemBanner problem={problem} again={() => setAgain(again + 1)} />;
  if (!preview) return <Bones rows={2} />;
  const part = preview.looked.relation === "gte";
  return (
    <div class="stack" role="region" aria-label="What would happen">
      <p>
        <span class="b">{part ? "Of the newest " + count(preview.looked.value) + " " : ""}{plural(preview.willSend, "letter")}</span> would be sent
        {preview.targets.length > 0 && <> to {preview.targets.map((target, i) => <>{i > 0 && ", "}<code><Foreign text={target.topic} /></code>{preview.targets.length > 1 && <> {count(target.letters)}</>}</>)}</>}.
        {preview.leftOut.length > 0 && <> Left out: {preview.leftOut.map((left, i) => <>{i > 0 && ", "}{count(left.letters)} {left.letters === 1 ? "that" : "each of which"} <Foreign text={left.why} /></>)}.</>}
      </p>
      {preview.targets.map((target) => target.groups !== null && target.groups.length > 0 && (
        <p class="help"><code><Foreign text={target.topic} /></code> is read by {target.groups.slice(0, 6).map((group, i) => <>{i > 0 && ", "}<code><Foreign text={group} /></code></>)}{target.groups.length > 6 && ` and ${count(target.groups.length - 6)} more`}; {target.groups.length === 1 ? "it sees" : "all of them see"} the records again.</p>
      ))}
      <RetryChoice topics={preview.retryTopics} chosen={topic} choose={choose} />
      {preview.compared.of > 0 && <p class="help">{preview.compared.letters === preview.compared.of ? `Compared with the newest ${count(preview.compared.newest)} records of each partition they go to.` : `Looked for newer records of ${count(preview.compared.letters)} of ${plural(preview.compared.of, "letter")} with a key.`}</p>}
      {preview.warnings.filter((warning) => warning.kind !== "readers").map((warning) => <Notice>{count(warning.letters)}: {warning.detail}. {avoidable[warning.kind] && <button type="button" onClick={() => setSkip([...skip, warning.kind])}>Leave them out</button>}</Notice>)}
      {skip.map((kind) => <label class="tick"><input type="checkbox" checked onChange={() => setSkip(skip.filter((one) => one !== kind))} />Leaves out letters {avoidable[kind]}</label>)}
    </div>
  );
}
