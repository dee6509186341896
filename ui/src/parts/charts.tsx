import { useState } from "preact/hooks";
import type { JSX } from "preact";
import type { Bucket } from "../contract.ts";
import { count, plural } from "../text.ts";
import { exact, stamp } from "../time.ts";

function sentence(buckets: Bucket[]): string {
  const total = buckets.reduce((sum, bucket) => sum + bucket.letters, 0);
  const peak = Math.max(0, ...buckets.map((bucket) => bucket.letters));
  const last = buckets.at(-1)?.letters ?? 0;
  return `${plural(total, "letter")} in ${plural(buckets.length, "hour")}, at most ${count(peak)} in one, ${count(last)} in this one so far`;
}

/** Twenty-four bars; the bar of now is hollow, for it is not complete. */
export function Spark({ buckets, tone }: { buckets: Bucket[]; tone: string }): JSX.Element {
  const shown = buckets.slice(-24);
  const peak = Math.max(1, ...shown.map((bucket) => bucket.letters));
  return (
    <svg class={`spark ${tone}`} viewBox="0 0 96 20" role="img" aria-label={sentence(shown)}>
      <title>{sentence(shown)}</title>
      <line x1="0" y1="20" x2="96" y2="20" />
      {shown.map((bucket, i) => {
        const height = bucket.letters === 0 ? 0 : Math.max(1, (18 * bucket.letters) / peak);
        return height > 0 && <rect class={i === shown.length - 1 ? "now" : ""} x={i * 4 + 0.5} y={20 - height} width="2.5" height={height} />;
      })}
    </svg>
  );
}

export function Trend({ buckets, what }: { buckets: Bucket[]; what: string }): JSX.Element {
  const [table, setTable] = useState(false);
  const peak = Math.max(1, ...buckets.map((bucket) => bucket.letters));
  const width = 100 / Math.max(1, buckets.length);
  const start = buckets[0]?.start;
  return (
    <figure class="trend">
      <svg class="chart" role="img" aria-label={`${what}: ${sentence(buckets)}`}>
        <line x1="0" y1="100%" x2="100%" y2="100%" />
        {buckets.map((bucket, i) => {
          const height = bucket.letters === 0 ? 0 : Math.max(2, (92 * bucket.letters) / peak);
          return (
            height > 0 && (
              <rect class={i === buckets.length - 1 ? "now" : ""} x={`${i * width + width * 0.08}%`} y={`${100 - height}%`} width={`${width * 0.84}%`} height={`${height}%`}>
                <title>{`${exact(bucket.start)}: ${plural(bucket.letters, "letter")}`}</title>
              </rect>
            )
          );
        })}
      </svg>
      <figcaption class="line help">
        {start && <span>Since <time dateTime={start}>{stamp(start)}</time></span>}
        <span>{what}, letters per hour, peak {count(peak)}</span>
        <button type="button" class="link" aria-expanded={table} onClick={() => setTable(!table)}>{table ? "Hide table" : "Show as table"}</button>
      </figcaption>
      {table && (
        <table class="rows narrow">
          <caption class="vh">{what}, letters per hour</caption>
          <thead><tr><th scope="col">Hour</th><th scope="col" class="num">Letters</th></tr></thead>
          <tbody>
            {[...buckets].reverse().filter((bucket) => bucket.letters > 0).map((bucket) => (
              <tr><th scope="row"><time dateTime={bucket.start}>{exact(bucket.start)}</time></th><td class="num">{count(bucket.letters)}</td></tr>
            ))}
          </tbody>
        </table>
      )}
    </figure>
  );
}
