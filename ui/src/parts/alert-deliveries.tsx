import type { JSX } from "preact";
import { get, withQuery } from "../api.ts";
import type { Delivery, Endpoint, Items } from "../alerting.ts";
import { lazy } from "../lazy.tsx";
import { useLoad } from "../load.ts";
import { go, paths, setParam, url } from "../router.ts";
import { millis, plural } from "../text.ts";
import { now, span } from "../time.ts";
import { deliveryStates, Pages } from "./alert-words.tsx";
import { Loaded } from "./states.tsx";
import { At, Badge, Foreign } from "./words.tsx";

const DeliveryDrawer = lazy(() => import("./alert-delivery.tsx").then((module) => module.DeliveryDrawer), "part");

/** What was sent, what waits for its next try, and what was given up. */
export function Deliveries({ id, endpoints }: { id: string; endpoints: Endpoint[] }): JSX.Element {
  const params = url.value.searchParams;
  const [state, endpointId, alertId, cursor] = [params.get("state"), params.get("endpointId"), params.get("alertId"), params.get("cursor")];
  const path = withQuery("/deliveries", { state, endpointId, alertId, limit: 50, cursor });
  const load = useLoad(path, (abort) => get<Items<Delivery>>(path, abort), ["deliveries"]);
  const list = (next: string | null): string => withQuery(paths.alerts("deliveries"), { state: next, endpointId, alertId });
  return (
    <>
      <div class="acts">
        <ul class="facets" aria-label="Which">
          <li><a href={list(null)} {...(state ? {} : { "aria-current": "true" as const })}>All</a></li>
          {(Object.keys(deliveryStates) as Delivery["state"][]).map((one) => <li><a href={list(one)} {...(state === one ? { "aria-current": "true" as const } : {})}>{deliveryStates[one].word}</a></li>)}
        </ul>
        <select class="end narrow" aria-label="Endpoint" value={endpointId ?? ""} onChange={(event) => setParam("endpointId", event.currentTarget.value)}>
          <option value="">Every endpoint</option>{endpoints.map((one) => <option value={one.id}>{one.name}</option>)}
        </select>
      </div>
      <Loaded load={load}>
        {({ items, page }) => (
          <>
            {items.length === 0 ? <None narrowed={!!(state || endpointId || alertId)} /> : <Table deliveries={items} />}
            <Pages next={page?.next ?? null} />
          </>
        )}
      </Loaded>
      {id !== "" && <DeliveryDrawer key={id} id={id} close={() => go(paths.alerts("deliveries") + url.value.search)} />}
    </>
  );
}

function None({ narrowed }: { narrowed: boolean }): JSX.Element {
  return <div class="calm"><h2>{narrowed ? "None of these" : "Nothing was sent yet"}</h2><p>{narrowed ? <a href={paths.alerts("deliveries")}>See all messages</a> : <>Each message to an endpoint stands here, with what it said and what was answered. <a href={paths.alerts("endpoints")}>Send a test</a> to see one.</>}</p></div>;
}

function Table({ deliveries }: { deliveries: Delivery[] }): JSX.Element {
  return (
    <table class="rows fold alerts" role="table">
      <caption class="vh">Messages, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">Time</th><th scope="col" role="columnheader">Message</th><th scope="col" role="columnheader">Endpoint</th><th scope="col" role="columnheader">State</th>
          <th scope="col" role="columnheader" class="num">Tries</th><th scope="col" role="columnheader" class="num">Answer</th><th scope="col" role="columnheader" class="num">Took</th><th scope="col" role="columnheader" class="num">Next try</th>
        </tr>
      </thead>
      <tbody role="rowgroup">{deliveries.map((one) => <Row key={one.id} of={one} />)}</tbody>
    </table>
  );
}

function Row({ of }: { of: Delivery }): JSX.Element {
  return (
    <tr role="row">
      <td role="cell" data-l="Time"><At time={of.createdAt} /></td>
      <th scope="row" role="rowheader" class="all any"><a href={paths.alerts(`deliveries/${encodeURIComponent(of.id)}`) + url.value.search}><Foreign text={of.title} /></a> <code class="soft block"><Foreign text={of.event} /></code></th>
      <td role="cell" class="any" data-l="Endpoint"><a href={paths.alerts(`endpoints/${of.endpoint.id}`)}><Foreign text={of.endpoint.name} /></a></td>
      <td role="cell" class="any"><DeliveryState of={of} /></td>
      <td role="cell" class="num" data-l="Tries">{of.attempts}</td>
      <td role="cell" class="num" data-l="Answer"><Answer status={of.lastStatus} error={of.lastError} /></td>
      <td role="cell" class="num" data-l="Took">{of.latencyMillis === null ? "—" : millis(of.latencyMillis)}</td>
      <td role="cell" class="num" data-l="Next try">{of.nextAttemptAt === null || of.state !== "pending" ? "—" : <>in {span(Math.max(0, Date.parse(of.nextAttemptAt) - now.value))}</>}</td>
    </tr>
  );
}

export function DeliveryState({ of }: { of: Delivery }): JSX.Element {
  const { tone, loud, icon, word } = deliveryStates[of.state];
  return <><Badge tone={tone} loud={loud} icon={icon}>{word}</Badge>{of.suppressedBy && <span class="soft block"><Foreign text={of.suppressedBy} /></span>}{of.state === "pending" && of.endpoint.nextTrialAt !== null && <span class="soft block">its endpoint takes nothing</span>}{of.state === "dead" && <span class="soft block">after {plural(of.attempts, "try", "tries")}</span>}</>;
}

/** The status of HTTP, or why there is none. */
export function Answer({ status, error }: { status: number | null; error: string | null }): JSX.Element {
  if (status !== null) return <span title={error ?? ""}>{status}</span>;
  return error === null ? <>—</> : <span class="soft" title={error}>none</span>;
}
