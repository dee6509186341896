import type { JSX } from "preact";
import type { DeadLetter, Target } from "../contract.ts";
import { stamp } from "../time.ts";

/** Where the replay goes: the origin, unless somebody says otherwise. */
export function TargetFields({ letter, target, change }: { letter: DeadLetter; target: Target; change: (target: Target) => void }): JSX.Element {
  const { origin } = letter;
  const choices: [Target["partitioning"], string][] = [["key", "By key"], ...(origin.partition === null ? [] : [["original", `Original ${origin.partition}`] as [Target["partitioning"], string]]), ["fixed", "Other"]];
  return (
    <section>
      <h2>Target</h2>
      <div class="pair">
        <label class="field"><span class="help">Topic</span>
          <input class="mono" value={target.topic ?? ""} placeholder={origin.topic ? `${origin.topic} (origin)` : "the origin is unknown, name a topic"} maxLength={249} spellcheck={false} onInput={(event) => change({ ...target, topic: event.currentTarget.value.trim() || null })} />
        </label>
        <fieldset class="field"><legend class="help">Partition</legend>
          <span class="opts">
            {choices.map(([value, name]) => (
              <label class="tick"><input type="radio" name="partitioning" checked={target.partitioning === value} onChange={() => change({ ...target, partitioning: value, partition: value === "fixed" ? (target.partition ?? 0) : null })} />{name}</label>
            ))}
            {target.partitioning === "fixed" && <label class="field"><span class="vh">Partition number</span><input type="number" min={0} value={target.partition ?? 0} onInput={(event) => change({ ...target, partition: Math.max(0, Math.trunc(Number(event.currentTarget.value) || 0)) })} /></label>}
          </span>
        </fieldset>
        {origin.timestamp && (
          <fieldset class="field"><legend class="help">Timestamp</legend>
            <span class="opts">
              {(["now", "original"] as const).map((value) => (
                <label class="tick"><input type="radio" name="timestamp" checked={target.timestamp === value} onChange={() => change({ ...target, timestamp: value })} />{value === "now" ? "Now" : `Original ${stamp(origin.timestamp ?? "")}`}</label>
              ))}
            </span>
          </fieldset>
        )}
      </div>
    </section>
  );
}
