import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** Something that is asked or shown over the screen. The first `data-first` in it has the focus; a drawer stands at the side. */
export function Dialog({ title, close, drawer = false, children }: { title: string; close: () => void; drawer?: boolean; children: ComponentChildren }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class={drawer ? "drawer wide" : ""} aria-label={title} onClose={close} onClick={(event) => { if (event.target === event.currentTarget) event.currentTarget.close(); }}>
      <div class="stack">
        <div class="head"><h2>{title}</h2><button type="button" class="bare icon end" aria-label="Close" onClick={() => dialog.current?.close()}><Icon name="discarded" /></button></div>
        {children}
      </div>
    </dialog>
  );
}
