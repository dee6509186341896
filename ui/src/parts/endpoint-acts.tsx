import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask } from "../api.ts";
import { ifMatch, type Delivery, type Endpoint } from "../alerting.ts";
import { hint } from "../live.ts";
import { go, paths } from "../router.ts";
import { millis, plural } from "../text.ts";
import { say } from "../toast.ts";
import { useAttempt } from "./alert-words.tsx";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { ProblemBanner } from "./states.tsx";
import { Copy, Foreign } from "./words.tsx";

/** Sends one message that says it is a test, and shows what came of it where it was asked for. */
export function SendTest({ of, again }: { of: Endpoint; again: () => void }): JSX.Element {
  const [done, setDone] = useState<Delivery>();
  const { problem, busy, run } = useAttempt();
  const send = (): Promise<void> => run(async () => {
    setDone(undefined);
    // A busy endpoint is waited for, up to 25 s, and then has 10 s to answer.
    setDone((await ask<Delivery>("POST", `/webhooks/${of.id}/tests`, { timeout: 45_000 })).data);
    hint("deliveries");
    again();
  });
  return (
    <span class="line">
      <button type="button" disabled={busy} onClick={() => void send()}>{busy ? "Sending…" : "Send a test"}<span class="vh"> to {of.name}</span></button>
      <span role="status" class="any">{problem ? <span class="found alarm"><Icon name="fail" /> {problem.detail ?? problem.title}</span> : done && <Outcome of={done} />}</span>
    </span>
  );
}

function Outcome({ of }: { of: Delivery }): JSX.Element {
  const more = <a href={paths.alerts(`deliveries/${encodeURIComponent(of.id)}`)}>See it</a>;
  if (of.state === "delivered") return <><span class="found settled"><Icon name="recovered" /> Delivered</span>{of.lastStatus !== null && `, answered ${of.lastStatus}`}{of.latencyMillis !== null && ` after ${millis(of.latencyMillis)}`}. {more}</>;
  return <><span class="found alarm"><Icon name="fail" /> Not delivered</span>: <Foreign text={of.lastError ?? (of.lastStatus === null ? "no answer" : `answered ${of.lastStatus}`)} />. {more}</>;
}

/** The one time a secret is seen. It stays until somebody says that it is kept. */
export function SecretOnce({ secret, done, rotated }: { secret: string; done: () => void; rotated: boolean }): JSX.Element {
  return (
    <section class="panel stack" aria-label="Secret">
      <div class="head"><h2>{rotated ? "The new secret" : "The secret of this webhook"}</h2></div>
      <div class="banner decide" role="alert"><Icon name="warn" /><p><span class="b">It is shown this once.</span> Put it where your receiver finds it; Redrive cannot show it again, only make another.{rotated && " For 24 hours each message is signed with the old one too."}</p></div>
      <p class="acts"><code class="any secret">{secret}</code><Copy text={secret} what="Secret" /></p>
      <p class="help">The receiver checks the header <code>webhook-signature</code> with it, as Standard Webhooks describe; there are libraries for most languages.</p>
      <p><button type="button" class="go" onClick={done}>I have kept it</button></p>
    </section>
  );
}

/** An address that is gone cannot be brought back, so the name is said before. */
export function DeleteEndpoint({ of, close }: { of: Endpoint; close: () => void }): JSX.Element {
  const { problem, busy, run } = useAttempt();
  const remove = (): Promise<void> => run(async () => {
    await ask("DELETE", `/webhooks/${of.id}`, { headers: ifMatch(of) });
    hint("alerts", "deliveries");
    close();
    go(paths.alerts("endpoints"));
    say(`${of.name} is deleted.`);
  });
  return (
    <Dialog title={`Delete ${of.name}`} close={close}>
      {problem && <ProblemBanner problem={problem} />}
      <p>Nothing goes to <span class="b"><Foreign text={of.name} /></span> any more{of.pending > 0 && `, and ${plural(of.pending, "message")} on the way ${of.pending === 1 ? "is" : "are"} given up`}. Its address and secret are gone for good; what was sent stays in the list of messages.</p>
      <p class="acts"><button type="button" data-first onClick={close}>Keep it</button><button type="button" class="bad" disabled={busy} onClick={() => void remove()}>Delete <Foreign text={of.name} /></button></p>
    </Dialog>
  );
}

/** Without the key nothing can be sealed, and an address holds passwords. */
export function KeyMissing({ detail }: { detail: string | undefined }): JSX.Element {
  const line = "export REDRIVE_SECRETS_KEY=$(openssl rand -base64 32)";
  return (
    <div class="banner decide" role="alert">
      <Icon name="warn" />
      <p><span class="b">Nothing can be sealed yet.</span> An address may hold a password, so it is stored encrypted only, and Redrive was started without the key for that. {detail}
        <span class="block">Make one, keep it where the other secrets of Redrive are, and start every Redrive with the same:</span><code class="block any">{line}</code></p>
      <Copy text={line} what="Command" />
    </div>
  );
}
