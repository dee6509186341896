/** The list a letter was opened from, so that [ and ] lead on in it. The browser keeps it only for this page. */
import { signal } from "@preact/signals";

export const latestList = signal<{ ids: string[]; href: string; more: boolean }>({ ids: [], href: "/ui/letters", more: false });
/** The letter that was read last, where its list goes on. */
export const lettersRead = { latest: "" };

export function neighbours(id: string): { previous: string | undefined; next: string | undefined; at: number; of: number; more: boolean } {
  const { ids, more } = latestList.value;
  const at = ids.indexOf(id);
  return { previous: at < 0 ? undefined : ids[at - 1], next: at < 0 ? undefined : ids[at + 1], at: at + 1, of: ids.length, more };
}
