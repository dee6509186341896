import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren, JSX } from "preact";
import type { Problem } from "../api.ts";
import { useKeys } from "../keys.ts";
import { parseQuery, type QueryError } from "../query.ts";
import { Icon } from "./icon.tsx";

/** The server's word on a query, where its parser found more than ours. */
export function queryErrorOf(problem: Problem | undefined, text: string): QueryError | null {
  if (problem?.code !== "query-invalid") return null;
  const start = Math.min(problem.position ?? 0, text.length);
  const word = /^[^\s:]*/.exec(text.slice(start))?.[0].length ?? 0;
  return { start, end: start + Math.max(1, word), message: problem.detail ?? problem.title, suggestion: problem.suggestion ?? null };
}

/** The filter bar. A query with a mistake is echoed as a compiler would, and not run. */
export function Filter({ value, label, run, children, server, shown }: {
  value: string;
  label: string;
  run: (query: string) => void;
  server: QueryError | null;
  /** What the list below still shows, in words. */
  shown: string;
  children?: ComponentChildren;
}): JSX.Element {
  const [text, setText] = useState(value);
  const [own, setOwn] = useState<QueryError | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setText(value);
    setOwn(null);
  }, [value]);
  useKeys("List", [{ keys: "/", what: "Focus the filter", run: () => input.current?.focus() }]);
  const error = own ?? (text === value ? server : null);
  const submit = (query: string): void => {
    const { error: found } = parseQuery(query);
    setOwn(found ?? null);
    setText(query);
    if (!found) run(query.trim());
  };
  return (
    <>
      <form class="ask" role="search" onSubmit={(event) => { event.preventDefault(); submit(text); }}>
        <div class="q">
          <Icon name="search" />
          <input
            ref={input} type="search" enterKeyHint="search" aria-label={label} placeholder="topic:orders-dlt class:JsonMapping* is:open" spellcheck={false} autocomplete="off" autocapitalize="off"
            value={text} aria-invalid={error !== null} {...(error ? { "aria-describedby": "ask-error" } : {})}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => { if (event.key === "Escape") event.currentTarget.blur(); }}
          />
          <kbd>/</kbd>
        </div>
        {children}
      </form>
      {error && (
        <div class="echo tight" id="ask-error" role="alert">
          <p><code>{text.slice(0, error.start)}<u>{text.slice(error.start, error.end) || "␣"}</u>{text.slice(error.end)}</code></p>
          <p>
            <span class="b">Not run.</span> {error.message} Character {error.start + 1}{error.end > error.start + 1 && ` to ${error.end}`}.
            {error.suggestion && <> Did you mean <button type="button" class="link" onClick={() => submit(text.slice(0, error.start) + error.suggestion + text.slice(error.end + (error.suggestion?.endsWith(":") && text[error.end] === ":" ? 1 : 0)))}>{error.suggestion}</button>?</>}
            {" "}{shown}
          </p>
        </div>
      )}
    </>
  );
}
