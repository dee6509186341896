import type { JSX } from "preact";
import { ask, asProblem, get, may } from "../api.ts";
import { ifMatch, ruleEdit, type AlertRule, type Endpoint, type Items } from "../alerting.ts";
import { conditions, sentence } from "../conditions.ts";
import { useKeys } from "../keys.ts";
import { hint } from "../live.ts";
import { useEvery, useLoad } from "../load.ts";
import { go, paths } from "../router.ts";
import { plural } from "../text.ts";
import { say } from "../toast.ts";
import { SeverityBadge } from "./alert-words.tsx";
import { Loaded } from "./states.tsx";
import { Ago, Badge, Foreign } from "./words.tsx";

/** When Redrive tells somebody, as sentences; each can be switched off and on in place. */
export function Rules({ endpoints }: { endpoints: Endpoint[] }): JSX.Element {
  const load = useLoad("alert-rules", (abort) => get<Items<AlertRule>>("/alert-rules", abort), ["alerts"]);
  useEvery(30_000, load.again);
  const write = may("admin");
  useKeys("Rules", write ? [{ keys: "n", what: "Another rule", run: () => go(paths.alerts("rules/new")) }] : []);
  return (
    <>
      <div class="head">
        <p class="soft">Each rule is looked at every few seconds. Its alerts are shown here and sent to its endpoints.</p>
        {write && <a class="button end" href={paths.alerts("rules/new")}>New rule <kbd>n</kbd></a>}
      </div>
      <Loaded load={load}>{({ items }) => (items.length === 0 ? <None /> : <Table rules={items} endpoints={endpoints} again={load.again} />)}</Loaded>
    </>
  );
}

function None(): JSX.Element {
  return <div class="calm"><h2>No rules</h2><p>Nothing is watched, so nobody is told of new failures. {may("admin") && <a href={paths.alerts("rules/new")}>Make the first rule</a>}</p></div>;
}

function Table({ rules, endpoints, again }: { rules: AlertRule[]; endpoints: Endpoint[]; again: () => void }): JSX.Element {
  return (
    <table class="rows fold alerts" role="table">
      <caption class="vh">Alert rules</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader" class="c-tick">On</th><th scope="col" role="columnheader">Rule</th><th scope="col" role="columnheader">Severity</th>
          <th scope="col" role="columnheader">Tells</th><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader" class="num">Last fired</th>
        </tr>
      </thead>
      <tbody role="rowgroup">{rules.map((rule) => <Row key={rule.id} rule={rule} endpoints={endpoints} again={again} />)}</tbody>
    </table>
  );
}

/** Switches a rule; the toast has the way back. */
async function toggle(rule: AlertRule, again: () => void, undo = true): Promise<void> {
  const enabled = !rule.enabled;
  try {
    const { data } = await ask<AlertRule>("PUT", `/alert-rules/${rule.id}`, { body: { ...ruleEdit(rule), enabled }, headers: ifMatch(rule) });
    say(`${rule.name} is ${enabled ? "on" : "off"}.`, undo ? () => toggle(data, again, false) : undefined);
  } catch (error) {
    const problem = asProblem(error);
    say(problem.status === 412 ? "Somebody changed the rule meanwhile. Nothing was done; look again." : (problem.detail ?? problem.title));
  }
  hint("alerts");
  again();
}

function Row({ rule, endpoints, again }: { rule: AlertRule; endpoints: Endpoint[]; again: () => void }): JSX.Element {
  return (
    <tr role="row">
      <td role="cell" data-l="On"><label class="hit"><input type="checkbox" role="switch" aria-label={`${rule.name} is on`} checked={rule.enabled} disabled={!may("admin")} onChange={() => void toggle(rule, again)} /></label></td>
      <th scope="row" role="rowheader" class="all any">
        <a class="b" href={paths.alerts(`rules/${rule.id}`)}><Foreign text={rule.name} /></a> {rule.builtIn && <span class="tag">built in</span>}
        <span class="soft block">{conditions[rule.condition] ? sentence(rule) : rule.condition}{rule.query && <> · <code><Foreign text={rule.query} /></code></>}</span>
      </th>
      <td role="cell"><SeverityBadge of={rule.severity} /></td>
      <td role="cell" class="any" data-l="Tells">{rule.endpointIds.length === 0 ? <span class="soft">every endpoint</span> : <Named ids={rule.endpointIds} endpoints={endpoints} />}</td>
      <td role="cell"><State rule={rule} /></td>
      <td role="cell" class="num" data-l="Last fired">{rule.lastFiredAt ? <Ago time={rule.lastFiredAt} /> : "never"}</td>
    </tr>
  );
}

function Named({ ids, endpoints }: { ids: string[]; endpoints: Endpoint[] }): JSX.Element {
  return <>{ids.map((id, i) => <>{i > 0 && ", "}<a href={paths.alerts(`endpoints/${id}`)}><Foreign text={endpoints.find((one) => one.id === id)?.name ?? `endpoint ${id}`} /></a></>)}</>;
}

export function State({ rule }: { rule: AlertRule }): JSX.Element {
  if (!rule.enabled) return <Badge tone="rest" loud="" icon="paused">Off</Badge>;
  if (rule.state === "ok") return <Badge tone="settled" loud="" icon="recovered">Fine</Badge>;
  return <a class="plain" href={`${paths.alerts()}?ruleId=${rule.id}`}><Badge tone="alarm" loud="ring" icon="alarm">{plural(rule.firing, "alert")}</Badge></a>;
}
