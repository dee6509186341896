import { useEffect, useMemo, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, may, type Problem } from "../api.ts";
import { endpointEdit, ifMatch, type Endpoint, type EndpointEdit } from "../alerting.ts";
import { kinds, wrong } from "../endpoint-kinds.ts";
import { hint } from "../live.ts";
import { useLoad } from "../load.ts";
import { maker } from "../once.ts";
import { go, paths } from "../router.ts";
import { plural } from "../text.ts";
import { say } from "../toast.ts";
import { EndpointState } from "./alert-endpoints.tsx";
import { Resting, saidOf, useAttempt } from "./alert-words.tsx";
import { DeleteEndpoint, KeyMissing, SecretOnce, SendTest } from "./endpoint-acts.tsx";
import { EndpointFields } from "./endpoint-fields.tsx";
import { Icon } from "./icon.tsx";
import { Loaded, ProblemBanner } from "./states.tsx";
import { Ago, Foreign } from "./words.tsx";

const fresh: EndpointEdit = { name: "", kind: "webhook", address: "", allowsPayload: false, enabled: true, ownerEndpointId: null };
type Secret = { text: string; rotated: boolean };

/** @param id of the endpoint, or `new` */
export function EndpointEditor({ id, endpoints, again }: { id: string; endpoints: Endpoint[]; again: () => void }): JSX.Element {
  const path = `/webhooks/${encodeURIComponent(id)}`;
  const load = useLoad(id === "new" ? null : path, async (abort) => (await ask<Endpoint>("GET", path, { signal: abort })).data, ["deliveries"]);
  const [made, setMade] = useState<{ id: string; secret: string }>();
  const renew = (): void => {
    load.again();
    again();
  };
  return (
    <>
      <p><a href={paths.alerts("endpoints")}>All endpoints</a></p>
      {made ? <SecretOnce secret={made.secret} rotated={false} done={() => go(paths.alerts(`endpoints/${made.id}`), "replace")} />
        : id === "new" ? <Form endpoints={endpoints} again={again} made={setMade} />
        : <Loaded load={load} rows={4}>{(saved) => <One saved={saved} endpoints={endpoints} again={renew} />}</Loaded>}
    </>
  );
}

function One({ saved, endpoints, again }: { saved: Endpoint; endpoints: Endpoint[]; again: () => void }): JSX.Element {
  const [secret, setSecret] = useState<Secret>();
  const [deleting, setDeleting] = useState(false);
  const { problem, busy, run } = useAttempt();
  const write = may("admin");
  const rotate = (): Promise<void> => run(async () => setSecret({ text: (await ask<{ secret: string }>("POST", `/webhooks/${saved.id}/secret-rotations`)).data.secret, rotated: true }));
  const enable = (): Promise<void> => run(async () => {
    await ask("POST", `/webhooks/${saved.id}/activations`);
    hint("alerts", "deliveries");
    again();
    say(`${saved.name} is active again.`);
  });
  if (secret) return <SecretOnce secret={secret.text} rotated={secret.rotated} done={() => setSecret(undefined)} />;
  return (
    <>
      <div class="head"><h2><Foreign text={saved.name} /> <span class="soft">{kinds[saved.kind].word}</span></h2><span class="line"><EndpointState of={saved} />{saved.lastDeliveredAt && <span class="soft">delivered last <Ago time={saved.lastDeliveredAt} /> ago</span>} <a href={`${paths.alerts("deliveries")}?endpointId=${saved.id}`}>Its messages</a></span></div>
      {problem && <ProblemBanner problem={problem} {...(problem.status === 412 ? { again } : {})} />}
      {saved.state === "disabled" && <div class="banner decide" role="status"><Icon name="warn" /><p><span class="b">Switched off.</span> {saved.disabledReason !== null && <Foreign text={saved.disabledReason} />}<span class="block">Nothing is sent to it until it is active again.{saved.dead > 0 && <> <a href={`${paths.alerts("deliveries")}?endpointId=${saved.id}&state=dead`}>{plural(saved.dead, "message")} {saved.dead === 1 ? "was" : "were"} given up</a>, and can be sent again then.</>}</span></p>{write && <button type="button" disabled={busy} onClick={() => void enable()}>Switch on again</button>}</div>}
      {saved.state === "active" && saved.nextTrialAt !== null && <div class="banner decide" role="status"><Icon name="warn" /><p><span class="b">It takes nothing.</span> <Resting of={saved} />{saved.lastError !== null && <span class="block">Last error: <Foreign text={saved.lastError} /></span>}<span class="block">A test is sent at once, and when it arrives everything that waits follows.</span></p></div>}
      {saved.fromSettings ? <FromSettings of={saved} /> : <Form saved={saved} endpoints={endpoints} again={again} />}
      {write && (
        <section class="stack">
          <h3>Try and maintain</h3>
          <p class="acts"><SendTest of={saved} again={again} /></p>
          {!saved.fromSettings && <p class="acts">{saved.kind === "webhook" && <><button type="button" disabled={busy} onClick={() => void rotate()}>Make a new secret</button><span class="help">The old one is valid for 24 hours more.</span></>}<button type="button" class="bad end" onClick={() => setDeleting(true)}>Delete…</button></p>}
        </section>
      )}
      {deleting && <DeleteEndpoint of={saved} close={() => setDeleting(false)} />}
    </>
  );
}

function FromSettings({ of }: { of: Endpoint }): JSX.Element {
  return (
    <dl class="facts">
      <dt>Address</dt><dd class="mono any"><Foreign text={of.addressHint ?? "not set"} /></dd>
      <dt>Changed by</dt><dd><code>REDRIVE_WEBHOOK_URL</code> and <code>REDRIVE_WEBHOOK_SECRET</code>, with which Redrive was started; not here.</dd>
    </dl>
  );
}

function Form({ saved, endpoints, again, made }: { saved?: Endpoint; endpoints: Endpoint[]; again: () => void; made?: (made: { id: string; secret: string }) => void }): JSX.Element {
  const [from, setFrom] = useState(saved);
  const before = from ? endpointEdit(from) : fresh;
  const [edit, setEdit] = useState<EndpointEdit>(before);
  const { problem, busy, run } = useAttempt();
  const changed = JSON.stringify(edit) !== JSON.stringify(before);
  const elsewhere = saved !== undefined && from !== undefined && saved.version > from.version;
  const take = (theirs: Endpoint): void => {
    setFrom(theirs);
    setEdit(endpointEdit(theirs));
  };
  // Somebody else saved: nothing of ours is lost by showing it.
  useEffect(() => {
    if (elsewhere && !changed) take(saved);
  }, [saved?.version]);
  const make = useMemo(maker, []);
  const missing = wrong(edit, saved !== undefined);
  const write = (): EndpointEdit => {
    const { address, ...rest } = { ...edit, name: edit.name.trim() };
    return address?.trim() ? { ...rest, address: address.trim() } : rest;
  };
  const save = (match: Endpoint | undefined): Promise<void> => run(async () => {
    if (match) {
      take((await ask<Endpoint>("PUT", `/webhooks/${match.id}`, { body: write(), headers: ifMatch(match) }).catch((error: unknown) => {
        // What somebody else wrote meanwhile is offered.
        if (asProblem(error).status === 412) again();
        throw error;
      })).data);
      say(`${edit.name} saved.`);
    } else {
      const data = await make<Endpoint & { secret?: string }>("/webhooks", write());
      say(`${data.name} is there. Send it a test.`);
      if (data.secret) made?.({ id: data.id, secret: data.secret });
      else go(paths.alerts(`endpoints/${data.id}`), "replace");
    }
    hint("alerts");
    again();
  });
  return (
    <form class="stack" aria-label="Endpoint" onSubmit={(event) => { event.preventDefault(); if (!busy && missing === null) void save(from); }}>
      {!saved && <h2>New endpoint</h2>}
      {problem?.code === "secrets-key-missing" ? <KeyMissing detail={problem.detail} /> : problem && addressSaid(problem) === undefined && !(problem.status === 412 && elsewhere) && <ProblemBanner problem={problem} {...(problem.status === 412 ? { again } : {})} />}
      {elsewhere && changed && <div class="banner decide" role="status"><Icon name="warn" /><p>Somebody else changed this endpoint meanwhile.</p><button type="button" onClick={() => take(saved)}>Show theirs, drop mine</button><button type="button" onClick={() => void save(saved)}>Save mine over it</button></div>}
      <fieldset class="stack" disabled={!may("admin")}><EndpointFields edit={edit} set={setEdit} endpoints={endpoints.filter((one) => one.id !== saved?.id && one.kind !== "heartbeat")} {...(saved ? { hint: saved.addressHint ?? "" } : {})} refused={problem && addressSaid(problem)} /></fieldset>
      {may("admin") && (changed || !saved) && (
        <div class="acts dock" role="group" aria-label="Changes">
          <button class="go" disabled={busy || missing !== null}>{saved ? "Save" : "Add the endpoint"}</button>
          {saved && <button type="button" onClick={() => setEdit(before)}>Undo changes</button>}
          <span class="say" role="status">{missing}</span>
        </div>
      )}
    </form>
  );
}

/** What was refused is the address: a private one, a kind of address that does not fit, or a name that is not found. */
function addressSaid(problem: Problem): string | undefined {
  return saidOf(problem, "/address") ?? (problem.code.includes("address") ? (problem.detail ?? problem.title) : undefined);
}
