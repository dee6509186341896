import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Facets, ofGroups, ofLetters } from "./facets.tsx";
import { Icon } from "./icon.tsx";

export { Facets } from "./facets.tsx";
export { Histogram } from "./histogram.tsx";

/**
 * The facets over the list, which stays where it is: where there is no room beside it.
 *
 * @param hidden a term on the state of failure groups that the list has besides its filter; none where it shows letters
 */
export function FacetDrawer({ q, hidden, close }: { q: string; hidden?: string | null; close: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="drawer" aria-labelledby="drawer-title" onClose={close} onClick={(event) => { if (event.target === event.currentTarget) event.currentTarget.close(); }}>
      <div class="head"><h2 id="drawer-title">Facets</h2><button type="button" class="end" onClick={() => dialog.current?.close()}><Icon name="discarded" />Close</button></div>
      <Facets q={q} of={hidden === undefined ? ofLetters : hidden === null ? ofGroups : { ...ofGroups, within: { name: "state", term: hidden } }} />
    </dialog>
  );
}
