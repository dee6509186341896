import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, may, type Problem } from "../api.ts";
import type { LabelPreview, LabelRules } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { hint } from "../live.ts";
import { useLoad } from "../load.ts";
import { Frame } from "../parts/frame.tsx";
import { SettingsNav } from "../parts/settings-nav.tsx";
import { Icon } from "../parts/icon.tsx";
import { Loaded, ProblemBanner } from "../parts/states.tsx";
import { At, Foreign } from "../parts/words.tsx";
import { go, paths, url } from "../router.ts";
import { count, plural } from "../text.ts";
import { say } from "../toast.ts";

type Rule = LabelRules["rules"][number];
const path = "/settings/labels";

/** Rules that name failure groups. They are edited as one list, tried, and saved as one. */
export function Labels(): JSX.Element {
  const load = useLoad(path, (abort) => ask<LabelRules>("GET", path, { signal: abort }), ["failure-groups"]);
  return (
    <Frame lead="Settings" title="Label rules">
      <SettingsNav here="labels" />
      <p class="soft">The first rule that fits names a failure group, as soon as it comes up, unless somebody wrote a label.</p>
      <Loaded load={load} rows={3}>{({ data, etag }) => <Editor saved={data} etag={etag ?? "*"} />}</Loaded>
    </Frame>
  );
}

const same = (a: Rule[], b: Rule[]): boolean => JSON.stringify(a) === JSON.stringify(b);

function Editor({ saved, etag }: { saved: LabelRules; etag: string }): JSX.Element {
  const wanted = url.value.searchParams.get("q");
  const begin = (): Rule[] => (wanted === null ? saved.rules : [{ q: wanted, label: url.value.searchParams.get("label") ?? "" }, ...saved.rules]);
  const [rules, setRules] = useState(begin);
  const [from, setFrom] = useState({ rules: saved.rules, etag });
  const [focus, setFocus] = useState<string | undefined>(wanted === null ? undefined : "label-0");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const changed = !same(rules, from.rules);
  const elsewhere = etag !== from.etag;
  // Somebody else saved: nothing of ours is lost by showing it.
  useEffect(() => {
    if (elsewhere && !changed) take(saved.rules, etag);
  }, [etag]);
  useEffect(() => {
    if (focus) document.getElementById(focus)?.focus();
    setFocus(undefined);
  }, [focus]);
  const take = (next: Rule[], tag: string): void => {
    setFrom({ rules: next, etag: tag });
    setRules(next);
  };
  const set = (i: number, change: Partial<Rule>): void => setRules(rules.map((rule, at) => (at === i ? { ...rule, ...change } : rule)));
  const add = (): void => {
    setRules([...rules, { q: "", label: "" }]);
    setFocus(`q-${rules.length}`);
  };
  const move = (i: number, by: -1 | 1): void => {
    const next = [...rules];
    next.splice(i + by, 0, ...next.splice(i, 1));
    setRules(next);
    setFocus(`${by < 0 ? "up" : "down"}-${i + by}`);
  };
  const save = async (list: Rule[], tag: string, undo?: Rule[]): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const { data, etag: now } = await ask<LabelRules>("PUT", path, { body: { rules: list }, headers: { "If-Match": tag }, timeout: 35_000 });
      take(data.rules, now ?? "*");
      if (wanted !== null) go(paths.labels(), "replace");
      hint("failure-groups");
      say(undo ? "Label rules saved; failure groups have their labels." : "Label rules as before.", undo && (() => save(undo, now ?? "*")));
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  const write = may("operate");
  useKeys("Label rules", write ? [{ keys: "n", what: "Another rule", run: add }] : []);
  const complete = rules.every((rule) => rule.q.trim() !== "" && rule.label.trim() !== "");
  const preview = usePreview(complete ? rules : undefined);
  const shown = problem ?? preview.problem;
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); if (changed && complete && !busy) void save(rules, from.etag, from.rules); }}>
      {shown && <ProblemBanner problem={shown} />}
      {elsewhere && changed && <div class="banner decide" role="status"><Icon name="warn" /><p>Somebody else saved these rules meanwhile.</p><button type="button" onClick={() => take(saved.rules, etag)}>Show theirs, drop mine</button></div>}
      {rules.length === 0 ? <div class="calm"><h2>No rules yet</h2><p>A rule says which failure groups are meant and how they are called: <code>class:TimeoutException consumer:ledger-svc</code> is “Ledger is slow”.</p></div> : (
        <fieldset disabled={!write}><ol class="stack rules">
          {rules.map((rule, i) => (
            <li class="panel stack">
              <div class="pair">
              <label class="field grow"><span class="help">Filter<span class="vh"> of rule {i + 1}</span></span><input id={`q-${i}`} class="mono" required maxLength={1000} autocomplete="off" spellcheck={false} value={rule.q} aria-invalid={pointsAt(shown, i, "q")} onInput={(event) => set(i, { q: event.currentTarget.value })} /></label>
              <label class="field"><span class="help">Label<span class="vh"> of rule {i + 1}</span></span><input id={`label-${i}`} required maxLength={100} value={rule.label} aria-invalid={pointsAt(shown, i, "label")} onInput={(event) => set(i, { label: event.currentTarget.value })} /></label>
              </div>
              <p class="acts tight">
                <span class="soft">{preview.data ? names(preview.data.items[i]?.groups ?? 0) : "…"}</span>
                {write && <span class="end acts">
                  <button id={`up-${i}`} type="button" disabled={i === 0} onClick={() => move(i, -1)}>Up<span class="vh"> rule {i + 1}</span></button>
                  <button id={`down-${i}`} type="button" disabled={i === rules.length - 1} onClick={() => move(i, 1)}>Down<span class="vh"> rule {i + 1}</span></button>
                  <button type="button" onClick={() => setRules(rules.filter((_, at) => at !== i))}>Remove<span class="vh"> rule {i + 1}</span></button>
                </span>}
              </p>
            </li>
          ))}
        </ol></fieldset>
      )}
      <p class="help">Known are <code>topic</code>, <code>origin</code>, <code>consumer</code>, <code>convention</code>, <code>class</code>, <code>cause</code>, <code>error</code> and words, with <code>-</code>, <code>OR</code> and parentheses.</p>
      {preview.data && <p role="status" class="soft">{plural(preview.data.unnamed, "failure group")} no rule fits; {count(preview.data.written)} with a label that somebody wrote.</p>}
      <p class="acts">
        {write && <button class="go" disabled={busy || !changed || !complete}>Save {plural(rules.length, "rule")}</button>}
        {write && <button type="button" disabled={rules.length >= 200} onClick={add}>Another rule <kbd>n</kbd></button>}
        {!write && <span class="help">To change them needs the permission operate.</span>}
        {changed && <button type="button" onClick={() => setRules(from.rules)}>As they were</button>}
        {saved.updatedAt && <span class="soft end">saved <At time={saved.updatedAt} />{saved.author !== null && <> by <Foreign text={saved.author} /></>}</span>}
      </p>
    </form>
  );
}

const names = (groups: number): string => (groups === 0 ? "names none now" : `names ${plural(groups, "failure group")} now`);
const pointsAt = (problem: Problem | undefined, i: number, field: string): boolean => problem?.errors?.some((error) => error.pointer === `/rules/${i}/${field}`) ?? false;

/** A moment after the last key; an older answer never replaces a newer one. */
function usePreview(rules: Rule[] | undefined): { data: LabelPreview | undefined; problem: Problem | undefined } {
  const [found, setFound] = useState<{ data: LabelPreview | undefined; problem: Problem | undefined }>({ data: undefined, problem: undefined });
  const key = JSON.stringify(rules);
  useEffect(() => {
    setFound({ data: undefined, problem: undefined });
    if (!rules) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      ask<LabelPreview>("POST", `${path}/previews`, { body: { rules }, signal: abort.signal }).then(
        ({ data }) => setFound({ data, problem: undefined }),
        (error: unknown) => { if (!abort.signal.aborted) setFound({ data: undefined, problem: asProblem(error) }); },
      );
    }, 300);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);
  return found;
}
