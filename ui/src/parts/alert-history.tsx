import type { JSX } from "preact";
import { get, withQuery } from "../api.ts";
import type { Alert, Items } from "../alerting.ts";
import { useLoad } from "../load.ts";
import { paths, url } from "../router.ts";
import { count } from "../text.ts";
import { Pages, SeverityBadge, SubjectLink, WebLink } from "./alert-words.tsx";
import { Loaded } from "./states.tsx";
import { At, Foreign } from "./words.tsx";

/** What has fired and is over. */
export function History({ ruleId }: { ruleId: string | null }): JSX.Element {
  const cursor = url.value.searchParams.get("cursor");
  const path = withQuery("/alerts", { state: "resolved", ruleId, limit: 50, cursor });
  const past = useLoad(path, (abort) => get<Items<Alert>>(path, abort), ["alerts"]);
  return (
    <section class="stack">
      <h2>History</h2>
      <Loaded load={past} rows={3}>
        {({ items, page }) => (
          <>
            {items.length === 0 ? <p class="soft">Nothing has fired and been resolved{ruleId === null ? "" : " by this rule"} yet.</p> : <Past alerts={items} />}
            <Pages next={page?.next ?? null} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Past({ alerts }: { alerts: Alert[] }): JSX.Element {
  return (
    <table class="rows fold alerts" role="table">
      <caption class="vh">Resolved alerts, newest first</caption>
      <thead role="rowgroup">
        <tr role="row"><th scope="col" role="columnheader" class="c-state">Severity</th><th scope="col" role="columnheader">Alert</th><th scope="col" role="columnheader" class="num">Count</th><th scope="col" role="columnheader" class="num">Fired</th><th scope="col" role="columnheader" class="num">Resolved</th></tr>
      </thead>
      <tbody role="rowgroup">
        {alerts.map((alert) => (
          <tr role="row">
            <td role="cell"><SeverityBadge of={alert.severity} /></td>
            <th scope="row" role="rowheader" class="all any"><SubjectLink subject={alert.subject} link={alert.link}>{alert.title}</SubjectLink><About alert={alert} /></th>
            <td role="cell" class="num" data-l="Count">{count(alert.count)}</td>
            <td role="cell" class="num" data-l="Fired"><At time={alert.firedAt ?? alert.since} /></td>
            <td role="cell" class="num" data-l="Resolved">{alert.resolvedAt && <At time={alert.resolvedAt} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Which rule tells of what, and what to do then. */
export function About({ alert }: { alert: Alert }): JSX.Element {
  const rule = <Foreign text={alert.ruleName} />;
  return (
    <span class="soft block">
      {alert.ruleId === null ? rule : <a href={paths.alerts(`rules/${alert.ruleId}`)}>{rule}</a>} · {alert.subject.kind} <SubjectLink subject={alert.subject} link={alert.link} />
      {alert.runbookUrl !== null && <> · <WebLink href={alert.runbookUrl}>Runbook</WebLink></>}
    </span>
  );
}
