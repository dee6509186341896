import { useState } from "preact/hooks";
import type { JSX } from "preact";
import type { Problem } from "../api.ts";
import { get, withQuery } from "../api.ts";
import { columns } from "../columns.ts";
import type { DeadLetterPage } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { lazy } from "../lazy.tsx";
import { useLoad } from "../load.ts";
import { narrow, roomy } from "../media.ts";
import { Filter, queryErrorOf } from "../parts/filter.tsx";
import { Frame } from "../parts/frame.tsx";
import { LetterList } from "../parts/letter-list.tsx";
import { ListTools } from "../parts/list-tools.tsx";
import { Views } from "../parts/views.tsx";
import { facetsOn } from "../prefs.ts";
import { parseQuery, saidOf, without } from "../query.ts";
import { paths, setParam, url, withParams } from "../router.ts";
import { count, plural } from "../text.ts";

const finding = () => import("../parts/finding.tsx");
const Facets = lazy(() => finding().then((module) => module.Facets), "part");
const FacetDrawer = lazy(() => finding().then((module) => module.FacetDrawer), "part");
const Histogram = lazy(() => finding().then((module) => module.Histogram), "part");

export function Letters(): JSX.Element {
  const q = url.value.searchParams.get("q") ?? "";
  const cursor = url.value.searchParams.get("cursor");
  const [problem, setProblem] = useState<Problem>();
  const [drawer, setDrawer] = useState(false);
  const beside = roomy.value && facetsOn.value === "on";
  const valid = parseQuery(q).error === undefined && problem === undefined;
  const facets = (): void => {
    if (roomy.value) facetsOn.value = beside ? "off" : "on";
    else setDrawer(true);
  };
  useKeys("List", [{ keys: "f", what: "Facets: the letters by value", run: facets }]);
  return (
    <Frame title="Dead letters">
      <Filter value={q} label="Filter dead letters" server={queryErrorOf(problem, q)} run={(query) => setParam("q", query)}>
        <button type="button" aria-expanded={roomy.value ? beside : drawer} onClick={facets}>Facets <kbd>f</kbd></button>
        <Views target="letters" />
      </Filter>
      <div class={beside ? "finding" : ""}>
        <div class="stack listed">
          {valid && (narrow.value ? <details class="unfold tight"><summary>Over time</summary><Histogram q={q} /></details> : <Histogram q={q} />)}
          <LetterList q={q} cursor={cursor} onProblem={setProblem} columns={columns()} empty={q ? <NoMatch q={q} /> : <NoLetters />} tools={(picked, total) => <ListTools q={q} picked={picked} total={total} />} />
        </div>
        {beside && <aside class="side" aria-label="Facets">{valid && <Facets q={q} />}</aside>}
      </div>
      {drawer && !roomy.value && <FacetDrawer q={q} close={() => setDrawer(false)} />}
    </Frame>
  );
}

/** How many there would be without each term, one request for all and none for the terms. */
function NoMatch({ q }: { q: string }): JSX.Element {
  const { terms } = parseQuery(q);
  const path = withQuery("/dead-letters", { limit: 1, count: "true" });
  const all = useLoad(path, (abort) => get<DeadLetterPage>(path, abort));
  const timed = saidOf(q, "ts").length > 0;
  return (
    <div class="calm">
      <h2>No match</h2>
      <p>No letter matches <code>{q}</code>{timed && ", at that time"}.{all.data?.total && ` Without it there are ${all.data.total.relation === "gte" ? "at least " : ""}${count(all.data.total.value)}.`}</p>
      <ul class="acts tight">
        {terms.map((term) => <li><a class="button" href={withParams({ q: without(q, term) })}>Drop <code>{q.slice(term.start, term.end)}</code></a></li>)}
        {terms.length > 1 && <li><a class="button" href={paths.letters()}>Drop all {plural(terms.length, "term")}</a></li>}
      </ul>
    </div>
  );
}

function NoLetters(): JSX.Element {
  return (
    <div class="calm">
      <h2>No letters yet</h2>
      <p>Redrive has stored nothing so far. What it reads, and how far, is under <a href={paths.topics}>Topics</a>.</p>
    </div>
  );
}
