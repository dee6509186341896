import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Facets } from "./facets.tsx";
import { Icon } from "./icon.tsx";

export { Facets } from "./facets.tsx";
export { Histogram } from "./histogram.tsx";

/** The facets on a small screen: over the list, which stays where it is. */
export function FacetDrawer({ q, close }: { q: string; close: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="drawer" aria-labelledby="drawer-title" onClose={close} onClick={(event) => { if (event.target === event.currentTarget) event.currentTarget.close(); }}>
      <div class="head"><h2 id="drawer-title">Facets</h2><button type="button" class="end" onClick={() => dialog.current?.close()}><Icon name="discarded" />Close</button></div>
      <Facets q={q} />
    </dialog>
  );
}
