import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ask, asProblem, me, type Problem } from "../api.ts";
import type { SavedView, SavedViewEdit } from "../contract.ts";
import type { Load } from "../load.ts";
import { go, withParams } from "../router.ts";
import { say } from "../toast.ts";
import { editOf, hrefOf, isChanged, shownNow, type Target } from "../views.ts";
import { Dialog } from "./dialog.tsx";
import { Loaded, ProblemBanner } from "./states.tsx";
import { Ago, Foreign } from "./words.tsx";

type Views = { items: SavedView[] };
const match = ({ version }: SavedView) => ({ "If-Match": `"v${version}"` });
const replace = async (view: SavedView, body: SavedViewEdit): Promise<SavedView> => (await ask<SavedView>("PUT", `/saved-views/${view.id}`, { body, headers: match(view) })).data;
const create = async (body: SavedViewEdit): Promise<SavedView> => (await ask<SavedView>("POST", "/saved-views", { body })).data;
const may = (what: "operate" | "admin"): boolean => me.value?.permissions.includes(what) === true;

/** Opens views, keeps what the list shows now, and puts the views of this caller in order. */
export function ViewsDialog({ target, views, here, close }: { target: Target; views: Load<Views>; here: SavedView | undefined; close: () => void }): JSX.Element {
  const [problem, setProblem] = useState<Problem>();
  /** What was to be written over a view that somebody else had changed meanwhile. */
  const [stale, setStale] = useState<{ id: string; edit: SavedViewEdit }>();
  const current = stale && views.data?.items.find((one) => one.id === stale.id);

  const attempt = async (act: () => Promise<void>): Promise<void> => {
    setProblem(undefined);
    try {
      await act();
      views.again();
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  const write = (view: SavedView, edit: SavedViewEdit, said: string): Promise<void> => attempt(async () => {
    try {
      const now = await replace(view, edit);
      setStale(undefined);
      close();
      say(said, async () => {
        try {
          await replace(now, editOf(view));
          say("The view is as before.");
        } catch (error) {
          say(asProblem(error).detail ?? "The view was changed since.");
        }
        views.again();
      });
    } catch (error) {
      if (asProblem(error).status !== 412) throw error;
      setStale({ id: view.id, edit });
    }
  });
  const drop = (view: SavedView): Promise<void> => attempt(async () => {
    await ask("DELETE", `/saved-views/${view.id}`, { headers: match(view) });
    close();
    if (here?.id === view.id) go(withParams({ view: null }), "replace");
    say(`View ${view.name} deleted.`, async () => {
      const again = await create(editOf(view));
      if (here?.id === view.id) go(withParams({ view: again.id }), "replace");
      views.again();
      say(`View ${again.name} is back.`);
    });
  });
  const save = (name: string, shared: boolean): Promise<void> => attempt(async () => {
    const made = await create({ name, shared, ...shownNow(target) });
    close();
    go(withParams({ view: made.id }), "replace");
    say(shared ? `View ${name} saved for everybody.` : `View ${name} saved.`);
  });

  return (
    <Dialog title="Saved views" close={close}>
      {problem && <ProblemBanner problem={problem} />}
      {stale && current && (
        <div class="banner decide" role="alert">
          <p><span class="b"><Foreign text={current.name} /></span> was changed <Ago time={current.updatedAt} /> ago, after you opened it. It now shows <code class="any">{current.q || "everything"}</code>.</p>
          <button type="button" onClick={() => void write(current, stale.edit, `View ${stale.edit.name} replaced.`)}>Replace it all the same</button>
          <button type="button" onClick={() => setStale(undefined)}>Leave it</button>
        </div>
      )}
      <Save here={here} save={(name, shared) => void save(name, shared)} over={here && isChanged(here) && (here.mine || may("admin")) ? () => void write(here, { ...editOf(here), ...shownNow(target) }, `View ${here.name} replaced.`) : undefined} />
      <Loaded load={views} rows={3}>
        {({ items }) => {
          const own = items.filter((one) => one.mine);
          const shared = items.filter((one) => !one.mine);
          const row = (view: SavedView) => <Row view={view} here={view.id === here?.id} close={close} change={(edit, said) => void write(view, { ...editOf(view), ...edit }, said)} drop={() => void drop(view)} />;
          return (
            <>
              <section><h3>Mine</h3>{own.length === 0 ? <p class="help">None yet. A view keeps the filter, its order and its columns under a name.</p> : <ul class="views" aria-label="Mine">{own.map(row)}</ul>}</section>
              <section><h3>Shared by others</h3>{shared.length === 0 ? <p class="help">Nobody shares one with you yet.</p> : <ul class="views" aria-label="Shared by others">{shared.map(row)}</ul>}</section>
            </>
          );
        }}
      </Loaded>
    </Dialog>
  );
}

function Save({ here, save, over }: { here: SavedView | undefined; save: (name: string, shared: boolean) => void; over: (() => void) | undefined }): JSX.Element {
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const sharing = may("operate");
  return (
    <form class="stack rule-under" onSubmit={(event) => { event.preventDefault(); if (name.trim() !== "") save(name.trim(), shared); }}>
      {over && here && <p class="acts"><button type="button" onClick={over}>Save what is shown over <span class="b"><Foreign text={here.name} /></span></button></p>}
      <div class="acts tight">
        <label class="field grow"><span class="help">Keep what is shown now as</span><input data-first value={name} maxLength={80} placeholder="Name" onInput={(event) => setName(event.currentTarget.value)} /></label>
        <label class="tick"><input type="checkbox" checked={shared} disabled={!sharing} onChange={() => setShared(!shared)} />For everybody</label>
        <button class="go" disabled={name.trim() === ""}>Save</button>
      </div>
      {!sharing && <p class="help tight">To share one needs the permission operate.</p>}
    </form>
  );
}

function Row({ view, here, close, change, drop }: { view: SavedView; here: boolean; close: () => void; change: (edit: Partial<SavedViewEdit>, said: string) => void; drop: () => void }): JSX.Element {
  const [name, setName] = useState<string>();
  const own = view.mine || may("admin");
  return (
    <li class="line">
      <span class="grow">
        <a class="b any" href={hrefOf(view)} onClick={close} {...(here ? { "aria-current": "true" as const } : {})}><Foreign text={view.name} /></a>{" "}
        {view.shared && view.mine && <span class="tag">for everybody</span>} {!view.mine && <span class="soft">by <Foreign text={view.owner} /></span>}
        <span class="block soft"><span class="tag">{view.target === "letters" ? "letters" : "failure groups"}</span> <code class="any">{view.q || "everything"}</code></span>
      </span>
      {own && name === undefined && (
        <span class="line">
          <button type="button" class="link" onClick={() => setName(view.name)}>Rename<span class="vh"> {view.name}</span></button>
          {(view.shared || may("operate")) && <button type="button" class="link" onClick={() => change({ shared: !view.shared }, view.shared ? `View ${view.name} is private now.` : `View ${view.name} is for everybody now.`)}>{view.shared ? "Make private" : "Share"}<span class="vh"> {view.name}</span></button>}
          <button type="button" class="link" onClick={drop}>Delete<span class="vh"> {view.name}</span></button>
        </span>
      )}
      {name !== undefined && (
        <form class="acts" onSubmit={(event) => { event.preventDefault(); if (name.trim() !== "") change({ name: name.trim() }, `View ${view.name} is called ${name.trim()} now.`); }}>
          <input aria-label={`New name of ${view.name}`} value={name} maxLength={80} ref={(input) => input?.focus()} onInput={(event) => setName(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Escape") { event.preventDefault(); setName(undefined); } }} />
          <button>Rename</button>
        </form>
      )}
    </li>
  );
}
