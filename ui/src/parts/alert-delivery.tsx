import { useMemo } from "preact/hooks";
import type { JSX } from "preact";
import { ask, get, may } from "../api.ts";
import type { DeliveryDetail } from "../alerting.ts";
import { parse, pretty } from "../json.ts";
import { hint } from "../live.ts";
import { useLoad } from "../load.ts";
import { paths } from "../router.ts";
import { millis } from "../text.ts";
import { say } from "../toast.ts";
import { Answer, DeliveryState } from "./alert-deliveries.tsx";
import { Resting, useAttempt } from "./alert-words.tsx";
import { Dialog } from "./dialog.tsx";
import { Loaded, ProblemBanner } from "./states.tsx";
import { At, Copy, Foreign } from "./words.tsx";

/** One message: what was posted, and what each try came to. */
export function DeliveryDrawer({ id, close }: { id: string; close: () => void }): JSX.Element {
  const path = `/deliveries/${encodeURIComponent(id)}`;
  const load = useLoad(path, (abort) => get<DeliveryDetail>(path, abort), ["deliveries"]);
  return (
    <Dialog title="Message" drawer close={close}>
      <Loaded load={load} rows={4}>{(data) => <Detail of={data} again={load.again} />}</Loaded>
    </Dialog>
  );
}

function Detail({ of, again }: { of: DeliveryDetail; again: () => void }): JSX.Element {
  const { problem, busy, run } = useAttempt();
  const send = (): Promise<void> => run(async () => {
    await ask("POST", `/deliveries/${encodeURIComponent(of.id)}/redeliveries`);
    hint("deliveries");
    again();
    say("It is sent again, with the same webhook-id.");
  });
  return (
    <>
      <p class="b any"><Foreign text={of.title} /></p>
      {problem && <ProblemBanner problem={problem} />}
      <dl class="facts">
        <dt>State</dt><dd><DeliveryState of={of} /></dd>
        <dt>Endpoint</dt><dd><a href={paths.alerts(`endpoints/${of.endpoint.id}`)}><Foreign text={of.endpoint.name} /></a>{of.state === "pending" && of.endpoint.nextTrialAt !== null && <span class="soft block"><Resting of={of.endpoint} /></span>}</dd>
        <dt>Event</dt><dd class="mono"><Foreign text={of.event} /></dd>
        <dt>webhook-id</dt><dd class="mono"><Foreign text={of.id} /></dd>
        {of.failureGroupId !== null && <><dt>About</dt><dd><a href={paths.group(of.failureGroupId)}>failure group {of.failureGroupId}</a></dd></>}
        <dt>Written</dt><dd><At time={of.createdAt} /></dd>
        {of.deliveredAt !== null && <><dt>Delivered</dt><dd><At time={of.deliveredAt} />{of.latencyMillis !== null && <>, answered after {millis(of.latencyMillis)}</>}</dd></>}
        {of.state === "pending" && of.nextAttemptAt !== null && <><dt>Next try</dt><dd><At time={of.nextAttemptAt} /></dd></>}
      </dl>
      {may("operate") && of.state !== "pending" && (
        <p class="acts"><button type="button" data-first disabled={busy} onClick={() => void send()}>Send it again</button><span class="help">Receivers that keep the webhook-id see that they know it already.</span></p>
      )}
      <section><h3>Tries</h3><Tries of={of} /></section>
      <section class="stack"><div class="head"><h3>Body</h3><span class="end"><Copy text={of.body} what="Body" /></span></div><Body text={of.body} /></section>
    </>
  );
}

function Tries({ of }: { of: DeliveryDetail }): JSX.Element {
  if (of.tries.length === 0) return <p class="soft">None yet.</p>;
  return (
    <table class="rows" role="table">
      <caption class="vh">Tries, newest first</caption>
      <thead><tr><th scope="col">Time</th><th scope="col" class="num">Answer</th><th scope="col" class="num">Took</th><th scope="col">Why not</th></tr></thead>
      <tbody>
        {[...of.tries].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).map((one) => (
          <tr><td><At time={one.at} /></td><td class="num"><Answer status={one.status} error={one.error} /></td><td class="num">{one.latencyMillis === null ? "—" : millis(one.latencyMillis)}</td><td class="any">{one.error === null ? "—" : <Foreign text={one.error} />}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

/** Text and nothing else: it holds what letters said. JSON is broken into lines, every token as it was sent. */
function Body({ text }: { text: string }): JSX.Element {
  const shown = useMemo(() => {
    const { tokens } = parse(text);
    return tokens ? pretty(tokens) : text;
  }, [text]);
  return <pre class="code body" tabIndex={0} role="region" aria-label="Body"><Foreign text={shown} /></pre>;
}
