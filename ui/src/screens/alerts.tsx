import type { JSX } from "preact";
import { get } from "../api.ts";
import type { Endpoint, Items } from "../alerting.ts";
import { lazy } from "../lazy.tsx";
import { useLoad } from "../load.ts";
import { AlertList } from "../parts/alert-list.tsx";
import { AlertsNav, Resting, type Tab } from "../parts/alert-words.tsx";
import { Frame } from "../parts/frame.tsx";
import { Icon } from "../parts/icon.tsx";
import { Foreign } from "../parts/words.tsx";
import { paths } from "../router.ts";
import { plural } from "../text.ts";

const Rules = lazy(() => import("../parts/alert-rules.tsx").then((module) => module.Rules), "part");
const RuleEditor = lazy(() => import("../parts/alert-rule.tsx").then((module) => module.RuleEditor), "asks");
const Deliveries = lazy(() => import("../parts/alert-deliveries.tsx").then((module) => module.Deliveries), "part");
const Silences = lazy(() => import("../parts/alert-silences.tsx").then((module) => module.Silences), "part");
const Endpoints = lazy(() => import("../parts/alert-endpoints.tsx").then((module) => module.Endpoints), "part");
const EndpointEditor = lazy(() => import("../parts/alert-endpoint.tsx").then((module) => module.EndpointEditor), "asks");

/** What fires, which rules tell of it, who is told, and what was sent. */
export function Alerts({ at }: { at: string }): JSX.Element {
  const [tab = "", id = ""] = at.split(/\/(.*)/) as [Tab, string?];
  const endpoints = useLoad("webhooks", (abort) => get<Items<Endpoint>>("/webhooks", abort), ["alerts", "deliveries"]);
  return (
    <Frame title="Alerts">
      <AlertsNav here={tab} />
      {endpoints.data && <Unheard endpoints={endpoints.data.items} shown={tab === "endpoints" ? id : ""} />}
      {tab === "" && <AlertList />}
      {tab === "rules" && (id === "" ? <Rules endpoints={endpoints.data?.items ?? []} /> : <RuleEditor key={id} id={id} endpoints={endpoints.data?.items ?? []} />)}
      {tab === "deliveries" && <Deliveries id={id} endpoints={endpoints.data?.items ?? []} />}
      {tab === "silences" && <Silences />}
      {tab === "endpoints" && (id === "" ? <Endpoints load={endpoints} /> : <EndpointEditor key={id} id={id} endpoints={endpoints.data?.items ?? []} again={endpoints.again} />)}
    </Frame>
  );
}

/**
 * An alert that reaches nobody is worse than none, since everybody counts on it.
 *
 * @param shown the endpoint whose page it is, which says so itself
 */
function Unheard({ endpoints, shown }: { endpoints: Endpoint[]; shown: string }): JSX.Element | null {
  const disabled = endpoints.filter((one) => one.state === "disabled" && one.id !== shown);
  const resting = endpoints.filter((one) => one.state === "active" && one.nextTrialAt !== null && one.id !== shown);
  const active = endpoints.filter((one) => one.state === "active" && one.kind !== "heartbeat");
  const dead = endpoints.reduce((sum, one) => sum + one.dead, 0);
  if (disabled.length + resting.length === 0 && active.length > 0 && dead === 0) return null;
  return (
    <>
      {active.length === 0 && <div class="banner alarm" role="status"><Icon name="fail" /><p><span class="b">Nobody is told.</span> Alerts are shown here and sent nowhere, since no endpoint is active. <a href={paths.alerts("endpoints/new")}>Add an endpoint</a></p></div>}
      {disabled.map((one) => (
        <div class="banner decide" role="status"><Icon name="warn" /><p><a class="b" href={paths.alerts(`endpoints/${one.id}`)}><Foreign text={one.name} /></a> is switched off{one.disabledReason !== null && <>: <Foreign text={one.disabledReason} /></>}</p></div>
      ))}
      {resting.map((one) => (
        <div class="banner decide" role="status"><Icon name="warn" /><p><a class="b" href={paths.alerts(`endpoints/${one.id}`)}><Foreign text={one.name} /></a> takes nothing. <Resting of={one} /></p></div>
      ))}
      {dead > 0 && <div class="banner decide" role="status"><Icon name="warn" /><p>{plural(dead, "message")} {dead === 1 ? "was" : "were"} given up after the last try. <a href={`${paths.alerts("deliveries")}?state=dead`}>See which</a></p></div>}
    </>
  );
}
