import type { ComponentType, JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { holdKeys } from "./keys.ts";
import { Frame } from "./parts/frame.tsx";
import { Bones } from "./parts/states.tsx";

/**
 * A screen, or a part of one, whose code comes when it is needed. Code that is gone means that a newer version was
 * installed. A part that asks takes what is typed from the key on that opened it.
 */
export function lazy<P extends object>(fetch: () => Promise<ComponentType<P>>, where: "screen" | "part" | "asks" = "screen"): ((props: P) => JSX.Element) & { load: () => Promise<void> } {
  let found: ComponentType<P> | undefined;
  const load = async (): Promise<void> => {
    found ??= await fetch();
  };
  function Lazy(props: P): JSX.Element {
    const [state, setState] = useState<"waiting" | "ready" | "gone">(found ? "ready" : "waiting");
    useEffect(() => {
      // Also where the code came after the first picture and before this: else that picture would stay.
      if (state === "waiting") load().then(() => setState("ready"), () => setState("gone"));
    }, []);
    const [release] = useState(() => (where === "asks" ? holdKeys() : undefined));
    useLayoutEffect(() => () => release?.(false), []);
    // Behind the effects of the part itself, which give a field the focus.
    useEffect(() => {
      if (found || state === "gone") release?.(state !== "gone");
    }, [state]);
    if (found) return <>{h(found, props)}</>;
    const meanwhile = state === "gone" ? <Older /> : <Bones rows={where === "screen" ? 6 : 2} />;
    return where !== "screen" ? meanwhile : <Frame title="Redrive">{meanwhile}</Frame>;
  }
  return Object.assign(Lazy, { load });
}

function Older(): JSX.Element {
  return <div class="calm"><h2>This page is from an older version</h2><p>Redrive was updated since it was opened. <button type="button" onClick={() => location.reload()}>Load it again</button></p></div>;
}

function h<P extends object>(Found: ComponentType<P>, props: P): JSX.Element {
  return <Found {...props} />;
}
