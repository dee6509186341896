import { signal, type Signal } from "@preact/signals";

function matching(media: string): Signal<boolean> {
  const query = typeof matchMedia === "undefined" ? undefined : matchMedia(media);
  const matches = signal(query?.matches ?? false);
  query?.addEventListener("change", (event) => (matches.value = event.matches));
  return matches;
}

/** One column: what pushes the content down starts folded. The width is that of screens.css. */
export const narrow = matching("(max-width: 56rem)");
/** Room for a second column beside a list. */
export const roomy = matching("(min-width: 72rem)");
