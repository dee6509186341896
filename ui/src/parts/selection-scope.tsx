import type { JSX } from "preact";
import type { Selection, Status } from "../contract.ts";
import { capped, count, plural } from "../text.ts";
import { Notice, Bones } from "./states.tsx";
import { At, Foreign, statuses } from "./words.tsx";

const shownTopics = 8;

/** What exactly is in a frozen selection, as of when. */
export function SelectionScope({ selection, failed, on }: { selection: Selection | undefined; failed: boolean; on: Status | undefined }): JSX.Element | null {
  if (!selection) return failed ? null : <Bones rows={2} />;
  const { byTopic, byStatus, count: total } = selection;
  const others = byTopic.slice(shownTopics).reduce((sum, one) => sum + one.letters, 0);
  const fit = byStatus.find((one) => one.status === on)?.letters ?? 0;
  const at = total.relation === "gte" ? "at least " : "";
  return (
    <div class="stack" role="region" aria-label="Selection">
      <p>
        {total.value === 0 ? "No letter fits any more." : <><span class="b">{capped(total)}</span> {total.value === 1 ? "letter" : "letters"}, frozen at <At time={selection.frozenAt} />. Letters that come later are not in it, and whoever changes one of them takes it out.</>}
        {on !== undefined && fit < total.value && ` ${at === "" ? "" : "At least "}${plural(fit, "letter")} of them ${fit === 1 ? "is" : "are"} ${statuses[on].word.toLowerCase()}; the others are left out.`}
      </p>
      {selection.warnings.map((warning) => <Notice>{warning}</Notice>)}
      <div class="pair tight">
        <dl class="facts" aria-label="By status">{byStatus.map((one) => <><dt>{statuses[one.status].word}</dt><dd>{count(one.letters)}</dd></>)}</dl>
        <dl class="facts wide" aria-label="By topic">
          {byTopic.slice(0, shownTopics).map((one) => <><dt class="mono any"><Foreign text={one.topic} /></dt><dd class="num">{count(one.letters)}</dd></>)}
          {others > 0 && <><dt>{plural(byTopic.length - shownTopics, "other topic")}</dt><dd class="num">{count(others)}</dd></>}
        </dl>
      </div>
    </div>
  );
}
