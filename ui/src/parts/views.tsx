import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { get } from "../api.ts";
import type { SavedView } from "../contract.ts";
import { useKeys } from "../keys.ts";
import { lazy } from "../lazy.tsx";
import { useLoad } from "../load.ts";
import { url } from "../router.ts";
import { isChanged, type Target } from "../views.ts";
import { Foreign } from "./words.tsx";

const ViewsDialog = lazy(() => import("./views-dialog.tsx").then((module) => module.ViewsDialog), "asks");

/** The way to the saved views, and the name of the one that is open. */
export function Views({ target }: { target: Target }): JSX.Element {
  const id = url.value.searchParams.get("view");
  const [open, setOpen] = useState(false);
  const views = useLoad(id !== null || open ? "saved-views" : null, (abort) => get<{ items: SavedView[] }>("/saved-views", abort));
  const view = views.data?.items.find((one) => one.id === id && one.target === target);
  useKeys("List", [{ keys: "V", what: "Saved views…", run: () => setOpen(true) }]);
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)}>Views{view && <>: <span class="b cut view-name"><Foreign text={view.name} /></span>{isChanged(view) && <span class="soft"> changed</span>}</>} <kbd>V</kbd></button>
      {open && <ViewsDialog target={target} views={views} here={view} close={() => setOpen(false)} />}
    </>
  );
}
