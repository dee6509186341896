import { useMemo, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, withQuery, type Problem } from "../api.ts";
import { newKey } from "../actions.ts";
import type { Job, Rewind as Plan, Topic } from "../contract.ts";
import { hint } from "../live.ts";
import { go, paths } from "../router.ts";
import { capped, count } from "../text.ts";
import { Dialog } from "./dialog.tsx";
import { ProblemBanner } from "./states.tsx";

const day = 86_400_000;

/** Reads a topic again from a time or an offset on; what would be read is shown first. */
export function Rewind({ topic, close, done }: { topic: Topic; close: () => void; done: () => void }): JSX.Element {
  const [by, setBy] = useState<"time" | "offset">("time");
  const [time, setTime] = useState(() => new Date(Date.now() - day).toISOString().replace(/\.\d+/, ""));
  const [partition, setPartition] = useState(String(topic.partitions[0]?.partition ?? 0));
  const [offset, setOffset] = useState("0");
  const [reason, setReason] = useState("");
  const [plan, setPlan] = useState<Plan>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const from = by === "time" ? { fromTime: time.trim() } : { partition: Number(partition), fromOffset: offset.trim() };
  const changed = <T,>(set: (value: T) => void) => (value: T): void => { set(value); setPlan(undefined); setProblem(undefined); };
  // A second click, or a second try after a lost answer, is the same request.
  const key = useMemo(newKey, [JSON.stringify(from), reason]);
  const send = async (dryRun: boolean): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const path = withQuery(`/topics/${encodeURIComponent(topic.name)}/rewinds`, { cluster: topic.cluster });
      const { data } = await ask<Plan | Job>("POST", path, { body: { ...from, reason: reason.trim() || "dry run", dryRun }, headers: dryRun ? {} : { "Idempotency-Key": `"${key}"` } });
      if ("state" in data) {
        hint("topics", "jobs");
        done();
        close();
        return go(paths.job(data.id));
      }
      setPlan(data);
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return (
    <Dialog title={`Read ${topic.name} again`} close={close}>
      <form class="stack" onSubmit={(event) => { event.preventDefault(); if (!busy && (!plan || reason.trim())) void send(!plan); }}>
        <p class="soft">What is stored stays as it is, and purged letters do not come back. Only what is missing is added. New letters of these partitions come in behind it; who pauses the job lets them go first.</p>
        <label class="field"><span class="help">From</span><select data-first value={by} onChange={(event) => changed(setBy)(event.currentTarget.value as "time" | "offset")}><option value="time">a time, in all partitions</option><option value="offset">an offset of one partition</option></select></label>
        {by === "time"
          ? <label class="field"><span class="help">Written at or after</span><input class="mono" value={time} maxLength={40} onInput={(event) => changed(setTime)(event.currentTarget.value)} /></label>
          : <>
              <label class="field"><span class="help">Partition</span><select value={partition} onChange={(event) => changed(setPartition)(event.currentTarget.value)}>{topic.partitions.map((one) => <option>{one.partition}</option>)}</select></label>
              <label class="field"><span class="help">First offset to read</span><input class="mono" inputMode="numeric" pattern="[0-9]{1,18}" value={offset} onInput={(event) => changed(setOffset)(event.currentTarget.value)} /></label>
            </>}
        {problem && <ProblemBanner problem={problem} />}
        {plan && <ul aria-label="What is read again">{plan.partitions.map((one) => <li>Partition {one.partition}: offsets {one.fromOffset} to {one.toOffset}, {capped(one.known)} of {count(one.records)} are known</li>)}</ul>}
        {plan && <label class="field"><span class="help">Why, for the audit</span><input required maxLength={2000} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>}
        <div class="acts"><button class="go" disabled={busy || (plan !== undefined && !reason.trim())}>{plan ? `Read ${count(plan.records)} again` : "See what is read again"}</button></div>
      </form>
    </Dialog>
  );
}
