import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { firing, get, may } from "../api.ts";
import { alertsFiring, inOrder, pageful, subjectHref, type Alert, type AlertRule, type Items } from "../alerting.ts";
import { useKeys } from "../keys.ts";
import { useEvery, useLoad } from "../load.ts";
import { go, paths, setParam, url } from "../router.ts";
import { count, plural } from "../text.ts";
import { About, History } from "./alert-history.tsx";
import { AcknowledgePanel, SilencePanel } from "./alert-panels.tsx";
import { SeverityBadge, SubjectLink, SuppressedBy } from "./alert-words.tsx";
import { Icon } from "./icon.tsx";
import { Loaded } from "./states.tsx";
import { Ago, Badge, Foreign } from "./words.tsx";

/** As often as rules are looked at; a count goes up without a hint. */
const pace = 15_000;
/** What fires now, and below it what did. */
export function AlertList(): JSX.Element {
  const ruleId = url.value.searchParams.get("ruleId");
  const [most, setMost] = useState(pageful);
  const load = useLoad(`firing ${ruleId}`, (abort) => alertsFiring(ruleId, most, abort), ["alerts", "deliveries"]);
  useEvery(pace, load.again);
  // The alerts that are shown stay while the others come.
  useEffect(() => {
    if (most > pageful) load.again();
  }, [most]);
  return (
    <>
      {ruleId !== null && <p class="acts tight"><button type="button" onClick={() => setParam("ruleId", null)}>Rule <code>{ruleId}</code> <Icon name="discarded" /><span class="vh">, drop</span></button></p>}
      <section class="stack">
        <h2>Firing</h2>
        <Loaded load={load} rows={3}>
          {({ items, page }) => (items.length === 0 ? <Quiet narrowed={ruleId !== null} /> : (
            <>
              {page?.hasMore && <Rest shown={items.length} all={ruleId === null ? firing.value : 0} busy={load.busy} more={() => setMost(items.length + pageful)} />}
              <Firing alerts={inOrder(items)} again={load.again} />
            </>
          ))}
        </Loaded>
      </section>
      <History ruleId={ruleId} />
    </>
  );
}

/** Above the table, since its order is by urgency and what is not shown may be as urgent. */
function Rest({ shown, all, busy, more }: { shown: number; all: number; busy: boolean; more: () => void }): JSX.Element {
  return (
    <div class="banner decide" role="status">
      <Icon name="warn" />
      <p><span class="b">More alerts fire than are shown.</span> These are the {count(shown)}{all > shown && ` of ${count(all)}`} that began last.</p>
      <button type="button" disabled={busy} onClick={more}>Show {count(pageful)} more</button>
    </div>
  );
}

/** Nothing fires: say why that is believed. */
function Quiet({ narrowed }: { narrowed: boolean }): JSX.Element {
  const rules = useLoad("alert-rules", (abort) => get<Items<AlertRule>>("/alert-rules", abort));
  if (narrowed) return <p class="soft">This rule does not fire now.</p>;
  const on = rules.data?.items.filter((rule) => rule.enabled) ?? [];
  const last = on.map((rule) => rule.lastFiredAt).filter((time) => time !== null).sort().at(-1);
  if (rules.data && on.length === 0) return <div class="calm"><h2><Icon name="warn" /> Nothing is watched</h2><p>Every rule is switched off, so nothing can fire. <a href={paths.alerts("rules")}>Switch one on</a></p></div>;
  return (
    <div class="calm">
      <h2><Icon name="recovered" /> Nothing fires</h2>
      <p>{rules.data ? <><a href={paths.alerts("rules")}>{plural(on.length, "rule")}</a> {on.length === 1 ? "is" : "are"} watched. </> : null}{last ? <>One fired last <Ago time={last} /> ago.</> : rules.data ? "None has fired yet." : null}</p>
    </div>
  );
}

type Asking = "acknowledge" | "silence";

function Firing({ alerts, again }: { alerts: Alert[]; again: () => void }): JSX.Element {
  const [here, setHere] = useState<string>();
  // A question is about the alert it was asked of, also when that is resolved meanwhile.
  const [asked, setAsked] = useState<{ what: Asking; alert: Alert }>();
  const found = alerts.findIndex((alert) => alert.id === here);
  const latest = useRef(0);
  // Where the alert was that is over by now, and not at the top of the list.
  const at = here === undefined ? 0 : found >= 0 ? found : Math.max(0, Math.min(latest.current, alerts.length - 1));
  latest.current = at;
  const current = alerts[at];
  const to = (index: number): void => {
    const next = alerts[Math.max(0, Math.min(alerts.length - 1, index))];
    setHere(next?.id);
    document.getElementById(`alert-${next?.id}`)?.scrollIntoView({ block: "nearest" });
  };
  const ask = (alert: Alert | undefined, what: Asking): void => {
    if (!alert || !may("operate")) return;
    setHere(alert.id);
    setAsked({ what, alert });
  };
  const open = (): void => {
    const href = current && subjectHref(current.subject, current.link);
    if (href) go(href);
  };
  /** On to the next one, since this one is taken care of. */
  const done = (): void => {
    setHere((alerts[at + 1] ?? alerts[at - 1])?.id);
    again();
  };
  // A question is answered first: what is typed then is text.
  useKeys("List", asked ? [] : [
    { keys: "j or ArrowDown", what: "Next alert", run: () => to(at + 1) },
    { keys: "k or ArrowUp", what: "Previous alert", run: () => to(at - 1) },
    { keys: "Enter or o", what: "Open what it is about", run: open },
    ...(may("operate") ? [
      { keys: "a", what: "Acknowledge…", run: () => ask(current, "acknowledge") },
      { keys: "s", what: "Silence…", run: () => ask(current, "silence") },
    ] : []),
  ]);
  const close = (): void => setAsked(undefined);
  return (
    <>
      {asked?.what === "acknowledge" && <AcknowledgePanel key={asked.alert.id} alert={asked.alert} close={close} done={done} />}
      {asked?.what === "silence" && <SilencePanel key={asked.alert.id} alert={asked.alert} close={close} done={done} />}
      <table class="rows fold alerts" role="table">
        <caption class="vh">Firing alerts, those that nobody has taken care of first</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader" class="c-state">Severity</th><th scope="col" role="columnheader">Alert</th><th scope="col" role="columnheader" class="num">Count</th>
            <th scope="col" role="columnheader" class="num">For</th><th scope="col" role="columnheader">Told</th><th scope="col" role="columnheader"><span class="vh">Actions</span></th>
          </tr>
        </thead>
        <tbody role="rowgroup">{alerts.map((alert) => <Row key={alert.id} alert={alert} current={alert === current} here={() => { if (!asked) setHere(alert.id); }} ask={(what) => ask(alert, what)} />)}</tbody>
      </table>
    </>
  );
}

function Row({ alert, current, here, ask }: { alert: Alert; current: boolean; here: () => void; ask: (what: Asking) => void }): JSX.Element {
  return (
    <tr id={`alert-${alert.id}`} role="row" class={current ? "here" : ""} {...(current ? { "aria-current": "true" as const } : {})} onFocusIn={here}>
      <td role="cell"><SeverityBadge of={alert.severity} /></td>
      <th scope="row" role="rowheader" class="all any"><span class="b"><SubjectLink subject={alert.subject} link={alert.link}>{alert.title}</SubjectLink></span><About alert={alert} /></th>
      <td role="cell" class="num" data-l="Count">{count(alert.count)}</td>
      <td role="cell" class="num" data-l="For"><Ago time={alert.since} /></td>
      <td role="cell" class="any all" data-l="Told"><Told alert={alert} /></td>
      <td role="cell" class="all">
        {may("operate") && (
          <span class="acts">
            {alert.acknowledgedAt === null && <button type="button" onClick={() => ask("acknowledge")}>Acknowledge{current && <> <kbd>a</kbd></>}<span class="vh"> {alert.title}</span></button>}
            <button type="button" onClick={() => ask("silence")}>Silence{current && <> <kbd>s</kbd></>}<span class="vh"> {alert.title}</span></button>
          </span>
        )}
      </td>
    </tr>
  );
}

/** Who knows of it, or why nobody is told. */
function Told({ alert }: { alert: Alert }): JSX.Element {
  if (alert.acknowledgedAt !== null) return <><Badge tone="settled" loud="" icon="recovered">Acknowledged</Badge><span class="soft block">{alert.acknowledgedBy !== null && <>by <Foreign text={alert.acknowledgedBy} /> </>}<Ago time={alert.acknowledgedAt} /> ago</span></>;
  if (alert.suppressedBy) return <><Badge tone="rest" loud="" icon="snoozed">Nobody is told</Badge><span class="soft block"><SuppressedBy by={alert.suppressedBy} /></span></>;
  return alert.lastNotifiedAt === null ? <span class="soft">not yet</span> : <><Ago time={alert.lastNotifiedAt} /> ago</>;
}
