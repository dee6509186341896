import type { JSX } from "preact";
import { ask, type Problem } from "../api.ts";
import type { Backtest, RuleEdit } from "../alerting.ts";
import { conditions, times } from "../conditions.ts";
import { count } from "../text.ts";
import { span } from "../time.ts";
import { SubjectLink, usePreview } from "./alert-words.tsx";
import { At } from "./words.tsx";

/** What the rule as it stands here would have told; asked again when something changes that it depends on. */
export function useBacktest(rule: RuleEdit | null): { data?: Backtest; problem?: Problem } {
  const able = rule !== null && conditions[rule.condition].backtest === true;
  const key = able ? JSON.stringify([rule.condition, rule.query, rule.threshold, rule.window, rule.forDuration]) : null;
  return usePreview<Backtest>(key, async (signal) => (await ask<Backtest>("POST", "/alert-rules/backtests", { body: { ...rule, name: rule?.name.trim() || "New rule" }, signal, timeout: 30_000 })).data);
}

export function Backtested({ rule, found, able }: { rule: RuleEdit; found: { data?: Backtest; problem?: Problem }; able: boolean }): JSX.Element {
  const { data, problem } = found;
  return (
    <section class="panel stack" aria-label="Back-test">
      <h2>Would have fired</h2>
      {!able ? <p class="soft">Nothing is stored from which that could be told for this condition.</p>
        : problem ? <p class="soft" role="status">{problem.code === "query-invalid" ? "The filter cannot be understood yet." : (problem.detail ?? problem.title)}</p>
        : !data ? <p class="soft" role="status">Looking through what is stored…</p> : <Firings of={data} rule={rule} />}
    </section>
  );
}

function Firings({ of, rule }: { of: Backtest; rule: RuleEdit }): JSX.Element {
  const over = span(Date.parse(of.windowTo) - Date.parse(of.windowFrom));
  const held = of.count > 50 ? " That is more than anybody reads: raise the threshold, or narrow the filter." : of.count === 0 && rule.condition !== "new-group" ? " A lower threshold shows how near it came." : "";
  return (
    <>
      <p role="status"><span class="b">{of.truncated ? "At least " : ""}{of.count === 0 ? "Not once" : times(of.count)}</span> in the last {over}.<span class="soft">{held}</span></p>
      {of.firings.length > 0 && (
        <details open={of.firings.length <= 5}>
          <summary class="help">When and for what</summary>
          <table class="rows fold" role="table">
            <caption class="vh">When it would have fired, newest first</caption>
            <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Fires</th><th scope="col" role="columnheader">Resolved</th><th scope="col" role="columnheader">For</th><th scope="col" role="columnheader" class="num">Count</th></tr></thead>
            <tbody role="rowgroup">
              {[...of.firings].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).map((one) => (
                <tr role="row">
                  <td role="cell" data-l="Fires"><At time={one.at} /></td>
                  <td role="cell" data-l="Resolved">{one.until ? <>after {span(Date.parse(one.until) - Date.parse(one.at))}</> : "fires still"}</td>
                  <td role="cell" class="any all"><SubjectLink subject={one.subject} /></td>
                  <td role="cell" class="num" data-l="Count">{count(one.count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}
