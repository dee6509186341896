import { useMemo } from "preact/hooks";
import type { JSX } from "preact";
import { get, may } from "../api.ts";
import { headerView, type Content } from "../bytes.ts";
import type { DraftDiff, PartDiff } from "../contract.ts";
import { useLoad } from "../load.ts";
import { DiffTable } from "../parts/diff-table.tsx";
import { DryRun, SendBar } from "../parts/send.tsx";
import { Loaded } from "../parts/states.tsx";
import { useSending, type Intent } from "../sending.ts";
import { sides } from "../sides.ts";
import { plural } from "../text.ts";
import type { Draftings, Opened } from "./draft.ts";

/** What the server holds against what came: the diff is of the stored draft, not of what this browser believes. */
export function Review({ opened, draft, edit, done, drop }: { opened: Opened; draft: Draftings; edit: (() => void) | undefined; done: () => void; drop: () => void }): JSX.Element {
  const { letter } = opened;
  const version = draft.version;
  const diff = useLoad(version === null ? null : `diff ${letter.id} ${version}`, (abort) => get<DraftDiff>(`/dead-letters/${encodeURIComponent(letter.id)}/draft/diff`, abort));
  const intent = useMemo<Intent>(() => (version === null ? { source: "original" } : { source: "draft", draftVersion: version }), [version]);
  const operate = may("operate");
  const sending = useSending(letter.id, operate ? intent : null, done);
  const acts = edit ? [<button type="button" onClick={edit}>Edit <kbd>e</kbd></button>, ...(version === null ? [] : [<button type="button" class="bad" onClick={drop}>Drop draft</button>])] : [];
  return (
    <>
      {version === null
        ? <p class="why rest">Nothing is changed. The letter would be replayed as it came.</p>
        : <Loaded load={diff} rows={5}>{(data) => <Changes diff={data} edit={edit} drops={letter.replayDrops} />}</Loaded>}
      {operate && <DryRun sending={sending} consumerGroup={letter.origin.consumerGroup} />}
      {operate ? <SendBar sending={sending} what="Replay 1 letter" focus>{acts}</SendBar>
        : <div class="acts dock" role="group" aria-label="Actions">{acts}<span class="help">To replay it needs the permission operate.</span></div>}
    </>
  );
}

function Changes({ diff, edit, drops }: { diff: DraftDiff; edit: (() => void) | undefined; drops: string[] }): JSX.Element {
  const nothing = diff.value.change === "same" && diff.key.change === "same" && diff.headers.every((header) => header.change === "same");
  return (
    <>
      {diff.value.change !== "same" && <PartChange name="Value" part={diff.value} edit={edit} />}
      {diff.key.change !== "same" && <PartChange name="Key" part={diff.key} edit={edit} />}
      <HeaderChange headers={diff.headers} drops={drops} />
      {JSON.stringify(diff.target.before) !== JSON.stringify(diff.target.after) && (
        <p class="why drafted">Target: <code>{diff.target.after.topic ?? "the origin's topic"}</code>, {diff.target.after.partitioning === "fixed" ? `partition ${diff.target.after.partition}` : diff.target.after.partitioning === "original" ? "its original partition" : "partition by key"}, {diff.target.after.timestamp === "original" ? "with its original timestamp" : "with the time of the replay"}</p>
      )}
      {nothing && <p class="why rest">Key, value and headers are as they came.</p>}
    </>
  );
}

function PartChange({ name, part, edit }: { name: string; part: PartDiff; edit: (() => void) | undefined }): JSX.Element {
  const [before, after] = sides(part.before, part.after);
  const bytes = plural(part.bytesChanged, "byte");
  const fields = part.json?.map((change) => change.pointer || "/") ?? [];
  return (
    <section>
      <div class="head">
        <h2>{name}</h2>
        <span class="help">{part.change === "layout" ? `only blanks changed, ${bytes} differ` : `${fields.length > 0 ? `${fields.slice(0, 3).join(", ")}${fields.length > 3 ? ` and ${fields.length - 3} more` : ""} · ` : ""}${bytes} differ`}</span>
        {edit && <span class="end"><button type="button" onClick={edit}>Edit</button></span>}
      </div>
      <DiffTable before={before} after={after} label={name} />
      <p class="help">The original is never changed.</p>
    </section>
  );
}

function HeaderChange({ headers, drops }: { headers: DraftDiff["headers"]; drops: string[] }): JSX.Element | null {
  if (headers.every((header) => header.change === "same")) return null;
  const line = (name: string, value: Content | null): string => {
    const view = headerView(value);
    return `${name}: ${view.kind === "text" ? view.text : view.kind === "null" || view.kind === "empty" ? `(${view.kind})` : view.hex}`;
  };
  const before = headers.filter((header) => header.change !== "added").map((header) => line(header.name, header.before ?? (header.change === "same" ? header.after : null)));
  const after = headers.filter((header) => header.change !== "dropped").map((header) => line(header.name, header.after));
  return (
    <section>
      <div class="head"><h2>Headers</h2><span class="help">{drops.length > 0 && `${plural(drops.length, "name")} of the convention are not replayed`}</span></div>
      <DiffTable before={before.join("\n")} after={after.join("\n")} label="Headers" />
    </section>
  );
}
