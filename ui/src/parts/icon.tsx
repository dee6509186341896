import type { JSX } from "preact";

/** 16 px grid, stroked; a leading `f` marks a path that is filled. Circles are written as arcs. */
const shapes = {
  alarm: ["M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11zM6.7 14.5h2.6"],
  audit: ["M4 2h8v12H4zM6.5 5.5h3M6.5 8h3M6.5 10.5h3"],
  consumers: ["M2 8h5M7 8l5-4.5M7 8l5 4.5", "fM11 3.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0", "fM11 12.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0"],
  copy: ["M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"],
  discarded: ["m4 4 8 8M12 4l-8 8"],
  down: ["m3 6 5 5 5-5"],
  draft: ["m3 13 .7-3L11 2.8 13.2 5 6 12.3z"],
  fail: ["M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4zM6 6l4 4M10 6l-4 4"],
  jobs: ["M2.5 4h11M2.5 8h7M2.5 12h4", "M12 9v5M9.5 11.5h5"],
  letters: ["M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5"],
  live: ["fM5 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0"],
  mark: ["M2 11.5h8.5a3.5 3.5 0 0 0 0-7H4", "M6.5 2 4 4.5 6.5 7"],
  new: ["fM3.5 8a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0"],
  next: ["m6 3 5 5-5 5"],
  ongoing: ["M3 6h10M3 10h10"],
  open: ["M3 8a5 5 0 1 0 10 0a5 5 0 1 0-10 0"],
  overview: ["M2 13.5h12M3.5 11V8M6.5 11V3M9.5 11V6M12.5 11V9"],
  paused: ["M5.5 3.5v9M10.5 3.5v9"],
  prev: ["M10 3 5 8l5 5"],
  settings: ["M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6M10.2 3v3M5.8 10v3"],
  purged: ["M3.2 6.4A5 5 0 0 1 6 3.4M10 3.4a5 5 0 0 1 2.8 3M12.8 9.6a5 5 0 0 1-2.8 3M6 12.6a5 5 0 0 1-2.8-3"],
  quiet: ["M12.8 9.8A5.3 5.3 0 0 1 6.2 3.2a5.3 5.3 0 1 0 6.6 6.6z"],
  recovered: ["m3 8.5 3.3 3.3L13 4.8"],
  replaying: ["M3 8a5 5 0 1 0 10 0a5 5 0 1 0-10 0", "fM8 3a5 5 0 0 1 0 10z"],
  returned: ["M5.5 3 2.5 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H7"],
  rising: ["M2 12 6.5 7.5l2.5 2.5L14 4.5M10 4.5h4v4"],
  search: ["M2.5 7a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0", "m10.5 10.5 3.5 3.5"],
  snoozed: ["M5 3h6l-6 6h6", "M9.5 11h3l-3 3h3"],
  sent: ["M2.5 8h10.5M9 4l4 4-4 4"],
  topics: ["M8 2 14 5 8 8 2 5zM2 8l6 3 6-3M2 11l6 3 6-3"],
  uncertain: ["M8 1.5 14.5 8 8 14.5 1.5 8z", "M6.6 6.6a1.4 1.4 0 1 1 2 1.3c-.5.2-.6.5-.6.9M8 10.9v.1"],
  warn: ["M8 2.5 14.5 13.5h-13zM8 6.5v3M8 11.5v.1"],
} satisfies Record<string, string[]>;

export type IconName = keyof typeof shapes;

/** Always beside a word or inside something with a label, so it is hidden from screen readers. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
      {shapes[name].map((d) => (d.startsWith("f") ? <path class="f" d={d.slice(1)} /> : <path d={d} />))}
    </svg>
  );
}
