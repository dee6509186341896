import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import { get } from "../api.ts";
import { handedProgram } from "../bulk.ts";
import type { FailureGroup, Timeline as TimelinePage } from "../contract.ts";
import { useLoad } from "../load.ts";
import { BulkDialog } from "../parts/bulk.tsx";
import { Frame } from "../parts/frame.tsx";
import { GroupDesk } from "../parts/group-desk.tsx";
import { GroupHistory } from "../parts/group-history.tsx";
import { GroupParts } from "../parts/group-parts.tsx";
import { Icon } from "../parts/icon.tsx";
import { LetterList } from "../parts/letter-list.tsx";
import { Loaded } from "../parts/states.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { Ago, At, Dotted, Foreign, LookBadge, TopicName, groupStates } from "../parts/words.tsx";
import { go, paths, url, withParams } from "../router.ts";
import { count, shortFrame, simpleName } from "../text.ts";

/** Where an alert's link leads: what fails, since when, and the letters. */
export function Group({ id }: { id: string }): JSX.Element {
  const group = useLoad(`group ${id}`, (abort) => get<FailureGroup>(`/failure-groups/${encodeURIComponent(id)}`, abort), ["failure-groups", "letters"]);
  const cursor = url.value.searchParams.get("cursor");
  const all = url.value.searchParams.get("show") === "all";
  const until = /^\d{1,18}$/.exec(url.value.searchParams.get("until") ?? "")?.[0];
  const then = until === undefined ? "" : ` id:..${until}`;
  const missing = group.problem?.status === 404;
  const [program] = useState(handedProgram.value);
  const [replaying, setReplaying] = useState(program !== undefined);
  useEffect(() => {
    handedProgram.value = undefined;
  }, []);
  const open = group.data?.counts.open ?? 0;
  // It was merged: the answer is the group that it is in.
  const other = group.data && group.data.id !== id ? group.data.id : undefined;
  useEffect(() => {
    if (other) go(`${paths.group(other)}?merged=${id}${until === undefined ? "" : `&until=${until}`}`, "replace");
  }, [other]);
  const merged = url.value.searchParams.get("merged");
  return (
    <Frame lead="Failure group" title={group.data ? simpleName(group.data.title) : id}>
      {merged && <p class="soft" role="status">Failure group {merged.slice(0, 20)} was merged into this one.</p>}
      <Loaded load={group} rows={3}>{(data) => <About group={data} replay={open > 1 ? <button type="button" class="go" onClick={() => setReplaying(true)}>{then ? "Replay all open of then…" : `Replay all ${count(open)} open…`}</button> : null} />}</Loaded>
      {!missing && (
        <section class="stack">
          <div class="head">
            <h2>Letters</h2>
            <span class="switch end">
              <a class="button" href={withParams({ show: null })} {...(all ? {} : { "aria-current": "true" as const })}>Open</a>
              <a class="button" href={withParams({ show: "all" })} {...(all ? { "aria-current": "true" as const } : {})}>All</a>
            </span>
          </div>
          {then && <p class="soft" role="status">As the alert told of it: letters that came later are left out. <a href={withParams({ until: null })}>Show all there are now</a></p>}
          <LetterList q={`group:${id}${all ? "" : " is:open"}${then}`} cursor={cursor} empty={<NoneOpen group={group.data} all={all} />} />
        </section>
      )}
      {replaying && <BulkDialog bulk={{ scope: { q: `group:${id} is:open${then}` }, action: "replay", ...(program === undefined ? {} : { program }) }} close={() => setReplaying(false)} done={() => setReplaying(false)} />}
    </Frame>
  );
}

function About({ group, replay }: { group: FailureGroup; replay: JSX.Element | null }): JSX.Element {
  const look = groupStates[group.state];
  const { counts } = group;
  return (
    <>
      <div class="acts">
        <LookBadge of={look} />
        <span class="soft">first seen <At time={group.firstSeenAt} />, last <Ago time={group.lastSeenAt} /> ago</span>
      </div>
      <div class={`why tight ${look.tone}`}>
        <p>{group.label !== null && <><span class="b"><Foreign text={group.label} /></span> </>}<code class="b"><Dotted name={group.title} /></code>{group.culprit && <> <span class="soft">in</span> <code title={group.culprit}><Foreign text={shortFrame(group.culprit)} /></code></>}</p>
        {group.message && <p class="msg"><Foreign text={group.message} /></p>}
        <p class="soft"><code><TopicName topic={group.topic} origin={group.originTopic} /></code>{group.consumerGroup && <> read by <code>{group.consumerGroup}</code></>}, {group.convention}</p>
      </div>
      <dl class="figures">
        <div class={counts.open > 0 ? "call alarm" : ""}><dt>Open</dt><dd>{count(counts.open)}</dd><dd>of {count(counts.letters)}</dd></div>
        <div class={counts.returned > 0 ? "call alarm" : ""}><dt><Icon name="returned" /> Returned</dt><dd>{count(counts.returned)}</dd><dd>after a replay</dd></div>
        <div><dt><Icon name="recovered" /> Recovered</dt><dd>{count(counts.recovered)}</dd><dd>{count(counts.replaying + counts.replayed)} on their way</dd></div>
        <div><dt>Discarded</dt><dd>{count(counts.discarded)}</dd><dd>can be restored</dd></div>
      </dl>
      <GroupDesk group={group} replay={replay} />
      <GroupParts group={group} />
      <History id={group.id} />
      <GroupHistory id={group.id} />
      <details>
        <summary>Why these letters are one group</summary>
        <dl class="facts tight">
          {group.parts.map((part) => <><dt>{part.name}</dt><dd class="mono"><Foreign text={part.value} /></dd></>)}
          <dt>Fingerprint</dt><dd class="mono any">{group.fingerprint}</dd>
        </dl>
      </details>
    </>
  );
}

function History({ id }: { id: string }): JSX.Element {
  const path = `/failure-groups/${encodeURIComponent(id)}/timeline?window=P3D`;
  const timeline = useLoad(path, (abort) => get<TimelinePage>(path, abort), ["failure-groups", "letters"]);
  return <Loaded load={timeline} rows={2}>{({ items }) => <Timeline items={items} href={(from, to) => paths.letters(`group:${id} ts:${from}..${to}`)} />}</Loaded>;
}

function NoneOpen({ group, all }: { group: FailureGroup | undefined; all: boolean }): JSX.Element {
  return (
    <div class="calm">
      <h2><Icon name="recovered" /> {all ? "No letters here" : "None open"}</h2>
      <p>{group ? <>All {count(group.counts.letters)} letters of this group are dealt with: {count(group.counts.recovered)} recovered, {count(group.counts.returned)} returned, {count(group.counts.discarded)} discarded. {!all && <a href={withParams({ show: "all" })}>Show all</a>}</> : "Nothing is waiting."}</p>
    </div>
  );
}
