import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { inUnit, iso, ruled, wrong, type Rule, type Unit } from "../retention.ts";
import { statuses } from "./words.tsx";

/** Edits one rule in place; what is typed counts at once, and nothing is saved here. */
export function RuleForm({ rule, set }: { rule: Rule; set: (rule: Rule) => void }): JSX.Element {
  const [topics, setTopics] = useState(rule.topics.join(" "));
  const [[n, unit], setTime] = useState<[number, Unit]>(() => inUnit(rule.keepFor));
  const time = (next: number, of: Unit): void => {
    setTime([next, of]);
    set({ ...rule, keepFor: iso(Math.max(0, Math.floor(next)), of) });
  };
  const tick = (status: (typeof ruled)[number]): void => {
    const named = rule.statuses.includes(status) ? rule.statuses.filter((one) => one !== status) : [...rule.statuses, status];
    set({ ...rule, statuses: named, purgesOpenLetters: named.includes("open") && rule.purgesOpenLetters });
  };
  const missing = wrong(rule);
  return (
    <div class="stack panel">
      <fieldset class="line" aria-label="Letters that are">
        {ruled.map((status) => <label class="tick"><input type="checkbox" checked={rule.statuses.includes(status)} onChange={() => tick(status)} />{statuses[status].word}</label>)}
      </fieldset>
      {rule.statuses.includes("open") && (
        <label class="tick"><input type="checkbox" checked={rule.purgesOpenLetters} onChange={() => set({ ...rule, purgesOpenLetters: !rule.purgesOpenLetters })} />Nobody has dealt with open letters. Purge them all the same</label>
      )}
      <div class="pair">
        <label class="field"><span class="help">Keep the bytes for</span>
          <span class="keep"><input type="number" min={1} max={36500} value={n} onInput={(event) => time(event.currentTarget.valueAsNumber || 0, unit)} />
            <select aria-label="Unit" value={unit} onChange={(event) => time(n, event.currentTarget.value as Unit)}><option value="hour">hours</option><option value="day">days</option><option value="week">weeks</option></select></span>
        </label>
        <label class="field"><span class="help">Only these topics, with * for anything; all, if left empty</span><input class="mono" spellcheck={false} value={topics} placeholder="orders-* payments-dlt" onInput={(event) => { setTopics(event.currentTarget.value); set({ ...rule, topics: [...new Set(event.currentTarget.value.split(/[\s,]+/).filter(Boolean))] }); }} /></label>
        <label class="field"><span class="help">Only this failure group, by its number</span><input class="mono" inputMode="numeric" value={rule.failureGroupId ?? ""} onInput={(event) => set({ ...rule, failureGroupId: event.currentTarget.value.trim() || null })} /></label>
      </div>
      {missing && <p class="help" role="status">{missing}</p>}
    </div>
  );
}
