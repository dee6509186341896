import { useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { newKey } from "../actions.ts";
import { asProblem, ask, get, may, type Problem } from "../api.ts";
import type { Job, JobExclusion, JobGroupName, JobGroups } from "../contract.ts";
import { hint } from "../live.ts";
import { useLoad } from "../load.ts";
import { paths } from "../router.ts";
import { capped, plural, simpleName } from "../text.ts";
import { Icon } from "./icon.tsx";
import { Loaded, ProblemBanner } from "./states.tsx";
import { At, Foreign } from "./words.tsx";

type Trouble = JobGroups["items"][number];

const counts: [keyof Trouble & ("returned" | "failed" | "uncertain"), string][] = [["returned", "came back"], ["failed", "failed"], ["uncertain", "uncertain"]];

/** Why a held job does not go well, and the way on without the failure group that is not healed. */
export function JobTroubles({ job }: { job: Job }): JSX.Element | null {
  const held = job.state === "paused" && job.allowedActions.includes("exclude");
  const groups = useLoad(held ? `/jobs/${job.id}/groups ${job.version}` : null, (abort) => get<JobGroups>(`/jobs/${job.id}/groups`, abort));
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  // One key for one intent: a second press leaves nothing more out.
  const key = useRef({ intent: "", key: "" });
  if (!held) return null;
  const exclude = async (failureGroupId: string): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    if (key.current.intent !== failureGroupId) key.current = { intent: failureGroupId, key: newKey() };
    try {
      await ask("POST", `/jobs/${job.id}/exclusions`, { body: { failureGroupId }, headers: { "Idempotency-Key": `"${key.current.key}"` } });
    } catch (error) {
      const found = asProblem(error);
      if (found.status !== 0) key.current = { intent: "", key: "" };
      setProblem(found);
    }
    setBusy(false);
    hint("jobs");
  };
  return (
    <section class="stack">
      <h2>What does not go well</h2>
      {problem && <ProblemBanner problem={problem} />}
      <Loaded load={groups} rows={2}>
        {({ items }) => items.map((trouble) => (
          <div class="why alarm tight acts">
            <p><Icon name="returned" /> {said(trouble)}: <GroupName group={trouble.failureGroup} />{trouble.failureGroup.message && <> <span class="soft"><Foreign text={trouble.failureGroup.message} /></span></>}</p>
            {may("operate") && trouble.held > 0 && <button type="button" disabled={busy} onClick={() => void exclude(trouble.failureGroup.id)}>Leave out {trouble.relation === "gte" ? "its others" : `its other ${plural(trouble.held, "letter")}`} and go on</button>}
          </div>
        ))}
      </Loaded>
    </section>
  );
}

function said(trouble: Trouble): string {
  return counts.filter(([name]) => trouble[name] > 0).map(([name, word]) => `${capped({ value: trouble[name], relation: trouble.relation })} ${word}`).join(", ");
}

function GroupName({ group }: { group: JobGroupName }): JSX.Element {
  return <a class="b" href={paths.group(group.id)} title={group.title}><Foreign text={group.label ?? simpleName(group.title)} /></a>;
}

/** Failure groups that were left out, with who did it. */
export function Excluded({ exclusions }: { exclusions: JobExclusion[] }): JSX.Element | null {
  if (exclusions.length === 0) return null;
  return (
    <>
      <dt>Left out</dt>
      <dd>{exclusions.map(({ failureGroup, letters, complete, excludedBy, excludedAt }) => (
        <span class="block">{plural(letters, "letter")}{!complete && " so far"} of <GroupName group={failureGroup} />, by {excludedBy}, <At time={excludedAt} /></span>
      ))}</dd>
    </>
  );
}
