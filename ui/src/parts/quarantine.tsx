import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, type Problem } from "../api.ts";
import { newKey } from "../actions.ts";
import type { Quarantine as Plan, QuarantineRequest } from "../contract.ts";
import { useLoad } from "../load.ts";
import { paths } from "../router.ts";
import { plural, size } from "../text.ts";
import { say } from "../toast.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { Loaded, ProblemBanner } from "./states.tsx";
import { Foreign } from "./words.tsx";

type Place = Pick<QuarantineRequest, "topic" | "partition" | "offset"> & { group: string; cluster: string };

/** Says exactly what would happen, asks why, and does it; while the group runs nothing can be done and it says so. */
export function Quarantine({ place, close, done }: { place: Place; close: () => void; done: () => void }): JSX.Element {
  const { group, ...record } = place;
  const path = `/consumer-groups/${encodeURIComponent(group)}/quarantines`;
  const plan = useLoad(`quarantine ${path} ${JSON.stringify(record)}`, async (abort) => (await ask<Plan>("POST", path, { body: { ...record, reason: "dry run", dryRun: true }, signal: abort })).data);
  return (
    <Dialog title={`Take ${place.topic} ${place.partition}:${place.offset} out of the way`} close={close}>
      <Loaded load={plan} rows={4}>{(data) => <Asked plan={data} path={path} body={record} busy={plan.busy} again={plan.again} close={close} done={done} />}</Loaded>
    </Dialog>
  );
}

function Asked({ plan, path, body, busy, again, close, done }: { plan: Plan; path: string; body: object; busy: boolean; again: () => void; close: () => void; done: () => void }): JSX.Element {
  const [reason, setReason] = useState("");
  const [sending, setSending] = useState(false);
  const [failed, setFailed] = useState<Problem>();
  const field = useRef<HTMLInputElement>(null);
  // It comes after the dialog has looked for what is to have the focus.
  useEffect(() => field.current?.focus(), []);
  // A second click, or a second try after a lost answer, is the same request.
  const key = useMemo(newKey, [reason]);
  const free = plan.obstacles.length === 0;
  const copied = plan.deadLetterOffset !== null;
  const start = async (): Promise<void> => {
    setSending(true);
    setFailed(undefined);
    try {
      const { data } = await ask<Plan>("POST", path, { body: { ...body, reason: reason.trim() }, headers: { "Idempotency-Key": `"${key}"` }, timeout: 60_000 });
      say(`${data.group} reads on at offset ${data.movesTo} once it is started.`, undefined, { word: "The letter", href: paths.letters(`topic:${data.deadLetterTopic}`) });
      done();
      close();
    } catch (error) {
      setFailed(asProblem(error));
      setSending(false);
      again();
    }
  };
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); if (free && reason.trim() && !sending) void start(); }}>
      <ol class="stack tight-rows" aria-label="What happens">
        <li>{copied ? <>The record is already in <Name of={plan.deadLetterTopic} /> {plan.deadLetterPartition}:{plan.deadLetterOffset} and is not copied again.</> : plan.deadLetterTopic ? <>The record{plan.record && `, ${bytes(plan.record)},`} is copied byte for byte to <Name of={plan.deadLetterTopic} />, partition {plan.deadLetterPartition}.</> : "The record is copied to its dead-letter topic."}</li>
        {plan.headers.length > 0 && <li>The copy says where it lay: <span class="block">{plan.headers.filter((header) => !header.name.endsWith("reason")).map((header) => <code class="any block"><Foreign text={`${header.name}: ${header.value}`} /></code>)}</span></li>}
        <li>The committed offset of <Name of={plan.group} /> moves from {plan.committed ?? "nothing"} to {plan.movesTo}.</li>
        <li>Redrive stores the copy as a letter like any other. It can be edited and replayed.</li>
      </ol>
      {plan.obstacles.map((obstacle) => <p class="found alarm"><Icon name="fail" /> <Foreign text={obstacle.detail} /></p>)}
      {failed && <ProblemBanner problem={failed} />}
      <label class="field"><span class="help">Why, for the audit and as a header of the copy</span><input ref={field} required maxLength={2000} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
      <div class="acts">
        <button class="go" disabled={!free || !reason.trim() || sending}>{sending ? "Working…" : copied ? "Move the offset" : "Copy and move the offset"}</button>
        <button type="button" disabled={busy || sending} onClick={again}>Look again</button>
        <span class="soft" role="status">{busy ? "Looking…" : !free ? `${plan.members > 0 ? `${plural(plan.members, "member")} running.` : "Not possible now."} Nothing is changed.` : reason.trim() ? "Nothing speaks against it." : "A reason is needed."}</span>
      </div>
    </form>
  );
}

const Name = ({ of }: { of: string | null }): JSX.Element => <span class="mono any"><Foreign text={of ?? ""} /></span>;

function bytes(record: NonNullable<Plan["record"]>): string {
  return record.hidden ? "whose bytes you may not see" : size((record.key?.size ?? 0) + (record.value?.size ?? 0));
}
