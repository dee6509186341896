import type { JSX } from "preact";
import { ask, me, signedOut } from "../api.ts";
import { layers } from "../keys.ts";
import { keysOn, theme, toggleZone, utc, type Theme } from "../prefs.ts";
import { Icon } from "./icon.tsx";

const keyNames: Record<string, string> = { Enter: "↵", ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };

/** Keys, looks, and who one is. */
export function Help({ close }: { close: () => void }): JSX.Element {
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
