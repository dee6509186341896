import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import { get, withQuery, type Problem } from "../api.ts";
import type { FailureGroupPage, Overview as Numbers, TopicPage } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { lazy } from "../lazy.tsx";
import { useLoad } from "../load.ts";
import { Trend } from "../parts/charts.tsx";
import { Filter, queryErrorOf } from "../parts/filter.tsx";
import { Frame } from "../parts/frame.tsx";
import { GroupTable } from "../parts/group-table.tsx";
import { Icon } from "../parts/icon.tsx";
import { Loaded, Notice } from "../parts/states.tsx";
import { Views } from "../parts/views.tsx";
import { Ago, At } from "../parts/words.tsx";
import { narrowed, parseQuery, without } from "../query.ts";
import { paths, setParam, url } from "../router.ts";
import { count, plural } from "../text.ts";
import { now, span } from "../time.ts";

const TopicTable = lazy(() => import("./topics.tsx").then((module) => module.TopicTable), "part");

const FacetDrawer = lazy(() => import("../parts/finding.tsx").then((module) => module.FacetDrawer), "part");

const windows = { PT24H: "24 hours", P3D: "3 days", P7D: "7 days" };
/** Failure groups that are shown at first, and in one answer. */
const [few, most] = [50, 500];
const sorts: Record<string, string> = { "-lastSeen": "Latest first", "-firstSeen": "Newest first", "firstSeen": "Oldest first", "-open": "Most open first", "-letters": "Most letters first", "-rate": "Busiest now first" };

export function Overview(): JSX.Element {
  const params = url.value.searchParams;
  const window = params.get("window") ?? "PT24H";
  const numbers = useLoad(`overview ${window}`, (abort) => get<Numbers>(withQuery("/overview", { window }), abort), ["letters", "replays", "topics"]);
  return (
    <Frame title="Overview">
      <Loaded load={numbers} rows={4}>
        {(data) => (
          <>
            {data.partial.map((missing) => <Notice>{missing}</Notice>)}
            <Figures of={data} />
            {data.counts.letters > 0 && <Trend buckets={data.buckets} what="All topics" />}
            {data.counts.open === 0 && <Calm of={data} />}
          </>
        )}
      </Loaded>
      <Groups window={window} none={numbers.data !== undefined && numbers.data.counts.letters === 0} />
    </Frame>
  );
}

function Figures({ of }: { of: Numbers }): JSX.Element {
  const { counts, ingest } = of;
  const behind = ingest.lag ?? 0;
  return (
    <dl class="figures">
      <div class={counts.open > 0 ? "call alarm" : ""}><dt>Open letters</dt><dd><a href={paths.letters("is:open")}>{count(counts.open)}</a></dd><dd>{of.arrivedLastHour > 0 ? `+${count(of.arrivedLastHour)} in the last hour` : "none in the last hour"}</dd></div>
      <div class={counts.returned > 0 ? "call alarm" : ""}><dt><Icon name="returned" /> Returned</dt><dd><a href={paths.letters("is:returned")}>{count(counts.returned)}</a></dd><dd>came back after a replay</dd></div>
      <div><dt><Icon name="recovered" /> Recovered</dt><dd><a href={paths.letters("is:recovered")}>{count(counts.recovered)}</a></dd><dd>{counts.replaying + counts.replayed > 0 ? `${count(counts.replaying + counts.replayed)} on their way` : "after a replay"}</dd></div>
      <div><dt>Failure groups</dt><dd>{count(of.failureGroups.open)}</dd><dd>open, of {count(of.failureGroups.total)}</dd></div>
      <div><dt>Oldest open</dt><dd>{of.oldestOpenAt ? <a href={paths.letters(`is:open ts:..${after(of.oldestOpenAt)}`)}>{span(now.value - Date.parse(of.oldestOpenAt))}</a> : "—"}</dd><dd>{of.lastFailureAt ? <>last failure <Ago time={of.lastFailureAt} /> ago</> : "no failure seen"}</dd></div>
      <div class={of.gaps > 0 ? "call alarm" : behind > 0 ? "call decide" : ""}>
        <dt>Reading</dt><dd>{ingest.lag === null ? "—" : count(behind)}</dd>
        <dd>{ingest.lag === null ? "lag unknown" : "behind"}{behind > 0 && ingest.behindSince && <> since <At time={ingest.behindSince} /></>}, <a href={paths.topics}>{plural(of.topics, "topic")}</a>, {plural(of.gaps, "gap")}</dd>
      </div>
    </dl>
  );
}

/** The end of a range is not in it. */
const after = (time: string): string => new Date(Date.parse(time) + 1).toISOString();

/** Nothing to do: say why that is believed. */
function Calm({ of }: { of: Numbers }): JSX.Element {
  const topics = useLoad("topics", (abort) => get<TopicPage>("/topics", abort), ["topics"]);
  if (of.topics === 0) return <div class="calm"><h2>Nothing is read yet</h2><p>No dead-letter topic was found. What is looked for, and how another is named, is under <a href={paths.topics}>Topics</a>.</p></div>;
  return (
    <>
      <div class="calm">
        <h2><Icon name="recovered" /> No open letters</h2>
        <p>
          {plural(of.topics, "dead-letter topic")} {of.topics === 1 ? "is" : "are"} read{of.ingest.updatedAt && <>, last moved <Ago time={of.ingest.updatedAt} /> ago</>}, {of.gaps === 0 ? "without gaps" : `with ${plural(of.gaps, "gap")}`}.{" "}
          {of.lastFailureAt ? <>The last failure came <Ago time={of.lastFailureAt} /> ago.</> : "No failure has been seen yet."}
        </p>
        {of.counts.letters > 0 && <p><a href={paths.letters()}>All {count(of.counts.letters)} stored letters</a></p>}
      </div>
      {topics.data && topics.data.items.length > 0 && <section><h2>Being watched</h2><TopicTable topics={topics.data.items} /></section>}
    </>
  );
}

function Groups({ window, none }: { window: string; none: boolean }): JSX.Element {
  const params = url.value.searchParams;
  const q = params.get("q") ?? "";
  const sort = params.get("sort") ?? "-lastSeen";
  const [limit, setLimit] = useState(few);
  useEffect(() => setLimit(few), [q, sort]);
  const all = params.get("all") === "true" || asksForState(q);
  const hidden = "state:snoozed,resolved";
  const [drawer, setDrawer] = useState(false);
  useKeys("List", [{ keys: "f", what: "Facets: the failure groups by value", run: () => setDrawer(true) }]);
  const scope = withQuery("/failure-groups", { q: all ? q : narrowed(q, `-${hidden}`), sort, window, count: "true" });
  const groups = useLoad(scope, async (abort) => ({ ...(await get<FailureGroupPage>(`${scope}&limit=${limit}`, abort)), limit }), ["failure-groups", "letters"]);
  // Those that are shown stay while the others come.
  useEffect(() => {
    if (limit > few) groups.again();
  }, [limit]);
  const aside = useLoad(all ? null : `aside ${q}`, (abort) => get<FailureGroupPage>(withQuery("/failure-groups", { q: narrowed(q, hidden), limit: 1, count: "true" }), abort), ["failure-groups"]);
  const decided = (all ? undefined : aside.data?.total?.value) ?? 0;
  const invalid: Problem | undefined = groups.problem?.code === "query-invalid" ? groups.problem : undefined;
  return (
    <>
      <Filter value={q} label="Filter failure groups" server={queryErrorOf(invalid, q)} run={(query) => setParam("q", query)}>
        <select aria-label="Trend over" value={window} onChange={(event) => setParam("window", event.currentTarget.value)}>
          {Object.entries(windows).map(([value, name]) => <option value={value}>{name}</option>)}
        </select>
        <select aria-label="Sort by" value={sort} onChange={(event) => setParam("sort", event.currentTarget.value)}>
          {Object.entries(sorts).map(([value, name]) => <option value={value}>{name}</option>)}
        </select>
        <button type="button" aria-expanded={drawer} onClick={() => setDrawer(true)}>Facets <kbd>f</kbd></button>
        <Views target="groups" />
      </Filter>
      {drawer && <FacetDrawer q={q} hidden={all ? null : `-${hidden}`} close={() => setDrawer(false)} />}
      <Loaded load={invalid ? { ...groups, problem: undefined } : groups} rows={6}>
        {({ items, page, total, limit: asked }) =>
          items.length === 0 ? (
            q && decided === 0 ? <NoMatch q={q} /> : q ? <Clean /> : !none && <p class="soft">No failure group needs anybody.</p>
          ) : (
            <>
              <GroupTable groups={items} scope={scope} limit={asked} total={total} />
              {page.hasMore && <p class="line help">{limit < most ? <button type="button" disabled={limit > asked} onClick={() => setLimit(Math.min(most, limit * 2))}>Show more</button> : <span>These are the first {count(most)}. A filter or another order shows the others.</span>}</p>}
            </>
          )
        }
      </Loaded>
      {decided > 0 && !invalid && <p class="line help"><span>{plural(decided, "failure group")} snoozed or resolved, not shown.</span><button type="button" class="link" onClick={() => setParam("all", "true")}>Show all</button></p>}
    </>
  );
}

function Clean(): JSX.Element {
  return <div class="calm"><h2><Icon name="recovered" /> A clean board</h2><p>No failure group of this filter needs anybody now.</p></div>;
}

/** Who asks for a state gets it. */
function asksForState(q: string): boolean {
  return /(?:^|[\s(-])(?:state:|is:[\w,]*(?:snoozed|resolved))/i.test(q);
}

function NoMatch({ q }: { q: string }): JSX.Element {
  return (
    <div class="calm">
      <h2>No match</h2>
      <p>No failure group matches <code>{q}</code>.</p>
      <p class="acts tight">
        {parseQuery(q).terms.map((term) => <button type="button" onClick={() => setParam("q", without(q, term))}>Drop <code>{q.slice(term.start, term.end)}</code></button>)}
      </p>
    </div>
  );
}
