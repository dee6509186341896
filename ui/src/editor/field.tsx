import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { Bones } from "../parts/states.tsx";
import { size } from "../text.ts";
import { isJson, madeOf, partOf, sentence, type Part } from "./part.ts";
import { parse } from "../json.ts";
import { bytesOf } from "../bytes.ts";
import type { Editor } from "./mount.ts";

/** The value of a record under edit. A null is a decision of its own, not an empty text. */
export function BytesField({ name, part, change, submit, focus = false }: { name: string; part: Part; change: (part: Part) => void; submit: () => void; focus?: boolean }): JSX.Element {
  const made = madeOf(part);
  const editor = useRef<Editor | undefined>(undefined);
  const loose = part.mode === "text" && !part.compacted && isJson(part) ? parse(part.text).error : undefined;
  const at = made.error !== undefined ? made.at : loose?.at;
  return (
    <section>
      <div class="head">
        <h2>{name}</h2>
        <span class="help">{part.mode === "hex" ? "Bytes as hex" : part.mode === "null" ? "" : part.compacted ? "JSON, shown indented, sent without blanks as it came" : "Text, sent as it stands"}{made.content && `, ${size(made.content.size ?? bytesOf(made.content).length)}`}</span>
        <span class="end acts">
          {part.mode === "null"
            ? <button type="button" onClick={() => change({ mode: "text", text: "", compacted: false })}>Give it a value</button>
            : <button type="button" class="bare" onClick={() => change(partOf(null))}>Make it null</button>}
        </span>
      </div>
      {part.mode === "null" ? <p><span class="tag">null</span> {name === "Value" ? "A tombstone: in a compacted topic it deletes the key." : "The record has no key."}</p>
        : <CodeField label={name} part={part} change={change} submit={submit} focus={focus} handle={editor} />}
      {(made.error !== undefined || loose) && (
        <p class={`why ${made.error !== undefined ? "alarm" : "decide"} tight`} role="alert">
          {made.error ?? (loose && sentence(loose))}{" "}
          {at !== undefined && at >= 0 && <button type="button" class="link" onClick={() => editor.current?.goTo(at)}>Go there</button>}
          {made.error !== undefined && part.mode === "text" && <> or <button type="button" class="link" onClick={() => change({ ...part, compacted: false })}>send it as plain text</button></>}
        </p>
      )}
    </section>
  );
}

/** The text is the editor's own from the moment it is there: handed back after each key, it would be older than what is typed. */
function CodeField({ label, part, change, submit, focus, handle }: {
  label: string;
  part: Part;
  change: (part: Part) => void;
  submit: () => void;
  focus: boolean;
  handle: { current: Editor | undefined };
}): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"loading" | "ready" | "plain">("loading");
  const latest = useRef({ part, change, submit });
  latest.current = { part, change, submit };
  useEffect(() => {
    let gone = false;
    import("./mount.ts").then(
      ({ mount }) => {
        if (gone || !host.current) return;
        handle.current = mount(host.current, {
          text: latest.current.part.text,
          label,
          language: isJson(latest.current.part) ? "json" : "none",
          changed: (text) => {
            if (text !== latest.current.part.text) latest.current.change({ ...latest.current.part, text });
          },
          submit: () => latest.current.submit(),
        });
        setState("ready");
        if (focus) handle.current.focus();
      },
      () => setState("plain"), // The chunk could not be had: a plain field edits as well.
    );
    return () => {
      gone = true;
      handle.current?.destroy();
      handle.current = undefined;
    };
  }, []);
  if (state === "plain") return <textarea aria-label={label} rows={16} value={part.text} spellcheck={false} onInput={(event) => change({ ...part, text: event.currentTarget.value })} />;
  return <><div ref={host} class="editor" />{state === "loading" && <Bones rows={3} />}</>;
}
