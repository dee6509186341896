import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { newKey } from "../actions.ts";
import { ask, asProblem, get, may, type Problem } from "../api.ts";
import type { Lane, LanePage } from "../contract.ts";
import { useEvery, useLoad } from "../load.ts";
import { Dialog } from "../parts/dialog.tsx";
import type { IconName } from "../parts/icon.tsx";
import { Frame } from "../parts/frame.tsx";
import { SettingsNav } from "../parts/settings-nav.tsx";
import { Loaded, ProblemBanner } from "../parts/states.tsx";
import { At, Badge, Foreign, type Tone } from "../parts/words.tsx";
import { paths } from "../router.ts";
import { count } from "../text.ts";
import { say } from "../toast.ts";

const states: Record<Lane["health"], [word: string, tone: Tone, icon: IconName]> = {
  starting: ["Starting", "moving", "replaying"],
  serving: ["Serving", "settled", "recovered"],
  retrying: ["Trying again", "decide", "replaying"],
  hold: ["On hold", "alarm", "fail"],
};
const modes = { strict: "strict: each is sent once", "best-effort": "best effort: an old broker may commit twice", fallback: "fallback: no transactions, the target is searched" };

/** Who sends replays, how surely, and what waits for a person. */
export function Lanes(): JSX.Element {
  const load = useLoad("lanes", (abort) => get<LanePage>("/lanes", abort), ["replays"], undefined, 2000);
  const [held, setHeld] = useState<Lane>();
  useEvery(10_000, load.again);
  return (
    <Frame lead="Settings" title="Lanes">
      <SettingsNav here="lanes" />
      <p class="soft">A lane sends replays to a cluster, one batch after the other. A key of a topic always takes the same lane, which keeps its order.</p>
      <Loaded load={load} rows={4}>{({ items }) => (items.length === 0 ? <div class="calm"><h2>No lanes yet</h2><p>They come with the first cluster that Redrive reaches.</p></div> : <Table lanes={items} reset={setHeld} />)}</Loaded>
      {held && <Reset lane={held} close={() => setHeld(undefined)} done={load.again} />}
    </Frame>
  );
}

function Table({ lanes, reset }: { lanes: Lane[]; reset: (lane: Lane) => void }): JSX.Element {
  return (
    <table class="rows fold" role="table">
      <caption class="vh">Lanes by cluster</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">Lane</th><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">Owner</th><th scope="col" role="columnheader">Proof</th>
          <th scope="col" role="columnheader" class="num">Waiting</th><th scope="col" role="columnheader" class="num">Sending</th><th scope="col" role="columnheader" class="num">Since</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {lanes.map((lane) => {
          const [word, tone, icon] = states[lane.health];
          return (
            <tr role="row">
              <th scope="row" role="rowheader" class="nb"><Foreign text={lane.cluster} /> {lane.lane}</th>
              <td role="cell" class="all">
                <Badge tone={tone} loud={lane.health === "hold" ? "ring" : ""} icon={icon}>{word}</Badge>
                {lane.detail !== null && <p class="any"><Foreign text={lane.detail} /></p>}
                {lane.health === "hold" && may("admin") && <button type="button" aria-label={`Reset lane ${lane.lane} of ${lane.cluster}`} onClick={() => reset(lane)}>Reset…</button>}
              </td>
              <td role="cell" class="nb" data-l="Owner">{lane.owned ? "a process" : "nobody"}</td>
              <td role="cell" class="any" data-l="Proof">{lane.mode === null ? "not known yet" : modes[lane.mode]}</td>
              <td role="cell" class="num" data-l="Waiting">{count(lane.queued)}</td>
              <td role="cell" class="num" data-l="Sending">{count(lane.sending)}</td>
              <td role="cell" class="num" data-l="Since"><At time={lane.since} /></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Says what is lost with the receipts before it asks why. */
function Reset({ lane, close, done }: { lane: Lane; close: () => void; done: () => void }): JSX.Element {
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => `"${newKey()}"`);
  const reset = async (): Promise<void> => {
    setBusy(true);
    try {
      await ask("POST", `/lanes/${lane.lane}/resets?${new URLSearchParams({ cluster: lane.cluster })}`, { body: { reason: reason.trim() }, headers: { "Idempotency-Key": key } });
      say(`Lane ${lane.lane} of ${lane.cluster} goes on.`);
      done();
      close();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Reset lane ${lane.lane} of ${lane.cluster}`} close={close}>
      {problem && <ProblemBanner problem={problem} />}
      <p><Foreign text={lane.detail ?? "It is on hold."} /></p>
      <p>Its receipts cannot prove any more what was sent. After a reset it begins with those that are there now and sends what waits ({count(lane.queued)}). What was in doubt stays <a href={paths.letters("is:replaying")}>uncertain</a> until somebody decides each one.</p>
      <label class="field"><span class="help">Why, for the audit</span><input data-first maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
      <div class="acts">
        <button type="button" onClick={close}>Leave it on hold</button>
        <button type="button" class="bad end" disabled={busy || reason.trim() === ""} onClick={() => void reset()}>Reset the lane</button>
      </div>
    </Dialog>
  );
}
