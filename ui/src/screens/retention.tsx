import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, get, may, mayNot, type Problem } from "../api.ts";
import type { Retention as Data, RetentionPreview, RetentionRun } from "../contract.ts";
import { useEvery, useLoad } from "../load.ts";
import { Frame } from "../parts/frame.tsx";
import { SettingsNav } from "../parts/settings-nav.tsx";
import { kept, lost } from "../parts/purge-options.tsx";
import { RuleForm } from "../parts/rule-form.tsx";
import { Loaded, Notice, ProblemBanner } from "../parts/states.tsx";
import { Ago, At, Foreign } from "../parts/words.tsx";
import { paths } from "../router.ts";
import { sentence, whole, wrong, type Rule } from "../retention.ts";
import { capped, count, plural } from "../text.ts";
import { now } from "../time.ts";
import { say } from "../toast.ts";

const fresh: Rule = { statuses: ["discarded"], topics: [], failureGroupId: null, keepFor: "P30D", action: "purge", purgesOpenLetters: false };

/** How long letters keep their bytes. */
export function Retention(): JSX.Element {
  const load = useLoad("retention", (abort) => get<Data>("/settings/retention", abort));
  useEvery(60_000, load.again);
  return (
    <Frame lead="Settings" title="Retention">
      <SettingsNav here="retention" />
      <Loaded load={load} rows={3}>{(data) => <Rules key={data.version} saved={data} again={load.again} />}</Loaded>
    </Frame>
  );
}

function Rules({ saved, again }: { saved: Data; again: () => void }): JSX.Element {
  const before = saved.rules.map(whole);
  const [rules, setRules] = useState(before);
  const [editing, setEditing] = useState<number>();
  const [moved, setMoved] = useState<string>();
  const list = useRef<HTMLOListElement>(null);
  const changed = JSON.stringify(rules) !== JSON.stringify(before);
  const counts = usePreview(rules);
  // The button that moved a rule keeps the focus, wherever the rule is now.
  useEffect(() => {
    const at = (which: string): HTMLElement | null | undefined => list.current?.querySelector<HTMLElement>(`[data-at="${which}"]:not(:disabled)`);
    if (moved) (at(moved) ?? at(moved.endsWith("up") ? moved.replace("up", "down") : moved.replace("down", "up")))?.focus();
  }, [moved, rules]);
  const move = (from: number, to: number): void => {
    const next = [...rules];
    next.splice(to, 0, ...next.splice(from, 1));
    setRules(next);
    setMoved(`${to} ${to < from ? "up" : "down"}`);
  };
  const set = (at: number, rule: Rule): void => setRules(rules.map((one, i) => (i === at ? rule : one)));
  const drop = (at: number): void => {
    setRules(rules.filter((_, i) => i !== at));
    setEditing(undefined);
  };
  const add = (): void => {
    setRules([...rules, fresh]);
    setEditing(rules.length);
  };
  const write = may("admin");
  return (
    <>
      {!changed && <Waiting saved={saved} />}
      <section>
        <div class="head"><h2>Rules</h2>{write && <span class="end"><button type="button" onClick={add}>Add a rule</button></span>}</div>
        <p class="soft">The first rule that fits a letter decides. A letter that no rule fits keeps its bytes; so do open letters unless a rule names them, and letters that are being replayed, always.</p>
        {rules.length === 0 ? <div class="calm"><h2>No rules</h2><p>Every letter keeps its bytes for ever. The database grows with each.</p></div> : (
          <ol class="rules" ref={list}>
            {rules.map((rule, i) => (
              <li>
                <div class="acts">
                  <span class="grow"><span class="soft">{i + 1}</span> <Foreign text={sentence(rule)} />{rule.purgesOpenLetters && <> <span class="tag">open letters too</span></>}</span>
                  <span class="soft">{counts === undefined ? "counting…" : counts === null ? "" : `${capped(counts[i] ?? { value: 0, relation: "gte" })} due now`}</span>
                  {write && (
                    <span class="line">
                      <button type="button" class="bare icon" data-at={`${i} up`} aria-label={`Move rule ${i + 1} up`} disabled={i === 0} onClick={() => move(i, i - 1)}>↑</button>
                      <button type="button" class="bare icon" data-at={`${i} down`} aria-label={`Move rule ${i + 1} down`} disabled={i === rules.length - 1} onClick={() => move(i, i + 1)}>↓</button>
                      <button type="button" aria-label={`${editing === i ? "Close" : "Edit"} rule ${i + 1}`} aria-expanded={editing === i} onClick={() => setEditing(editing === i ? undefined : i)}>{editing === i ? "Close" : "Edit"}</button>
                      <button type="button" aria-label={`Remove rule ${i + 1}`} onClick={() => drop(i)}>Remove</button>
                    </span>
                  )}
                </div>
                {editing === i && <RuleForm rule={rule} set={(next) => set(i, next)} />}
              </li>
            ))}
          </ol>
        )}
      </section>
      {!changed && <LastRun run={saved.lastRun} />}
      <section>
        <h2>What a purge does</h2>
        <dl class="facts tight"><dt>Gone for good</dt><dd>{lost}</dd><dt>Kept</dt><dd>{kept}</dd></dl>
        <p class="soft tight">A purged letter is never read again from Kafka. Single letters are purged from <a href={paths.letters()}>the list</a>.</p>
      </section>
      {changed && <Save rules={rules} saved={saved} counts={counts} reset={() => { setRules(before); setEditing(undefined); }} again={again} />}
    </>
  );
}

/** Counts of the rules as they stand here; undefined while they are counted, null where that failed. */
function usePreview(rules: Rule[]): RetentionPreview["counts"] | null | undefined {
  const [counts, setCounts] = useState<RetentionPreview["counts"] | null>();
  const body = JSON.stringify(rules);
  useEffect(() => {
    setCounts(undefined);
    if (rules.some((rule) => wrong(rule) !== null)) return setCounts(null);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      ask<RetentionPreview>("POST", "/settings/retention/previews", { body: { rules }, signal: abort.signal }).then(
        ({ data }) => setCounts(data.counts),
        () => abort.signal.aborted || setCounts(null),
      );
    }, 300);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [body]);
  return counts;
}

function Waiting({ saved }: { saved: Data }): JSX.Element | null {
  if (Date.parse(saved.effectiveAt) <= now.value) return null;
  return <Notice>{saved.updatedBy ? <>Changed by {saved.updatedBy} <Ago time={saved.updatedAt} /> ago. </> : "New here. "}A purge is for good, so these rules count from <At time={saved.effectiveAt} /> on. Until then nothing is purged by rules.</Notice>;
}

function Save({ rules, saved, counts, reset, again }: { rules: Rule[]; saved: Data; counts: RetentionPreview["counts"] | null | undefined; reset: () => void; again: () => void }): JSX.Element {
  const [problem, setProblem] = useState<Problem>();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const missing = rules.map(wrong).find((one) => one !== null) ?? null;
  const total = (counts ?? []).reduce((sum, one) => sum + one.value, 0);
  const least = (counts ?? []).some((one) => one.relation === "gte");
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await ask("PUT", "/settings/retention", { body: { rules, ...(reason.trim() ? { reason: reason.trim() } : {}) }, headers: { "If-Match": `"v${saved.version}"` } });
      say("Saved. The rules count in an hour.");
      again();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="stack">
      {problem && <ProblemBanner problem={problem} {...(problem.status === 412 ? { again } : {})} />}
      <div class="acts dock" role="group" aria-label="Changes">
        <button type="button" onClick={reset}>Undo changes</button>
        <label class="field grow"><span class="vh">Reason</span><input placeholder="Why, for the audit" maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
        <button type="button" class={total > 0 ? "bad" : "go"} disabled={missing !== null || busy || counts === undefined} onClick={() => void save()}>Save {plural(rules.length, "rule")}</button>
        <span class="say" role="status">{missing ?? (counts === undefined ? "Counting what they would purge…" : counts === null ? "What they would purge could not be counted." : total === 0 ? "No letter is old enough for them now." : `${capped({ value: total, relation: least ? "gte" : "eq" })} ${total === 1 ? "letter loses its" : "letters lose their"} bytes for good, an hour from now on.`)}</span>
      </div>
    </div>
  );
}

function LastRun({ run }: { run: RetentionRun | null }): JSX.Element {
  return (
    <section>
      <h2>Last run</h2>
      {run === null ? <p class="soft">None yet. The rules are followed once an hour.</p> : (
        <>
          <p>{run.finishedAt === null ? <>Going on since <At time={run.startedAt} /></> : <><At time={run.finishedAt} />, <Ago time={run.finishedAt} /> ago</>}: {run.letters === 0 ? "nothing was old enough." : `${plural(run.letters, "letter")} purged.`}{!run.complete && run.finishedAt !== null && " It was stopped; the next one does the rest."}{run.traces > 0 && ` ${plural(run.traces, "stack trace")} that no letter had any more ${run.traces === 1 ? "is" : "are"} gone too.`}</p>
          {run.letters > 0 && <dl class="facts tight">{run.rules.filter((one) => one.letters > 0).map((one) => <><dt class="num">{count(one.letters)}</dt><dd><Foreign text={sentence(whole(one.rule))} /></dd></>)}</dl>}
          {run.letters > 0 && <p class="tight"><a href={paths.letters("is:purged")}>See purged letters</a>{!mayNot("admin") && <> · <a href={`${paths.audit()}?action=retention-purged`}>All runs in the audit</a></>}</p>}
        </>
      )}
    </section>
  );
}
