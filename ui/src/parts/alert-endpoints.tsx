import type { JSX } from "preact";
import { may } from "../api.ts";
import type { Endpoint, Items } from "../alerting.ts";
import { kinds } from "../endpoint-kinds.ts";
import { useKeys } from "../keys.ts";
import type { Load } from "../load.ts";
import { go, paths } from "../router.ts";
import { count } from "../text.ts";
import { Resting } from "./alert-words.tsx";
import { SendTest } from "./endpoint-acts.tsx";
import { Loaded } from "./states.tsx";
import { Ago, Badge, Foreign } from "./words.tsx";

/** Where alerts go. */
export function Endpoints({ load }: { load: Load<Items<Endpoint>> }): JSX.Element {
  const write = may("admin");
  useKeys("Endpoints", write ? [{ keys: "n", what: "Another endpoint", run: () => go(paths.alerts("endpoints/new")) }] : []);
  return (
    <>
      <div class="head">
        <p class="soft">Each rule names its endpoints or tells all that are active. An address is stored sealed and never shown again.</p>
        {write && <a class="button end" href={paths.alerts("endpoints/new")}>New endpoint <kbd>n</kbd></a>}
      </div>
      <Loaded load={load} rows={3}>{({ items }) => (items.length === 0 ? <div class="calm"><h2>Nobody is told yet</h2><p>Alerts are shown on these pages alone. {write ? <><a href={paths.alerts("endpoints/new")}>Add an endpoint</a>: a webhook, Slack, Teams, PagerDuty, Alertmanager or mail.</> : "Somebody with the permission admin can add an endpoint."}</p></div> : <Table endpoints={items} again={load.again} />)}</Loaded>
    </>
  );
}

function Table({ endpoints, again }: { endpoints: Endpoint[]; again: () => void }): JSX.Element {
  return (
    <table class="rows fold alerts" role="table">
      <caption class="vh">Endpoints</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">Endpoint</th><th scope="col" role="columnheader">Kind</th><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader" class="num">Delivered last</th>
          <th scope="col" role="columnheader" class="num">Waiting</th><th scope="col" role="columnheader" class="num">Given up</th><th scope="col" role="columnheader"><span class="vh">Actions</span></th>
        </tr>
      </thead>
      <tbody role="rowgroup">{endpoints.map((one) => <Row key={one.id} of={one} again={again} />)}</tbody>
    </table>
  );
}

function Row({ of, again }: { of: Endpoint; again: () => void }): JSX.Element {
  const list = `${paths.alerts("deliveries")}?endpointId=${of.id}`;
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="all any">
        <a class="b" href={paths.alerts(`endpoints/${of.id}`)}><Foreign text={of.name} /></a> {of.fromSettings && <span class="tag">from the settings</span>}
        {of.addressHint !== null && <code class="soft block"><Foreign text={of.addressHint} /></code>}
        {of.lastError !== null && <span class="soft block">Last error: <Foreign text={of.lastError} /></span>}
        {of.state === "active" && of.nextTrialAt !== null && <span class="soft block"><Resting of={of} /></span>}
      </th>
      <td role="cell" data-l="Kind">{kinds[of.kind]?.word ?? of.kind}</td>
      <td role="cell"><EndpointState of={of} /></td>
      <td role="cell" class="num" data-l="Delivered last">{of.lastDeliveredAt ? <Ago time={of.lastDeliveredAt} /> : "never"}</td>
      <td role="cell" class="num" data-l="Waiting">{of.pending > 0 ? <a href={`${list}&state=pending`}>{count(of.pending)}</a> : 0}</td>
      <td role="cell" class="num" data-l="Given up">{of.dead > 0 ? <a href={`${list}&state=dead`}>{count(of.dead)}</a> : 0}</td>
      <td role="cell" class="all">{may("admin") && <SendTest of={of} again={again} />}</td>
    </tr>
  );
}

export function EndpointState({ of }: { of: Endpoint }): JSX.Element {
  if (of.state === "active" && of.nextTrialAt !== null) return <Badge tone="decide" loud="ring" icon="warn">Takes nothing</Badge>;
  if (of.state === "active") return <Badge tone="settled" loud="" icon="recovered">Active</Badge>;
  if (of.state === "disabled") return <Badge tone={of.disabledReason === null ? "rest" : "alarm"} loud={of.disabledReason === null ? "" : "ring"} icon={of.disabledReason === null ? "paused" : "fail"}>Switched off</Badge>;
  return <Badge tone="decide" loud="ring" icon="warn">Not set any more</Badge>;
}
