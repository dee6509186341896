import { useEffect, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import type { ComponentChildren, ComponentType, JSX } from "preact";
import { ask, me, signedOut } from "../api.ts";
import { live, togglePause } from "../live.ts";
import { layers, useKeys } from "../keys.ts";
import { go, paths, routeOf, url } from "../router.ts";
import { keysOn, theme, toggleZone, utc, type Theme } from "../prefs.ts";
import { now, span, stamp } from "../time.ts";
import { said, toast, undoLatest } from "../toast.ts";
import { Icon, type IconName } from "./icon.tsx";
import type { Tone } from "./words.tsx";

const places: { name: string; href: string; icon: IconName; screens: string[]; key: string }[] = [
  { name: "Overview", href: paths.overview, icon: "overview", screens: ["overview", "group"], key: "o" },
  { name: "Letters", href: paths.letters(), icon: "letters", screens: ["letters", "letter", "edit"], key: "l" },
  { name: "Jobs", href: paths.jobs, icon: "jobs", screens: ["jobs", "job"], key: "j" },
  { name: "Topics", href: paths.topics, icon: "topics", screens: ["topics", "topic"], key: "t" },
  { name: "Consumers", href: paths.consumers, icon: "consumers", screens: ["consumers", "consumer"], key: "c" },
  { name: "Audit", href: paths.audit(), icon: "draft", screens: ["audit"], key: "u" },
  { name: "Settings", href: paths.settings, icon: "settings", screens: ["settings", "labels", "lanes"], key: "s" },
];

/** What goes on; its code comes after the first screen. */
export const tray = signal<ComponentType | null>(null);

/** What stands around every screen. The latest screen sets the title. */
export function Frame({ title, lead, children }: { title: string; lead?: string; children: ComponentChildren }): JSX.Element {
  const [help, setHelp] = useState(false);
  const Tray = tray.value;
  const here = routeOf(url.value.pathname).screen;
  useEffect(() => {
    document.title = `${lead ? `${lead} ` : ""}${title} · redrive`;
  }, [title, lead]);
  useKeys("Everywhere", [
    ...places.map(({ key, href, name }) => ({ keys: `g ${key}`, what: `Go to ${name}`, run: () => go(href) })),
    { keys: "l", what: "Live updates on or off", run: togglePause },
    { keys: "z", what: "Undo what the toast says", run: () => void undoLatest() },
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
          {places.map((place) => (
            <li><a href={place.href} {...(place.screens.includes(here) ? { "aria-current": "page" as const } : {})}><Icon name={place.icon} />{place.name}</a></li>
          ))}
        </ul>
      </nav>
      <main id="main" tabIndex={-1}>{children}</main>
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
          {shown.undo && <button type="button" onClick={() => void undoLatest()}>Undo <kbd>z</kbd></button>}
          <button type="button" class="bare icon" aria-label="Close" onClick={() => (toast.value = null)}><Icon name="discarded" /></button>
        </div>
      )}
    </>
  );
}

const keyNames: Record<string, string> = { Enter: "↵" };

function Help({ close }: { close: () => void }): JSX.Element {
  const open = (dialog: HTMLDialogElement | null): void => {
    if (dialog && !dialog.open) dialog.showModal();
  };
  const signOut = async (): Promise<void> => {
    await ask("DELETE", "/sessions");
    me.value = null;
    signedOut.value = true;
  };
  const merged = new Map<string, Map<string, string>>();
  for (const layer of [...layers.value].reverse()) {
    const keys = merged.get(layer.where) ?? new Map<string, string>();
    for (const key of layer.keys) keys.set(key.keys, key.what);
    merged.set(layer.where, keys);
  }
  return (
    <dialog ref={open} aria-labelledby="help-title" onClose={close} onClick={(event) => { if (event.target === event.currentTarget) event.currentTarget.close(); }}>
      <form method="dialog" class="stack">
        <div class="head"><h2 id="help-title">Help</h2><span class="end"><button class="bare icon" aria-label="Close"><Icon name="discarded" /></button></span></div>
        <div class="pair">
          {[...merged].map(([where, keys]) => (
            <section>
              <h3>{where}</h3>
              <dl class="facts">{[...keys].map(([name, what]) => <><dt>{name.split(" ").map((part) => (part === "or" ? " or " : <kbd>{keyNames[part] ?? part}</kbd>))}</dt><dd>{what}</dd></>)}</dl>
            </section>
          ))}
        </div>
        <div class="pair rule">
          <label class="field"><span class="help">Theme</span>
            <select value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as Theme)}>
              <option value="system">As the system</option><option value="light">Light</option><option value="dark">Dark</option>
            </select>
          </label>
          <div class="field">
            <label class="tick"><input type="checkbox" checked={utc.value} onChange={toggleZone} />Times in UTC</label>
            <label class="tick"><input type="checkbox" checked={keysOn.value === "on"} onChange={() => (keysOn.value = keysOn.value === "on" ? "off" : "on")} />Single keys act</label>
          </div>
        </div>
        <p class="help">
          {me.value && <>Redrive {me.value.version}, signed in as {me.value.actor}. </>}
          <a href="/api/openapi.yaml" target="_blank" rel="noopener">The contract of the API</a>
          {me.value?.auth === "session" && <> · <button type="button" class="link" onClick={() => void signOut()}>Sign out</button></>}
        </p>
      </form>
    </dialog>
  );
}
