import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren, JSX, TargetedKeyboardEvent } from "preact";
import type { Problem } from "../api.ts";
import { useKeys } from "../keys.ts";
import { parseQuery, type QueryError } from "../query.ts";
import { type Choice, useSuggestions } from "../suggest.ts";
import { capped } from "../text.ts";
import { Icon } from "./icon.tsx";
import { Foreign } from "./words.tsx";

/** The server's word on a query, where its parser found more than ours. */
export function queryErrorOf(problem: Problem | undefined, text: string): QueryError | null {
  if (problem?.code !== "query-invalid") return null;
  const start = Math.min(problem.position ?? 0, text.length);
  const word = /^[^\s:]*/.exec(text.slice(start))?.[0].length ?? 0;
  return { start, end: start + Math.max(1, word), message: problem.detail ?? problem.title, suggestion: problem.suggestion ?? null };
}

/** The filter bar. A query with a mistake is echoed as a compiler would, and not run. */
export function Filter({ value, label, run, children, server }: {
  value: string;
  label: string;
  run: (query: string) => void;
  server: QueryError | null;
  children?: ComponentChildren;
}): JSX.Element {
  const [text, setText] = useState(value);
  const [own, setOwn] = useState<QueryError | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const [at, setAt] = useState(-1);
  const choices = useSuggestions(text, caret);
  const offered = caret !== null && choices.length > 0;
  useEffect(() => {
    setText(value);
    setOwn(null);
  }, [value]);
  useKeys("List", [{ keys: "/", what: "Focus the filter", run: () => input.current?.focus() }]);
  const error = own ?? (text === value ? server : null);
  const submit = (query: string): void => {
    setCaret(null);
    const { error: found } = parseQuery(query);
    setOwn(found ?? null);
    setText(query);
    if (!found) run(query.trim());
  };
  const take = (choice: Choice): void => {
    const end = choice.from + choice.text.length;
    setText(text.slice(0, choice.from) + choice.text + text.slice(choice.to).trimStart());
    setCaret(end);
    setAt(-1);
    input.current?.focus();
    // The field has its text after the next draw.
    requestAnimationFrame(() => input.current?.setSelectionRange(end, end));
  };
  const walk = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    const chosen = choices[at];
    if (event.key === "Escape") {
      if (offered) setCaret(null);
      else event.currentTarget.blur();
    } else if (offered && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      setAt((at + (event.key === "ArrowDown" ? 1 : choices.length) + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % choices.length);
      event.preventDefault();
    } else if (event.key === "ArrowDown") setCaret(event.currentTarget.selectionStart);
    else if (offered && (event.key === "Enter" || event.key === "Tab") && chosen) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === "Tab") setCaret(null);
  };
  return (
    <>
      <form class="ask" role="search" onSubmit={(event) => { event.preventDefault(); submit(text); }}>
        <div class="q">
          <Icon name="search" />
          <input
            ref={input} type="search" enterKeyHint="search" aria-label={label} placeholder="topic:orders-dlt class:JsonMapping* is:open" spellcheck={false} autocomplete="off" autocapitalize="off"
            value={text} aria-invalid={error !== null} {...(error ? { "aria-describedby": "ask-error" } : {})}
            aria-autocomplete="list" aria-controls="ask-choices" {...(offered && at >= 0 ? { "aria-activedescendant": `ask-choice-${at}` } : {})}
            onInput={(event) => { setText(event.currentTarget.value); setCaret(event.currentTarget.selectionStart); setAt(-1); }}
            onKeyDown={walk} onBlur={() => setCaret(null)}
          />
          <kbd>/</kbd>
          <ul class="choices-list" id="ask-choices" role="listbox" aria-label="Suggestions" hidden={!offered}>
            {choices.map((choice, i) => (
              <li role="option" id={`ask-choice-${i}`} aria-selected={i === at} onMouseDown={(event) => { event.preventDefault(); take(choice); }}>
                <span class="cut mono"><Foreign text={choice.shown} /></span>{choice.count && <span class="n">{capped(choice.count)}</span>}
              </li>
            ))}
          </ul>
        </div>
        {children}
      </form>
      {error && <Echo id="ask-error" text={text} error={error} said="Not run." mend={submit} shown={own ? <>The list below still shows {value ? <code>{value}</code> : "all"}.</> : null} />}
    </>
  );
}

/**
 * A query with its mistake, as a compiler would show it.
 *
 * @param said what came of it
 * @param mend takes the query as it was probably meant
 */
export function Echo({ id, text, error, said, mend, shown }: { id: string; text: string; error: QueryError; said: string; mend: (query: string) => void; shown?: JSX.Element | null }): JSX.Element {
  const { start, end, suggestion } = error;
  return (
    <div class="echo tight" id={id} role="alert">
      <p><code>{text.slice(0, start)}<u>{text.slice(start, end) || "␣"}</u>{text.slice(end)}</code></p>
      <p>
        <span class="b">{said}</span> {error.message} Character{end > start + 1 ? `s ${start + 1} to ${end}` : ` ${start + 1}`}.
        {suggestion && <> Did you mean <button type="button" class="link" onClick={() => mend(text.slice(0, start) + suggestion + text.slice(end + (suggestion.endsWith(":") && text[end] === ":" ? 1 : 0)))}>{suggestion}</button>?</>}
        {" "}{shown}
      </p>
    </div>
  );
}
