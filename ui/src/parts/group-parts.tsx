import { useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { asProblem, get, may, type Problem } from "../api.ts";
import type { FailureGroup, MergedGroups, Selection, SplitGroups } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { useLoad } from "../load.ts";
import { atMost, fitting, splitBy, takeOut } from "../merging.ts";
import { asValue } from "../query.ts";
import { paths } from "../router.ts";
import { capped, simpleName } from "../text.ts";
import { queryErrorOf } from "./filter.tsx";
import { Loaded, ProblemBanner } from "./states.tsx";
import { At, Foreign } from "./words.tsx";

/** What a failure group is made of: the groups that were merged into it, and those that were split off. */
export function GroupParts({ group }: { group: FailureGroup }): JSX.Element {
  const [splitting, setSplitting] = useState(false);
  const operate = may("operate");
  useKeys("Failure group", operate ? [{ keys: "b", what: "Split by…", run: () => setSplitting(true) }] : []);
  return (
    <>
      {operate && (
        <p class="acts tight">
          <button type="button" onClick={() => setSplitting(true)}>Split by… <kbd>b</kbd></button>
          <a class="button" href={paths.labels(ruleOf(group), group.label ?? "")}>Label rule from this…</a>
        </p>
      )}
      {splitting && <SplitBy group={group} close={() => setSplitting(false)} />}
      {group.merged > 0 && <Merged group={group} />}
      <SplitOff group={group} />
    </>
  );
}

/** What a group is, as a filter over groups. */
function ruleOf(group: FailureGroup): string {
  return `class:${asValue(simpleName(group.title))} ${group.originTopic === null ? `topic:${asValue(group.topic)}` : `origin:${asValue(group.originTopic)}`}`;
}

function Merged({ group }: { group: FailureGroup }): JSX.Element {
  const path = `/failure-groups/${group.id}/merges`;
  const load = useLoad(`${path} ${group.version}`, (abort) => get<MergedGroups>(path, abort), ["failure-groups"]);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const out = (id: string, title: string): void => {
    setProblem(undefined);
    setBusy(true);
    takeOut(group, id, title).catch((error: unknown) => setProblem(asProblem(error))).finally(() => setBusy(false));
  };
  return (
    <section class="stack">
      <h2>Merged into it</h2>
      {problem && <ProblemBanner problem={problem} />}
      <Loaded load={load} rows={1}>
        {({ items }) => (
          <ul class="stack">
            {items.map((one) => (
              <li class="acts tight">
                <span class="grow"><code class="b"><Foreign text={simpleName(one.title)} /></code> <span class="soft">{capped(one.letters)} {one.letters.value === 1 ? "letter" : "letters"}{one.message && <>, <Foreign text={one.message.slice(0, 160)} /></>}</span></span>
                {may("operate") && <button type="button" disabled={busy} onClick={() => out(one.id, one.title)}>Split off<span class="vh"> {simpleName(one.title)}</span></button>}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function SplitOff({ group }: { group: FailureGroup }): JSX.Element | null {
  const path = `/failure-groups/${group.id}/splits`;
  const load = useLoad(`${path} ${group.version}`, (abort) => get<SplitGroups>(path, abort), ["failure-groups"]);
  if (!load.problem && (load.data?.items.length ?? 0) === 0) return null;
  return (
    <section class="stack">
      <h2>Split off it</h2>
      <Loaded load={load} rows={1}>
        {({ items }) => (
          <ul class="stack">
            {items.map((one) => (
              <li><a class="b" href={paths.group(one.id)}><Foreign text={simpleName(one.title)} /></a> takes what fits <code class="any"><Foreign text={one.q} /></code> <span class="soft">by <Foreign text={one.author} />, <At time={one.at} />{one.mergedInto !== null && ", merged since"}</span></li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

/** Counts first, so that nobody splits off nothing, or everything. */
function SplitBy({ group, close }: { group: FailureGroup; close: () => void }): JSX.Element {
  const [q, setQ] = useState("");
  const [title, setTitle] = useState("");
  const [found, setFound] = useState<{ q: string; count: Selection["count"] }>();
  const [problem, setProblem] = useState<Problem>();
  const busy = useRef(false);
  const counted = found?.q === q.trim() ? found.count : undefined;
  const submit = async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    setProblem(undefined);
    try {
      if (!counted) return setFound({ q: q.trim(), count: await fitting(group, q.trim()) });
      await splitBy(group, q.trim(), title);
      close();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      busy.current = false;
    }
  };
  const wrong = problem ? queryErrorOf(problem, q) : undefined;
  return (
    <section class="panel stack" aria-label="Split by a filter" onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } }}>
      <div class="head"><h2>Split by a filter</h2><button type="button" class="end" onClick={close}>Cancel <kbd>Esc</kbd></button></div>
      {problem && !wrong && <ProblemBanner problem={problem} />}
      <form class="stack" onSubmit={(event) => { event.preventDefault(); if (q.trim()) void submit(); }}>
        <label class="field"><span class="help">What the letters have in common that are another failure</span>
          <input ref={(input) => { if (input && !q) input.focus(); }} class="mono" required maxLength={1000} autocomplete="off" spellcheck={false} placeholder={'error:"account closed"'} aria-describedby="split-help" value={q} onInput={(event) => setQ(event.currentTarget.value)} />
        </label>
        <p class="help" id="split-help">{wrong ? <span role="alert">{wrong.message}</span> : <>Terms over <code>topic</code>, <code>origin</code>, <code>consumer</code>, <code>convention</code>, <code>class</code>, <code>cause</code> and <code>error</code>, all of which must fit.</>}</p>
        <label class="field"><span class="help">Name of the new failure group; else that of this one</span><input maxLength={200} value={title} onInput={(event) => setTitle(event.currentTarget.value)} /></label>
        {counted && <p role="status">{counted.value === 0 ? "No letter fits now; those that come will." : <><span class="b">{atMost(counted)} of {capped({ value: group.counts.letters, relation: "eq" })} letters</span> fit and move to a new failure group, and so do those that come.</>} To undo it, merge the new group back.</p>}
        <p class="acts"><button class="go" disabled={q.trim() === ""}>{counted ? `Split off ${atMost(counted)}` : "Count what fits"}</button></p>
      </form>
    </section>
  );
}
