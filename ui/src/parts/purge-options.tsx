import type { JSX } from "preact";
import type { Selection } from "../contract.ts";
import { count, plural } from "../text.ts";
import { now, stamp } from "../time.ts";
import { Notice } from "./states.tsx";

export const defaultDelay = "PT1H";
const delays: [iso: string, word: string, ms: number][] = [["PT0S", "at once", 0], ["PT1H", "in an hour", 3_600_000], ["P1D", "in a day", 86_400_000], ["P7D", "in a week", 604_800_000]];

const by = ({ byStatus }: Selection, ...some: string[]): number => byStatus.filter((one) => some.includes(one.status)).reduce((sum, one) => sum + one.letters, 0);
/** Letters of the selection that a purge leaves alone. */
export const spared = (selection: Selection, includeOpen: boolean): number => by(selection, "replaying", "purged", ...(includeOpen ? [] : ["open"]));

/** What is lost, what stays, and until when it can be stopped. */
export function PurgeOptions({ selection, delay, includeOpen, set }: { selection: Selection; delay: string; includeOpen: boolean; set: (change: { delay?: string; includeOpen?: boolean }) => void }): JSX.Element {
  const open = by(selection, "open");
  const left = spared(selection, includeOpen);
  const wait = delays.find(([iso]) => iso === delay)?.[2] ?? 0;
  return (
    <>
      <Notice>
        <span class="block"><span class="b">Gone for good:</span> {lost}</span>
        <span class="block"><span class="b">Kept:</span> {kept}</span>
      </Notice>
      {left > 0 && <p>{count(left)} of them {left === 1 ? "is" : "are"} left alone: {[["open", "open"], ["being replayed", "replaying"], ["purged already", "purged"]].flatMap(([word, status = ""]) => (by(selection, status) > 0 && !(status === "open" && includeOpen) ? [`${count(by(selection, status))} ${word}`] : [])).join(", ")}.</p>}
      {open > 0 && <label class="tick"><input type="checkbox" checked={includeOpen} onChange={() => set({ includeOpen: !includeOpen })} />Purge the {plural(open, "open letter")} too, which nobody has dealt with</label>}
      <label class="field"><span class="help">When</span>
        <select value={delay} onChange={(event) => set({ delay: event.currentTarget.value })}>{delays.map(([iso, word]) => <option value={iso}>{word}</option>)}</select>
      </label>
      <p class="soft">{wait === 0 ? "It begins at once. Nobody can stop it in time, and nobody can bring the bytes back." : `Until ${stamp(new Date(now.value + wait).toISOString())} it can be cancelled and nothing is gone. After that nobody can bring the bytes back.`}</p>
    </>
  );
}

export const lost = "key, value, headers, stack trace, error message, details, drafts, notes and tags.";
export const kept = "where the letter lay, where it came from, its size, SHA-256, exception class, failure group, times, and its history.";
