import { useState } from "preact/hooks";
import type { JSX } from "preact";
import type { Timeline as TimelinePage } from "../contract.ts";
import { count, plural } from "../text.ts";
import { exact, stamp } from "../time.ts";

type TimelineHour = TimelinePage["items"][number];

const layers = ["open", "returned", "replaying", "recovered", "discarded"] as const;
const words: Record<(typeof layers)[number], string> = { open: "open", returned: "returned", replaying: "on their way", recovered: "recovered", discarded: "discarded or purged" };

/** Letters by the hour in which they failed, stacked by what they are now; a bar leads to its letters. */
export function Timeline({ items, href }: { items: TimelineHour[]; href: (from: string, to: string) => string }): JSX.Element {
  const [table, setTable] = useState(false);
  const hours = items.map((hour) => ({ ...hour, replaying: hour.replaying + hour.replayed, discarded: hour.discarded + hour.purged }));
  const sums = hours.map((hour) => layers.reduce((sum, layer) => sum + hour[layer], 0));
  const peak = Math.max(1, ...sums);
  const width = 100 / Math.max(1, hours.length);
  const total = sums.reduce((sum, one) => sum + one, 0);
  const end = (i: number): string => hours[i + 1]?.start ?? new Date(Date.parse(hours[i]?.start ?? "") + 3_600_000).toISOString();
  return (
    <figure class="trend">
      <svg class="chart" role="img" aria-label={`${plural(total, "letter")} in ${plural(hours.length, "hour")}, at most ${count(peak)} in one: ${layers.map((layer) => `${count(hours.reduce((sum, hour) => sum + hour[layer], 0))} ${words[layer]}`).join(", ")}`}>
        <line x1="0" y1="100%" x2="100%" y2="100%" />
        {hours.map((hour, i) => {
          let y = 100;
          return layers.map((layer) => {
            const height = (92 * hour[layer]) / peak;
            y -= height;
            return height > 0 && <rect class={`l-${layer}`} x={`${i * width + width * 0.08}%`} y={`${y}%`} width={`${width * 0.84}%`} height={`${height}%`}><title>{`${exact(hour.start)}: ${count(hour[layer])} ${words[layer]}`}</title></rect>;
          });
        })}
      </svg>
      <figcaption class="line help">
        {hours[0] && <span>Since <time dateTime={hours[0].start}>{stamp(hours[0].start)}</time></span>}
        {layers.map((layer) => <span class={`key l-${layer}`}>{words[layer]}</span>)}
        <button type="button" class="link" aria-expanded={table} onClick={() => setTable(!table)}>{table ? "Hide table" : "Show as table"}</button>
      </figcaption>
      {table && (
        <table class="rows narrow">
          <caption class="vh">Letters of this group by hour</caption>
          <thead><tr><th scope="col">Hour</th>{layers.map((layer) => <th scope="col" class="num">{words[layer]}</th>)}</tr></thead>
          <tbody>
            {hours.map((hour, i) => (sums[i] ?? 0) > 0 && <tr><th scope="row"><a href={href(hour.start, end(i))}><time dateTime={hour.start}>{exact(hour.start)}</time></a></th>{layers.map((layer) => <td class="num">{count(hour[layer])}</td>)}</tr>)}
          </tbody>
        </table>
      )}
    </figure>
  );
}
