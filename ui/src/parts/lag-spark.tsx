import type { JSX } from "preact";
import { count } from "../text.ts";

/** Sixty minutes in thirty bars, each the larger lag of two minutes; nothing is drawn where nothing was measured. */
export function LagSpark({ history, tone }: { history: (number | null)[]; tone: string }): JSX.Element {
  const known = history.filter((lag): lag is number => lag !== null);
  const peak = Math.max(1, ...known);
  const words = known.length === 0 ? "Not measured in the last hour" : `In the last hour at most ${count(Math.max(...known))} behind, ${count(known.at(-1))} at last`;
  const bars = Array.from({ length: 30 }, (_, i) => Math.max(history[i * 2] ?? 0, history[i * 2 + 1] ?? 0));
  return (
    <svg class={`spark ${tone}`} viewBox="0 0 96 20" role="img" aria-label={words}>
      <title>{words}</title>
      <line x1="0" y1="20" x2="96" y2="20" />
      {bars.map((lag, i) => {
        const height = lag === 0 ? 0 : Math.max(1, (18 * lag) / peak);
        return height > 0 && <rect class={i === bars.length - 1 ? "now" : ""} x={i * 3.2 + 0.3} y={20 - height} width="2.2" height={height} />;
      })}
    </svg>
  );
}
