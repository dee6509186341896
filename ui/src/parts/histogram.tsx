import type { JSX, TargetedPointerEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, withQuery } from "../api.ts";
import type { Histogram as Found } from "../contract.ts";
import { useLoad } from "../load.ts";
import { freeOf, narrowed, spanOf } from "../query.ts";
import { go, url, withParams } from "../router.ts";
import { capped, count, plural } from "../text.ts";
import { exact, fromField, now, stamp, toField } from "../time.ts";
import { Bones, ProblemBanner } from "./states.tsx";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const steps: [ms: number, iso: string, word: string][] = [
  [minute, "PT1M", "minute"], [5 * minute, "PT5M", "5 minutes"], [15 * minute, "PT15M", "15 minutes"], [hour, "PT1H", "hour"], [3 * hour, "PT3H", "3 hours"],
  [6 * hour, "PT6H", "6 hours"], [12 * hour, "PT12H", "12 hours"], [day, "P1D", "day"], [7 * day, "P7D", "7 days"], [30 * day, "P30D", "30 days"],
];
const windows: [value: string, ms: number, word: string][] = [["PT24H", day, "24 hours"], ["P7D", 7 * day, "7 days"], ["P30D", 30 * day, "30 days"]];
const mostBars = 75;
const pace = 3_000;

/** The times of failure of the letters that fit. A bar, a span of bars or two fields narrow the filter to a time. */
export function Histogram({ q }: { q: string }): JSX.Element {
  const chosen = windows.find(([value]) => value === url.value.searchParams.get("window")) ?? windows[0];
  const said = spanOf(q, now.value);
  const length = chosen?.[1] ?? day;
  const to = said?.to ?? now.value;
  const from = Math.min(said?.from ?? to - length, to - minute);
  // A range of hours is counted exactly and at once, so it is not cut finer than it must be.
  const [step = day, iso = "P1D", word = "day"] = steps.find(([ms]) => (to - from) / ms <= (ms < hour ? 61 : mostBars)) ?? [];
  const [begin, end] = [Math.floor(from / step) * step, Math.ceil(to / step) * step];
  const path = withQuery("/dead-letters/histogram", { q, from: new Date(begin).toISOString(), to: new Date(end).toISOString(), step: iso, by: "none" });
  const found = useLoad(path, (abort) => get<Found>(path, abort), ["letters"], undefined, pace);
  const last = useRef<Found>(undefined);
  useEffect(() => {
    if (found.data) last.current = found.data;
  }, [found.data]);
  const data = found.data ?? (found.problem ? undefined : last.current);
  if (found.problem) return <ProblemBanner problem={found.problem} again={found.again} at={0} />;
  return (
    <figure class={`trend tall${found.data ? "" : " stale-soft"}`} aria-busy={found.busy}>
      {data ? <Bars found={data} q={q} step={step} word={word} /> : <div class="chart">{found.bones && <Bones rows={1} />}</div>}
      <figcaption class="line help">
        <span class="switch" role="group" aria-label="Time shown">
          {windows.map(([value, , name]) => <a class="button" href={withParams({ window: value === "PT24H" ? null : value, q: freeOf(q, "ts") })} {...(!said && value === chosen?.[0] ? { "aria-current": "true" as const } : {})}>{name}</a>)}
        </span>
        {data && <Told found={data} word={word} said={said !== null} />}
        <Range q={q} from={begin} to={end} set={said !== null} />
        {data && <Table found={data} q={q} step={step} word={word} />}
      </figcaption>
    </figure>
  );
}

const total = (found: Found): number => found.bars.reduce((sum, bar) => sum + bar.letters, 0);

function Told({ found, word, said }: { found: Found; word: string; said: boolean }): JSX.Element {
  const peak = Math.max(0, ...found.bars.map((bar) => bar.letters));
  if (total(found) === 0) return <span>None failed from <time dateTime={found.from}>{stamp(found.from)}</time> to <time dateTime={found.to}>{stamp(found.to)}</time>.{!said && " Others may be older."}</span>;
  return <span>{capped(found.total)} since <time dateTime={found.from}>{stamp(found.from)}</time>, at most {count(peak)} in {word === "hour" ? "an hour" : /^\d/.test(word) ? word : `a ${word}`}{found.partial.map((part) => `; ${part}`)}</span>;
}

const narrowedTo = (q: string, from: number, to: number): string => withParams({ q: narrowed(freeOf(q, "ts"), `ts:${new Date(from).toISOString()}..${new Date(to).toISOString()}`) });

/** What a screen reader says instead of the bars, and what they are when one walks along them. */
function Bars({ found, q, step, word }: { found: Found; q: string; step: number; word: string }): JSX.Element {
  const [at, setAt] = useState<{ from: number; to: number }>();
  const anchor = useRef<number>(undefined);
  const { bars } = found;
  const peak = Math.max(1, ...bars.map((bar) => bar.letters));
  const width = 100 / Math.max(1, bars.length);
  const start = (i: number): number => Date.parse(bars[i]?.from ?? found.from);
  const ends = { from: Math.min(at?.from ?? 0, at?.to ?? 0), to: Math.max(at?.from ?? 0, at?.to ?? 0) };
  const within = bars.slice(ends.from, ends.to + 1).reduce((sum, bar) => sum + bar.letters, 0);
  const told = at ? `${exact(new Date(start(ends.from)).toISOString())} to ${exact(new Date(start(ends.to) + step).toISOString())}: ${plural(within, "letter")}` : "";
  const none = (): void => setAt(undefined);
  const narrow = (): void => {
    if (at) go(narrowedTo(q, start(ends.from), start(ends.to) + step));
    setAt(undefined);
  };
  const under = (event: TargetedPointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)));
  };
  const walk = (event: KeyboardEvent): void => {
    const here = at?.to ?? bars.length - 1;
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (event.key === "Enter" && at) narrow();
    else if (event.key === "Escape") setAt(undefined);
    else if (to !== undefined) {
      const next = at ? Math.max(0, Math.min(bars.length - 1, to)) : here;
      setAt({ from: event.shiftKey && at ? at.from : next, to: next });
    } else return;
    event.preventDefault();
  };
  return (
    <div class="plot">
      <svg class="chart" role="img" aria-label={`${plural(total(found), "letter")} in ${plural(bars.length, "bar")} of one ${word} each, at most ${count(Math.max(0, ...bars.map((bar) => bar.letters)))} in one, ${count(bars.at(-1)?.letters ?? 0)} in the last`}>
        <line x1="0" y1="100%" x2="100%" y2="100%" />
        {at && <rect class="picked" x={`${ends.from * width}%`} y="0" width={`${(ends.to - ends.from + 1) * width}%`} height="100%" />}
        {bars.map((bar, i) => {
          const height = bar.letters === 0 ? 0 : Math.max(3, (94 * bar.letters) / peak);
          return height > 0 && <rect class={start(i) + step > Date.parse(found.asOf) ? "now" : ""} x={`${i * width + width * 0.08}%`} y={`${100 - height}%`} width={`${width * 0.84}%`} height={`${height}%`} />;
        })}
      </svg>
      <div
        class="pick" role="slider" tabIndex={0} aria-label="Bars, Enter narrows to the one chosen, Shift with arrows takes several" aria-valuemin={0} aria-valuemax={bars.length - 1} aria-valuenow={at?.to ?? bars.length - 1} aria-valuetext={told || "none chosen"} title={told}
        onKeyDown={walk} onBlur={none} onPointerLeave={() => { if (anchor.current === undefined) none(); }}
        onPointerMove={(event) => setAt({ from: anchor.current ?? under(event), to: under(event) })}
        onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); anchor.current = under(event); setAt({ from: anchor.current, to: anchor.current }); }}
        onPointerUp={() => { anchor.current = undefined; narrow(); }} onPointerCancel={() => { anchor.current = undefined; none(); }}
      />
      {told && <p class="tip" aria-hidden="true">{told}</p>}
    </div>
  );
}

/** The range by two fields: nothing is done by dragging only. */
function Range({ q, from, to, set }: { q: string; from: number; to: number; set: boolean }): JSX.Element {
  const [open, setOpen] = useState(false);
  const [ends, setEnds] = useState({ from: "", to: "" });
  const [a, b] = [fromField(ends.from), fromField(ends.to)];
  const wrong = open && a !== null && b !== null && a >= b;
  const show = (): void => {
    setEnds({ from: toField(from), to: toField(to) });
    setOpen(!open);
  };
  return (
    <>
      {set && <a class="any" href={withParams({ q: freeOf(q, "ts") })}>All times</a>}
      <button type="button" class="link" aria-expanded={open} onClick={show}>Range…</button>
      {open && (
        <form class="acts range" onSubmit={(event) => { event.preventDefault(); if (a !== null && b !== null && !wrong) { setOpen(false); go(narrowedTo(q, a, b)); } }}>
          <label>From <input type="datetime-local" value={ends.from} required onInput={(event) => setEnds({ ...ends, from: event.currentTarget.value })} /></label>
          <label>to <input type="datetime-local" value={ends.to} required onInput={(event) => setEnds({ ...ends, to: event.currentTarget.value })} /></label>
          <button>Narrow</button>
          {wrong && <span role="alert">From is to be before to.</span>}
        </form>
      )}
    </>
  );
}

function Table({ found, q, step, word }: { found: Found; q: string; step: number; word: string }): JSX.Element {
  const [open, setOpen] = useState(false);
  const rows = [...found.bars].reverse().filter((bar) => bar.letters > 0);
  return (
    <>
      <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? "Hide table" : "Show as table"}</button>
      {open && (
        <table class="rows narrow">
          <caption class="vh">Letters per {word}, those without any left out</caption>
          <thead><tr><th scope="col">From</th><th scope="col" class="num">Letters</th></tr></thead>
          <tbody>{rows.map((bar) => <tr><th scope="row"><a href={narrowedTo(q, Date.parse(bar.from), Date.parse(bar.from) + step)}><time dateTime={bar.from}>{exact(bar.from)}</time></a></th><td class="num">{count(bar.letters)}</td></tr>)}</tbody>
        </table>
      )}
    </>
  );
}
