import { useEffect, useRef, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import type { ComponentChildren, ComponentType, JSX } from "preact";
import { firing, mayNot, me } from "../api.ts";
import { live, togglePause } from "../live.ts";
import { useKeys } from "../keys.ts";
import { lazy } from "../lazy.tsx";
import { go, paths, routeOf, url } from "../router.ts";
import { toggleZone, utc } from "../prefs.ts";
import { now, span, stamp } from "../time.ts";
import { dismiss, said, toast, undoLatest } from "../toast.ts";
import { Icon, type IconName } from "./icon.tsx";
import type { Tone } from "./words.tsx";

const Help = lazy(() => import("./help.tsx").then((module) => module.Help), "part");

const places: { name: string; href: string; icon: IconName; screens: string[]; key: string }[] = [
  { name: "Overview", href: paths.overview, icon: "overview", screens: ["overview", "group"], key: "o" },
  { name: "Letters", href: paths.letters(), icon: "letters", screens: ["letters", "letter", "edit"], key: "l" },
  { name: "Jobs", href: paths.jobs, icon: "jobs", screens: ["jobs", "job"], key: "j" },
  { name: "Topics", href: paths.topics, icon: "topics", screens: ["topics", "topic"], key: "t" },
  { name: "Consumers", href: paths.consumers, icon: "consumers", screens: ["consumers", "consumer"], key: "c" },
  { name: "Alerts", href: paths.alerts(), icon: "alarm", screens: ["alerts"], key: "a" },
  { name: "Audit", href: paths.audit(), icon: "audit", screens: ["audit"], key: "u" },
  { name: "Settings", href: paths.settings, icon: "settings", screens: ["settings", "labels", "lanes"], key: "s" },
];

/** What goes on; its code comes after the first screen. */
export const tray = signal<ComponentType | null>(null);

/** Where the browser came in, which it announces itself, and whether one has gone on from there. */
let landing: string | undefined;
let moved = false;

/** What stands around every screen. The latest screen sets the title. */
export function Frame({ title, lead, children }: { title: string; lead?: string; children: ComponentChildren }): JSX.Element {
  const [help, setHelp] = useState(false);
  const Tray = tray.value;
  const here = routeOf(url.value.pathname).screen;
  const main = useRef<HTMLElement>(null);
  const path = url.value.pathname;
  useEffect(() => {
    document.title = `${lead ? `${lead} ` : ""}${title} · redrive`;
  }, [title, lead]);
  // The link that led here is gone with its page: whoever reads by ear or by Tab goes on where the new one begins.
  useEffect(() => {
    landing ??= path;
    moved ||= path !== landing;
    if (moved && document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [path]);
  const open = places.filter((place) => place.href !== paths.audit() || !mayNot("admin"));
  useKeys("Everywhere", [
    ...open.map(({ key, href, name }) => ({ keys: `g ${key}`, what: `Go to ${name}`, run: () => go(href) })),
    { keys: "l", what: "Live updates on or off", run: togglePause },
    { keys: "z", what: "Undo the latest that can be undone", run: () => void undoLatest() },
    { keys: "?", what: "This sheet", run: () => setHelp(true) },
  ]);
  return (
    <div class="app">
      <a class="skip" href="#main">Skip to content</a>
      <header class="top">
        <a class="brand" href={paths.overview} aria-label="redrive, overview"><Icon name="mark" /><span>redrive</span></a>
        <h1 class="any">{lead && <span class="soft">{lead} </span>}{title}</h1>
        {Tray && <Tray />}
        <Pill />
        <button type="button" class="link opt" title={utc.value ? "Switch to local time" : "Switch to UTC"} onClick={toggleZone}>
          <time dateTime={new Date(now.value).toISOString()}>{stamp(new Date(now.value).toISOString()).slice(0, 5)}</time> {utc.value ? "UTC" : "local"}
        </button>
        {me.value && me.value.auth !== "none" && <span class="opt soft">{me.value.actor}</span>}
        <button type="button" class="bare icon" aria-label="Help, keys and looks" onClick={() => setHelp(true)}><kbd>?</kbd></button>
      </header>
      <nav class="rail" aria-label="Main">
        <ul>
          {open.map((place) => (
            <li><a href={place.href} {...(place.screens.includes(here) ? { "aria-current": "page" as const } : {})}><Icon name={place.icon} />{place.name}{place.key === "a" && firing.value > 0 && <span class="n"> {firing.value}<span class="vh"> firing</span></span>}</a></li>
          ))}
        </ul>
      </nav>
      <main id="main" tabIndex={-1} ref={main}>{children}</main>
      <Toasts />
      {help && <Help close={() => setHelp(false)} />}
    </div>
  );
}

function Pill(): JSX.Element {
  const state = live.value;
  const [tone, icon, word]: [Tone, IconName, string] =
    state.kind === "live" ? ["settled", "live", "Live"]
    : state.kind === "paused" ? ["rest", "paused", "Paused"]
    : state.kind === "waiting" ? ["decide", "replaying", `Reconnecting in ${span(Math.max(1000, state.until - now.value))}`]
    : ["rest", "replaying", "Connecting"];
  return <button type="button" class={`bare live ${tone}`} title="Live updates on or off (l)" aria-pressed={state.kind !== "paused"} onClick={togglePause}><Icon name={icon} /><span>{word}</span></button>;
}

function Toasts(): JSX.Element {
  const shown = toast.value;
  return (
    <>
      <div class="vh" role="status">{said.value}</div>
      {shown && (
        <div class="toast">
          <span>{shown.text}{shown.more && <> <a href={shown.more.href}>{shown.more.word}</a></>}</span>
          {shown.undo && <button type="button" onClick={() => void undoLatest()}>{shown.back ?? "Undo"} <kbd>z</kbd></button>}
          <button type="button" class="bare icon" aria-label="Close" onClick={dismiss}><Icon name="discarded" /></button>
        </div>
      )}
    </>
  );
}
