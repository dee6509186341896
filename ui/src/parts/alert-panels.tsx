import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren, JSX } from "preact";
import { ask } from "../api.ts";
import { silencing, type Alert } from "../alerting.ts";
import { hint } from "../live.ts";
import { lastReason } from "../prefs.ts";
import { say } from "../toast.ts";
import { useAttempt } from "./alert-words.tsx";
import { SilenceForm } from "./silence-form.tsx";
import { ProblemBanner } from "./states.tsx";
import { Foreign } from "./words.tsx";

interface About {
  alert: Alert;
  close: () => void;
  done: () => void;
}

/** The question that comes before an act on an alert; the field to type in has the focus before the next key arrives. */
function Panel({ word, alert, close, children }: { word: string; alert: Alert; close: () => void; children: ComponentChildren }): JSX.Element {
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    panel.current?.scrollIntoView({ block: "nearest" });
    const field = panel.current?.querySelector<HTMLInputElement>("[data-first]");
    field?.focus();
    field?.select();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <section ref={panel} class="panel stack" aria-label={`${word} ${alert.title}`} onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } }}>
      <div class="head"><h2>{word} <span class="soft"><Foreign text={alert.title} /></span></h2><button type="button" class="end" onClick={close}>Cancel <kbd>Esc</kbd></button></div>
      {children}
    </section>
  );
}

export function AcknowledgePanel({ alert, close, done }: About): JSX.Element {
  const [note, setNote] = useState("");
  const { problem, busy, run } = useAttempt();
  const acknowledge = (): Promise<void> => run(async () => {
    await ask("POST", `/alerts/${alert.id}/acknowledgements`, { body: note.trim() === "" ? {} : { note: note.trim() } });
    hint("alerts");
    close();
    done();
    say("Acknowledged. Nobody is reminded of it until it is resolved.");
  });
  return (
    <Panel word="Acknowledge" alert={alert} close={close}>
      {problem && <ProblemBanner problem={problem} />}
      <form class="acts end-fields" onSubmit={(event) => { event.preventDefault(); if (!busy) void acknowledge(); }}>
        <label class="field grow"><span class="help">Note for the others, if you like</span><input data-first maxLength={500} placeholder="I look at it" value={note} onInput={(event) => setNote(event.currentTarget.value)} /></label>
        <button class="go" disabled={busy}>Acknowledge <kbd>↵</kbd></button>
      </form>
    </Panel>
  );
}

/** Filled in, so that the second key silences; whoever has a better reason types over the one that stands there. */
export function SilencePanel({ alert, close, done }: About): JSX.Element {
  return (
    <Panel word="Silence" alert={alert} close={close}>
      <SilenceForm query={silencing(alert)} reason={lastReason.value || `Known: ${alert.title}`.slice(0, 500)} done={() => { close(); done(); }} />
    </Panel>
  );
}
