/** What this browser remembers of its reader: looks and habits, never data. */
import { effect, signal, type Signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

function remembered<T extends string>(name: string, known: readonly T[], first: T): Signal<T> {
  let start: T = first;
  try {
    start = known.find((one) => one === localStorage.getItem(`redrive.${name}`)) ?? first;
  } catch {
    // No storage: the choice lasts as long as the page.
  }
  const chosen = signal(start);
  effect(() => {
    const value = chosen.value;
    try {
      localStorage.setItem(`redrive.${name}`, value);
    } catch {
      // As above.
    }
  });
  return chosen;
}

export const theme = remembered<Theme>("theme", ["system", "light", "dark"], "system");
const zone = remembered<"utc" | "local">("time", ["utc", "local"], "utc");
/** Single keys can be switched off (WCAG 2.1.4). */
export const keysOn = remembered<"on" | "off">("keys", ["on", "off"], "on");
/** Whether the facets stand beside the list, where there is room. */
export const facetsOn = remembered<"on" | "off">("facets", ["on", "off"], "on");
/** The reason given last, offered again in this tab. */
export const lastReason = signal("");

export const utc = { get value(): boolean { return zone.value === "utc"; } };
export function toggleZone(): void {
  zone.value = zone.value === "utc" ? "local" : "utc";
}

if (typeof document !== "undefined") {
  effect(() => {
    if (theme.value === "system") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", theme.value);
  });
}
