import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import { actionsOn } from "../actions.ts";
import { get } from "../api.ts";
import type { DeadLetter, FailureGroup, History, Lineage, ReplayPage } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { latestList, lettersRead, neighbours } from "../lists.ts";
import { useLoad } from "../load.ts";
import { Fate, useWatch } from "../parts/fate.tsx";
import { Frame } from "../parts/frame.tsx";
import { Icon } from "../parts/icon.tsx";
import { LetterDesk } from "../parts/letter-desk.tsx";
import { Noted } from "../parts/letter-row.tsx";
import { stationsOf } from "../parts/lineage.tsx";
import { NoteList } from "../parts/notes.tsx";
import { Loaded } from "../parts/states.tsx";
import { RetryChoice } from "../parts/retry-topics.tsx";
import { DryRun, SendBar } from "../parts/send.tsx";
import { Track } from "../parts/track.tsx";
import { Ago, At, Badge, Dotted, Foreign, LookBadge, lookOf, placeOf } from "../parts/words.tsx";
import { go, paths, setParam, url } from "../router.ts";
import { useSending } from "../sending.ts";
import { plural } from "../text.ts";
import { culprit } from "../trace.ts";
import { LetterBody } from "./letter-body.tsx";

export function Letter({ id }: { id: string }): JSX.Element {
  const path = `/dead-letters/${encodeURIComponent(id)}`;
  const letter = useLoad(`letter ${id}`, (abort) => get<DeadLetter>(path, abort), ["letters", "replays"], id);
  const replays = useLoad(`replays ${id}`, (abort) => get<ReplayPage>(`${path}/replays`, abort), ["replays"]);
  const history = useLoad(`history ${id}`, (abort) => get<History>(`${path}/history`, abort), ["letters", "replays"], id);
  const lineage = useLoad(`lineage ${id}`, (abort) => get<Lineage>(`${path}/lineage`, abort), ["replays"]);
  const again = (): void => {
    for (const one of [letter, replays, history, lineage]) one.again();
  };
  const latest = replays.data?.items[0];
  useWatch(latest, again);
  const asking = url.value.searchParams.get("replay") === "1";
  const panel = asking && letter.data !== undefined && actionsOn(letter.data).has("replay");
  const ask = (on: boolean): void => setParam("replay", on ? "1" : null, "replace");

  return (
    <Frame lead="Dead letter" title={letter.data ? placeOf(letter.data.position) : id}>
      {(letter.problem?.status === 403 || letter.problem?.status === 404) && <p class="soft">{letter.problem.status === 403 && "To read a letter needs the permission payload:read. "}<a href={latestList.value.href}>Back to the list</a></p>}
      <Loaded load={letter} rows={8}>
        {(data) => (
          <>
            <Head letter={data} />
            <Why letter={data} />
            <Track label="Lineage" stations={stationsOf(data, lineage.data?.items ?? [], replays.data?.items ?? [])} />
            {data.notes > 0 && <NoteList letter={data} />}
            {latest && <Fate replay={latest} />}
            {panel && <ReplayPanel letter={data} close={() => ask(false)} done={() => { ask(false); again(); }} />}
            <LetterBody letter={data} history={history} />
            {!panel && <LetterDesk letter={data} ask={() => ask(true)} />}
          </>
        )}
      </Loaded>
    </Frame>
  );
}

function Head({ letter }: { letter: DeadLetter }): JSX.Element {
  const { previous, next, at, of, more } = neighbours(letter.id);
  const look = lookOf(letter);
  // Before Escape is listened to: a hand that is fast comes back to its place too.
  useLayoutEffect(() => {
    lettersRead.latest = letter.id;
  }, [letter.id]);
  useKeys("Letter", [
    { keys: "[", what: "Previous letter of the list", run: () => previous && go(paths.letter(previous)) },
    { keys: "]", what: "Next letter of the list", run: () => next && go(paths.letter(next)) },
    { keys: "Escape", what: "Back to the list", run: () => go(latestList.value.href) },
  ]);
  return (
    <div class="acts">
      {at > 0 && (
        <nav class="line" aria-label="List">
          {previous ? <a href={paths.letter(previous)} aria-label="Previous letter"><Icon name="prev" /></a> : <span class="off"><Icon name="prev" /></span>}
          <a href={latestList.value.href} title="Back to the list (Esc)">{at} of {of}{more && "+"}<span class="vh">, back to the list</span></a>
          {next ? <a href={paths.letter(next)} aria-label="Next letter"><Icon name="next" /></a> : <span class="off"><Icon name="next" /></span>}
          <span class="help opt"><kbd>[</kbd> <kbd>]</kbd></span>
        </nav>
      )}
      <LookBadge of={look} />{" "}
      {letter.draft && <a class="plain" href={paths.edit(letter.id)}><Badge tone="drafted" loud="ring" icon="draft">Draft</Badge></a>}
      {letter.lineage.returns > 0 && <span class="soft">{letter.status === "open" ? "" : "came back "}{letter.lineage.returns === 1 ? "once" : `${letter.lineage.returns} times`}</span>}
      <Noted letter={letter} />
      <span class="end help">Failed <At time={letter.failedAt} />, <Ago time={letter.failedAt} /> ago</span>
    </div>
  );
}

function Why({ letter }: { letter: DeadLetter }): JSX.Element {
  const { exceptionClass, causeClass, message, stackTrace, attempts } = letter.failure;
  const group = useLoad(`group ${letter.failureGroupId}`, (abort) => get<FailureGroup>(`/failure-groups/${letter.failureGroupId}`, abort), ["failure-groups"]);
  const name = causeClass ?? exceptionClass;
  const where = stackTrace === null ? null : culprit(stackTrace.slice(0, 200_000));
  return (
    <div class="why alarm tight">
      <p>
        {name ? <code class="b"><Dotted name={name} /></code> : <span class="b">No exception in the headers</span>}
        {where && <> <span class="soft">in</span> <code><Foreign text={where} /></code></>}
        {attempts !== null && <span class="soft"> after {plural(attempts, "attempt")}</span>}
      </p>
      {message && <p class="msg"><Foreign text={message.slice(0, 1000)} /></p>}
      <p><a href={paths.group(letter.failureGroupId)}>Failure group {letter.failureGroupId}{group.data && `, ${plural(group.data.counts.open, "open letter")}`}</a>{group.data && <span class="soft">, {group.data.state} since <At time={group.data.firstSeenAt} /></span>}</p>
    </div>
  );
}

function ReplayPanel({ letter, close, done }: { letter: DeadLetter; close: () => void; done: () => void }): JSX.Element {
  const [topic, setTopic] = useState<string | null>(null);
  const target = topic === null ? {} : { target: { topic } };
  const intent = letter.draft ? { source: "draft" as const, draftVersion: letter.draft.version, ...target } : { source: letter.payload === "absent" ? ("origin-record" as const) : ("original" as const), ...target };
  const sending = useSending(letter.id, intent, done);
  useKeys("Replay", [{ keys: "Escape", what: "Close the panel, nothing is sent", run: close }]);
  useEffect(() => document.getElementById("replay")?.scrollIntoView({ block: "nearest" }), []);
  return (
    <>
      <section id="replay" class="panel stack" aria-label="Replay">
        {letter.draft && <p><Badge tone="drafted" loud="ring" icon="draft">Draft</Badge> Your draft v{letter.draft.version} is sent, not the letter as it came. <a href={`${paths.edit(letter.id)}?pane=review`}>See the changes</a></p>}
        {sending.check && <RetryChoice topics={sending.check.retryTopics} chosen={topic} choose={setTopic} />}
        <DryRun sending={sending} consumerGroup={letter.origin.consumerGroup} />
      </section>
      <SendBar sending={sending} what="Replay 1 letter" focus>
        <button type="button" onClick={close}>Not now <kbd>Esc</kbd></button>
      </SendBar>
    </>
  );
}
