import { useMemo, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask } from "../api.ts";
import type { Silence, SilencePreview } from "../alerting.ts";
import { hint } from "../live.ts";
import { maker } from "../once.ts";
import { lastReason } from "../prefs.ts";
import { plural } from "../text.ts";
import { exact, fromField, now, toField } from "../time.ts";
import { say } from "../toast.ts";
import { tomorrow } from "../triage.ts";
import { saidOf, useAttempt, usePreview } from "./alert-words.tsx";
import { Echo, queryErrorOf } from "./filter.tsx";
import { ProblemBanner } from "./states.tsx";
import { At, Foreign } from "./words.tsx";

const hour = 3_600_000;
const longest = 30 * 24 * hour;
const choices = { hour: "1 hour", hours: "4 hours", tomorrow: "Until tomorrow, 9:00", time: "Until a time" } as const;
type Choice = keyof typeof choices;

/** @return ms since 1970; null where the time typed is none */
function end(choice: Choice, typed: string): number | null {
  if (choice === "tomorrow") return Date.parse(tomorrow());
  return choice === "time" ? fromField(typed) : Date.now() + (choice === "hour" ? 1 : 4) * hour;
}

/** Says which alerts nobody is told of, until when and why, and shows which that are now. */
export function SilenceForm({ query = "", reason = "", done }: { query?: string; reason?: string; done: () => void }): JSX.Element {
  const [q, setQ] = useState(query);
  const [choice, setChoice] = useState<Choice>("hour");
  const [typed, setTyped] = useState(toField(Date.now() + 24 * hour));
  const [why, setWhy] = useState(reason);
  const { problem, busy, run } = useAttempt();
  const make = useMemo(maker, []);
  const asked = q.trim();
  const preview = usePreview<SilencePreview>(asked === "" ? null : asked, async (signal) => (await ask<SilencePreview>("POST", "/silences/previews", { body: { query: asked }, signal })).data);
  const error = queryErrorOf(preview.problem ?? problem, q);
  const until = end(choice, typed);
  const early = until !== null && until <= now.value;
  const missing = asked === "" ? "Say which alerts." : until === null || early ? "The end lies in the past." : until - now.value > longest ? "At most 30 days; what is silent for longer is a rule to change." : why.trim() === "" ? "Say why." : null;
  const silence = (): Promise<void> => run(async () => {
    lastReason.value = why.trim();
    const data = await make<Silence>("/silences", { query: asked, until: new Date(end(choice, typed) ?? 0).toISOString(), reason: why.trim() }, [asked, choice, typed, why.trim()]);
    hint("alerts");
    done();
    say(`Silenced until ${exact(data.until)}.`, async () => {
      await ask("DELETE", `/silences/${data.id}`);
      hint("alerts");
      say("The silence is ended.");
    });
  });
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); if (!busy && missing === null && !error) void silence(); }}>
      {problem && !error && <ProblemBanner problem={problem} />}
      <label class="field"><span class="help">Alerts to silence: <code>topic:</code> <code>group:</code> <code>consumer:</code> <code>class:</code> <code>severity:</code> <code>rule:</code></span>
        <input class="mono" maxLength={4000} spellcheck={false} autocomplete="off" autocapitalize="off" placeholder="topic:orders-* severity:warning,info" value={q} aria-invalid={error !== null} {...(error ? { "aria-describedby": "silence-error" } : {})} onInput={(event) => setQ(event.currentTarget.value)} />
      </label>
      {error && <Echo id="silence-error" text={q} error={error} said="Not understood." mend={setQ} />}
      <fieldset class="acts">
        <legend class="help">For how long</legend>
        {(Object.keys(choices) as Choice[]).map((one) => <label class="tick"><input type="radio" name="until" checked={choice === one} onChange={() => setChoice(one)} />{choices[one]}</label>)}
        {choice === "time" && <input class="when" type="datetime-local" aria-label="End of the silence" value={typed} min={toField(now.value)} max={toField(now.value + longest)} onInput={(event) => setTyped(event.currentTarget.value)} />}
      </fieldset>
      <label class="field"><span class="help">Why, for the audit and whoever wonders</span><input data-first required maxLength={500} value={why} aria-invalid={saidOf(problem, "/reason") !== undefined} onInput={(event) => setWhy(event.currentTarget.value)} /></label>
      <div class="acts">
        <button class="go" disabled={busy || missing !== null || error !== null}>Silence <kbd>↵</kbd></button>
        <span class="soft" role="status">{missing ?? <Matching preview={preview.data} />}{missing === null && until !== null && <>, ends <At time={new Date(until).toISOString()} /></>}</span>
      </div>
      {preview.data && preview.data.total > 0 && <ul class="tight-rows soft" aria-label="Alerts it silences now">{preview.data.matches.slice(0, 10).map((one) => <li class="any"><Foreign text={one.title} /></li>)}</ul>}
    </form>
  );
}

function Matching({ preview }: { preview: SilencePreview | undefined }): JSX.Element {
  if (!preview) return <>Looking…</>;
  return preview.total === 0 ? <>Matches no alert now; those to come are silenced</> : <>Matches {plural(preview.total, "alert")} now</>;
}
