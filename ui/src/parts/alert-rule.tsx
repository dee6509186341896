import { useEffect, useMemo, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, may } from "../api.ts";
import { ifMatch, ruleEdit, type AlertRule, type Endpoint, type RuleEdit } from "../alerting.ts";
import { conditions, sentence, wrong } from "../conditions.ts";
import { hint } from "../live.ts";
import { useLoad } from "../load.ts";
import { maker } from "../once.ts";
import { parseQuery } from "../query.ts";
import { go, paths } from "../router.ts";
import { say } from "../toast.ts";
import { Backtested, useBacktest } from "./alert-backtest.tsx";
import { State } from "./alert-rules.tsx";
import { useAttempt } from "./alert-words.tsx";
import { queryErrorOf } from "./filter.tsx";
import { Icon } from "./icon.tsx";
import { RuleFields } from "./rule-fields.tsx";
import { Loaded, ProblemBanner } from "./states.tsx";
import { Ago, Foreign } from "./words.tsx";

const fresh: RuleEdit = {
  name: "", enabled: true, condition: "letters", query: null, threshold: 100, window: "PT5M", forDuration: "PT0S", severity: "error", endpointIds: [],
  repeatInterval: "PT4H", groupWait: "PT30S", groupInterval: "PT5M", runbookUrl: null, showPayload: false,
};

/** @param id of the rule, or `new` */
export function RuleEditor({ id, endpoints }: { id: string; endpoints: Endpoint[] }): JSX.Element {
  const load = useLoad(id === "new" ? null : `rule ${id}`, async (abort) => (await ask<AlertRule>("GET", `/alert-rules/${id}`, { signal: abort })).data, ["alerts"]);
  return (
    <>
      <p><a href={paths.alerts("rules")}>All rules</a></p>
      {id === "new" ? <Form endpoints={endpoints} again={() => undefined} /> : <Loaded load={load} rows={4}>{(saved) => <Form saved={saved} endpoints={endpoints} again={load.again} />}</Loaded>}
    </>
  );
}

const same = (a: RuleEdit, b: RuleEdit): boolean => JSON.stringify(ruleEdit(a)) === JSON.stringify(ruleEdit(b));

function Form({ saved, endpoints, again }: { saved?: AlertRule; endpoints: Endpoint[]; again: () => void }): JSX.Element {
  const [from, setFrom] = useState(saved);
  const [rule, setRule] = useState<RuleEdit>(saved ? ruleEdit(saved) : fresh);
  // Another rule of somebody else begins the fields anew.
  const [turn, setTurn] = useState(0);
  const { problem, busy, run } = useAttempt();
  const make = useMemo(maker, []);
  const changed = !from || !same(rule, from);
  const elsewhere = saved !== undefined && from !== undefined && saved.version > from.version && !same(saved, from);
  const take = (theirs: AlertRule): void => {
    setFrom(theirs);
    setRule(ruleEdit(theirs));
    setTurn(turn + 1);
  };
  // Somebody else saved: nothing of ours is lost by showing it.
  useEffect(() => {
    if (saved && saved.version > (from?.version ?? 0) && (!changed || !elsewhere)) {
      if (changed) setFrom(saved);
      else take(saved);
    }
  }, [saved?.version]);
  const own = rule.query ? parseQuery(rule.query).error : undefined;
  const backtest = useBacktest(own || wrong({ ...rule, name: "x" }) !== null ? null : rule);
  const error = own ?? queryErrorOf(backtest.problem ?? problem, rule.query ?? "");
  const missing = wrong(rule);
  const save = (match: AlertRule | undefined): Promise<void> => run(async () => {
    const data = await (match ? ask<AlertRule>("PUT", `/alert-rules/${match.id}`, { body: rule, headers: ifMatch(match) }).then((answer) => answer.data) : make<AlertRule>("/alert-rules", rule)).catch((error: unknown) => {
      // What somebody else wrote meanwhile is shown beside ours.
      if (asProblem(error).status === 412) again();
      throw error;
    });
    hint("alerts");
    take(data);
    again();
    say(match ? `${data.name} saved.` : `${data.name} is watched from now on.`);
    if (!match) go(paths.alerts(`rules/${data.id}`), "replace");
  });
  const write = may("admin");
  return (
    <form class="stack" aria-label="Rule" onSubmit={(event) => { event.preventDefault(); if (!busy && missing === null && !error) void save(from); }}>
      <div class="head"><h2>{from ? <Foreign text={from.name} /> : "New rule"}</h2>{from && <span class="line"><State rule={from} />{from.lastFiredAt !== null && <span class="soft">fired <Ago time={from.lastFiredAt} /> ago, <a href={`${paths.alerts()}?ruleId=${from.id}`}>its alerts</a></span>}</span>}</div>
      {problem && problem.status !== 412 && !error && <ProblemBanner problem={problem} />}
      {problem?.status === 412 && !elsewhere && <ProblemBanner problem={problem} again={again} />}
      {elsewhere && saved && (
        <div class="banner decide" role="status"><Icon name="warn" /><p>Somebody else saved this rule meanwhile: {sentence(saved)}.</p>
          <button type="button" onClick={() => take(saved)}>Show theirs, drop mine</button><button type="button" onClick={() => void save(saved)}>Save mine over it</button></div>
      )}
      <fieldset disabled={!write} class="stack"><RuleFields key={turn} rule={rule} set={setRule} endpoints={endpoints} problem={problem} kept={from !== undefined} queryError={error ?? null} /></fieldset>
      <Backtested rule={rule} found={backtest} able={conditions[rule.condition].backtest === true} />
      {write && from && <Remove rule={from} run={run} />}
      {!write ? <p class="help">To change it needs the permission admin.</p> : changed && (
        <div class="acts dock" role="group" aria-label="Changes">
          <button class="go" disabled={busy || missing !== null || !!error}>{from ? "Save" : "Make the rule"}</button>
          {from && <button type="button" onClick={() => take(from)}>Undo changes</button>}
          <span class="say" role="status">{missing ?? (error ? "The filter cannot be understood yet." : `${sentence(rule)}.`)}</span>
        </div>
      )}
    </form>
  );
}

function Remove({ rule, run }: { rule: AlertRule; run: (act: () => Promise<void>) => Promise<void> }): JSX.Element {
  if (rule.builtIn) return <p class="help">Built in: it can be changed and switched off. It cannot be deleted, for nobody would notice that it is missing.</p>;
  const remove = (): Promise<void> => run(async () => {
    await ask("DELETE", `/alert-rules/${rule.id}`, { headers: ifMatch(rule) });
    hint("alerts");
    go(paths.alerts("rules"));
    say(`${rule.name} deleted.`, async () => {
      await maker()("/alert-rules", ruleEdit(rule));
      hint("alerts");
      say(`${rule.name} is back.`);
    });
  });
  return <p><button type="button" class="bad" onClick={() => void remove()}>Delete</button></p>;
}
