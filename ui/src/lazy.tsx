import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Frame } from "./parts/frame.tsx";
import { Bones } from "./parts/states.tsx";

/** A screen, or a part of one, whose code comes when it is needed. Code that is gone means that a newer version was installed. */
export function lazy<P extends object>(fetch: () => Promise<ComponentType<P>>, where: "screen" | "part" = "screen"): ((props: P) => JSX.Element) & { load: () => Promise<void> } {
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
    if (found) return <>{h(found, props)}</>;
    const meanwhile = state === "gone" ? <Older /> : <Bones rows={where === "part" ? 2 : 6} />;
    return where === "part" ? meanwhile : <Frame title="Redrive">{meanwhile}</Frame>;
  }
  return Object.assign(Lazy, { load });
}

function Older(): JSX.Element {
  return <div class="calm"><h2>This page is from an older version</h2><p>Redrive was updated since it was opened. <button type="button" onClick={() => location.reload()}>Load it again</button></p></div>;
}

function h<P extends object>(Found: ComponentType<P>, props: P): JSX.Element {
  return <Found {...props} />;
}
