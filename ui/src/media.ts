import { signal } from "@preact/signals";

const query = typeof matchMedia === "undefined" ? undefined : matchMedia("(max-width: 56rem)");
/** One column: what pushes the content down starts folded. The width is that of screens.css. */
export const narrow = signal(query?.matches ?? false);
query?.addEventListener("change", (event) => (narrow.value = event.matches));
