import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import type { Reach } from "../paging.ts";
import { count } from "../text.ts";

/** A first answer that lets one wait is told of, and can be given up. */
export function Searching({ stop }: { stop: () => void }): JSX.Element | null {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 700);
    return () => clearTimeout(timer);
  }, []);
  return long ? <p class="line help" role="status">Searching… <button type="button" onClick={stop}>Stop</button></p> : null;
}

/** How far a slow search came, and the way on. */
export function Searched({ reach, further, halt }: { reach: Reach; further: () => void; halt: () => void }): JSX.Element {
  const of = reach.of === null ? "" : ` of ${count(Math.max(reach.of, reach.looked))}`;
  return (
    <span class="help line" role="status">
      <span>{reach.next === null ? "Searched all" : `Searched ${count(reach.looked)}${of}`} letters{reach.busy && ", searching on…"}</span>
      {reach.busy ? <button type="button" onClick={halt}>Stop</button> : reach.next !== null && <button type="button" onClick={further}>Search further back</button>}
      {reach.problem && <span role="alert">It stopped: {reach.problem.detail ?? reach.problem.title}</span>}
    </span>
  );
}
