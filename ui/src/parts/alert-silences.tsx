import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, get, may, withQuery } from "../api.ts";
import type { Items, Silence } from "../alerting.ts";
import { useKeys } from "../keys.ts";
import { hint } from "../live.ts";
import { useEvery, useLoad } from "../load.ts";
import { maker } from "../once.ts";
import { url } from "../router.ts";
import { plural } from "../text.ts";
import { now, span } from "../time.ts";
import { say } from "../toast.ts";
import { Pages } from "./alert-words.tsx";
import { SilenceForm } from "./silence-form.tsx";
import { Loaded } from "./states.tsx";
import { At, Badge, Foreign } from "./words.tsx";

/** What nobody is told of for a time, and what was so before. */
export function Silences(): JSX.Element {
  const cursor = url.value.searchParams.get("cursor");
  const [making, setMaking] = useState(false);
  const path = withQuery("/silences", { limit: 100, cursor });
  const load = useLoad(path, (abort) => get<Items<Silence>>(path, abort), ["alerts"]);
  useEvery(60_000, load.again);
  const write = may("operate");
  useKeys("Silences", making || !write ? [] : [{ keys: "n", what: "Another silence", run: () => setMaking(true) }]);
  const done = (): void => {
    setMaking(false);
    load.again();
  };
  return (
    <>
      <div class="head">
        <p class="soft">A silenced alert goes on and is shown here; only nobody is told. What fires still when the silence ends is told then.</p>
        {write && !making && <span class="end"><button type="button" onClick={() => setMaking(true)}>Silence alerts <kbd>n</kbd></button></span>}
      </div>
      {making && (
        <section class="panel stack" aria-label="Silence alerts" ref={(panel) => { if (panel && !panel.contains(document.activeElement)) panel.querySelector("input")?.focus(); }} onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); setMaking(false); } }}>
          <div class="head"><h2>Silence alerts</h2><button type="button" class="end" onClick={() => setMaking(false)}>Cancel <kbd>Esc</kbd></button></div>
          <SilenceForm done={done} />
        </section>
      )}
      <Loaded load={load} rows={3}>
        {({ items, page }) => {
          const going = items.filter((one) => one.state !== "ended");
          const ended = items.filter((one) => one.state === "ended");
          return (
            <>
              {going.length === 0 && !cursor ? <div class="calm"><h2>Nothing is silenced</h2><p>Every alert is told to its endpoints. Silence what is known before a deploy, or an alert from the list with <kbd>s</kbd>.</p></div> : going.length > 0 && <Table of={going} name="Silences, those that end first on top" again={load.again} />}
              {ended.length > 0 && <section><h2>Ended</h2><Table of={ended} name="Silences that are over" /></section>}
              <Pages next={page?.next ?? null} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function Table({ of, name, again }: { of: Silence[]; name: string; again?: () => void }): JSX.Element {
  const sorted = again ? [...of].sort((a, b) => Date.parse(a.until) - Date.parse(b.until)) : of;
  return (
    <table class="rows fold" role="table">
      <caption class="vh">{name}</caption>
      <thead role="rowgroup">
        <tr role="row"><th scope="col" role="columnheader">Alerts</th><th scope="col" role="columnheader">Reason</th><th scope="col" role="columnheader">By</th><th scope="col" role="columnheader" class="num">From</th><th scope="col" role="columnheader" class="num">Until</th>{again && <><th scope="col" role="columnheader">Now</th><th scope="col" role="columnheader"><span class="vh">Actions</span></th></>}</tr>
      </thead>
      <tbody role="rowgroup">{sorted.map((silence) => <Row key={silence.id} silence={silence} again={again} />)}</tbody>
    </table>
  );
}

function Row({ silence, again }: { silence: Silence; again: (() => void) | undefined }): JSX.Element {
  const end = async (): Promise<void> => {
    try {
      await ask("DELETE", `/silences/${silence.id}`);
      say("Ended. What it silenced is told now.", async () => {
        if (Date.parse(silence.until) <= Date.now()) return say("Its time is over meanwhile.");
        await maker()("/silences", { query: silence.query, until: silence.until, reason: silence.reason });
        hint("alerts");
        say("Silenced again.");
      });
    } catch (error) {
      say(asProblem(error).detail ?? "Nothing was ended.");
    }
    hint("alerts");
    again?.();
  };
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="all any"><code><Foreign text={silence.query} /></code></th>
      <td role="cell" class="any all"><Foreign text={silence.reason} /></td>
      <td role="cell" class="any" data-l="By"><Foreign text={silence.by} /></td>
      <td role="cell" class="num" data-l="From"><At time={silence.from} /></td>
      <td role="cell" class="num" data-l="Until"><At time={silence.until} /></td>
      {again && <td role="cell">{silence.state === "pending" ? <span class="soft">begins in {span(Date.parse(silence.from) - now.value)}</span> : <Badge tone="rest" loud="" icon="snoozed">{silence.matches === 0 ? "matches none" : `matches ${plural(silence.matches, "alert")}`}</Badge>}</td>}
      {again && <td role="cell" class="all">{may("operate") && <button type="button" onClick={() => void end()}>End now<span class="vh"> {silence.query}</span></button>}</td>}
    </tr>
  );
}
