import { useMemo, useState } from "preact/hooks";
import type { JSX } from "preact";
import { plural } from "../text.ts";
import { blocks } from "../trace.ts";
import { Foreign } from "./words.tsx";

/** Parts of a trace that are drawn before anybody asks for the others. */
const few = 500;

/** Own frames open, library frames folded. */
export function Trace({ text }: { text: string }): JSX.Element {
  const found = useMemo(() => blocks(text), [text]);
  const folds = found.some((block) => block.kind !== "library");
  const [all, setAll] = useState(false);
  return (
    <>
      <ol class="trace">
        {found.slice(0, all ? undefined : few).map((block) =>
          block.kind === "library" ? (
            <li>
              <details open={!folds}>
                <summary>{plural(block.frames.length, "frame")}{block.names.length > 0 && ` of ${block.names.slice(0, 3).join(", ")}${block.names.length > 3 ? ", …" : ""}`}</summary>
                {block.frames.map((frame) => <div><Foreign text={frame.trim()} /></div>)}
              </details>
            </li>
          ) : (
            <li class={block.kind === "own" ? "own" : "b"}><Foreign text={block.text.trim()} /></li>
          ),
        )}
      </ol>
      {found.length > few && !all && <p class="tight"><button type="button" onClick={() => setAll(true)}>Show the other {plural(found.length - few, "part")}</button></p>}
    </>
  );
}
