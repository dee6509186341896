import { useState } from "preact/hooks";
import type { JSX } from "preact";
import type { Problem } from "../api.ts";
import { get, withQuery } from "../api.ts";
import type { DeadLetterPage, Status } from "../contract.ts";
import { useLoad } from "../load.ts";
import { narrow } from "../media.ts";
import { Filter, queryErrorOf } from "../parts/filter.tsx";
import { Frame } from "../parts/frame.tsx";
import { LetterList } from "../parts/letter-list.tsx";
import { statuses } from "../parts/words.tsx";
import { has, parseQuery, toggled, without } from "../query.ts";
import { paths, setParam, url } from "../router.ts";
import { count, plural } from "../text.ts";

const offered: Status[] = ["open", "replaying", "replayed", "recovered", "returned", "discarded"];

export function Letters(): JSX.Element {
  const q = url.value.searchParams.get("q") ?? "";
  const cursor = url.value.searchParams.get("cursor");
  const [problem, setProblem] = useState<Problem>();
  const facets = (
    <ul class="facets" aria-label="Status">
      {offered.map((status) => (
        <li>
          <a href={paths.letters(toggled(q, "is", status))} {...(has(q, "is", status) ? { "aria-current": "true" as const } : {})}>{statuses[status].word}</a>
        </li>
      ))}
      <li><a href={paths.letters(toggled(q, "is", "loop"))} {...(has(q, "is", "loop") ? { "aria-current": "true" as const } : {})}>Came back</a></li>
    </ul>
  );
  return (
    <Frame title="Dead letters">
      <Filter value={q} label="Filter dead letters" server={queryErrorOf(problem, q)} shown="" run={(query) => setParam("q", query)} />
      {narrow.value ? <details class="unfold tight" open={offered.some((status) => has(q, "is", status))}><summary>Status</summary>{facets}</details> : <div class="tight">{facets}</div>}
      <LetterList q={q} cursor={cursor} onProblem={setProblem} empty={q ? <NoMatch q={q} /> : <NoLetters />} />
    </Frame>
  );
}

/** How many there would be without each term, one request for all and none for the terms. */
function NoMatch({ q }: { q: string }): JSX.Element {
  const { terms } = parseQuery(q);
  const path = withQuery("/dead-letters", { limit: 1, count: "true" });
  const all = useLoad(path, (abort) => get<DeadLetterPage>(path, abort));
  return (
    <div class="calm">
      <h2>No match</h2>
      <p>No letter matches <code>{q}</code>.{all.data?.total && ` Without it there are ${all.data.total.relation === "gte" ? "at least " : ""}${count(all.data.total.value)}.`}</p>
      <ul class="acts tight">
        {terms.map((term) => <li><a class="button" href={paths.letters(without(q, term))}>Drop <code>{q.slice(term.start, term.end)}</code></a></li>)}
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
