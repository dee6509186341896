import type { ComponentChildren, JSX } from "preact";
import type { Problem } from "../api.ts";
import type { Load } from "../load.ts";
import { withParams } from "../router.ts";
import { span, now } from "../time.ts";
import { Icon } from "./icon.tsx";
import { Copy } from "./words.tsx";

/** What was not done, why, and the trace id to give to whoever can look deeper. */
export function ProblemBanner({ problem, again, at = 0 }: { problem: Problem; again?: () => void; at?: number }): JSX.Element {
  const away = problem.status === 0 || problem.status === 503;
  // Of these another try gets the same answer.
  const settled = problem.status === 403 || problem.status === 404;
  return (
    <div class={`banner ${away ? "decide" : "alarm"}`} role="alert">
      <Icon name={away ? "warn" : "fail"} />
      <p>
        <span class="b">{problem.title}</span>
        {problem.detail && problem.detail !== problem.title && <> {problem.detail}</>}
        {problem.errors?.map((error) => <span class="block">{error.pointer ?? error.parameter ?? ""} {error.detail}</span>)}
        {at > 0 && <span class="block">What is shown is {span(now.value - at)} old.</span>}
        {problem.traceId && <small class="block">Trace <code>{problem.traceId}</code></small>}
      </p>
      {problem.code === "cursor-mismatch" ? <a class="button" href={withParams({})}>Show the first page</a> : again && !settled && <button type="button" onClick={again}>Try again</button>}
      {problem.traceId && <Copy text={problem.traceId} what="Trace id" />}
    </div>
  );
}

export function Notice({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <div class="banner decide" role="status">
      <Icon name="warn" />
      <p>{children}</p>
    </div>
  );
}

/** Rows of the height of those to come. */
export function Bones({ rows = 6 }: { rows?: number }): JSX.Element {
  return (
    <div class="bones" role="status">
      <span class="vh">Loading</span>
      {Array.from({ length: rows }, () => (
        <div aria-hidden="true"><span class="bone w1" /><span class="bone w3" /><span class="bone w2" /></div>
      ))}
    </div>
  );
}

/** Bones, problem and stale data in their order; the data itself is drawn by `children`. */
export function Loaded<T>({ load, rows = 6, children }: { load: Load<T>; rows?: number; children: (data: T) => ComponentChildren }): JSX.Element {
  const { data, problem } = load;
  return (
    <>
      {problem && <ProblemBanner problem={problem} again={load.again} at={data === undefined ? 0 : load.at} />}
      {load.bones && <Bones rows={rows} />}
      {data !== undefined && <div class={`stack${problem ? " stale" : ""}`} aria-busy={load.busy}>{children(data)}</div>}
    </>
  );
}
