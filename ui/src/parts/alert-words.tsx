import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import { asProblem, type Problem } from "../api.ts";
import type { Alert, Delivery, Endpoint, Severity, Subject } from "../alerting.ts";
import { subjectHref } from "../alerting.ts";
import { inUnit, isoOf, unitNames, type Unit } from "../durations.ts";
import { paths, setParam, url } from "../router.ts";
import { now, span } from "../time.ts";
import type { IconName } from "./icon.tsx";
import { At, Badge, Dotted, Foreign, type Tone } from "./words.tsx";

interface Look {
  word: string;
  tone: Tone;
  loud: "fill" | "ring" | "";
  icon: IconName;
}
const look = (word: string, tone: Tone, loud: Look["loud"], icon: IconName): Look => ({ word, tone, loud, icon });

export const severities: Record<Severity, Look> = {
  critical: look("Critical", "alarm", "fill", "fail"),
  error: look("Error", "alarm", "ring", "fail"),
  warning: look("Warning", "decide", "ring", "warn"),
  info: look("Info", "rest", "", "ongoing"),
};
export const deliveryStates: Record<Delivery["state"], Look> = {
  pending: look("Waiting", "moving", "ring", "replaying"),
  delivered: look("Delivered", "settled", "", "recovered"),
  dead: look("Given up", "alarm", "fill", "fail"),
  suppressed: look("Held back", "rest", "", "snoozed"),
};

export function SeverityBadge({ of }: { of: Severity }): JSX.Element {
  const { tone, loud, icon, word } = severities[of];
  return <Badge tone={tone} loud={loud} icon={icon}>{word}</Badge>;
}

/** The tabs of the screen. */
const tabs = { "": "Alerts", rules: "Rules", deliveries: "Deliveries", silences: "Silences", endpoints: "Endpoints" } as const;
export type Tab = keyof typeof tabs;

export function AlertsNav({ here }: { here: Tab }): JSX.Element {
  return (
    <nav class="switch tabs" aria-label="Alerting">
      {(Object.keys(tabs) as Tab[]).map((tab) => <a class="button" href={paths.alerts(tab)} {...(tab === here ? { "aria-current": "page" as const } : {})}>{tabs[tab]}</a>)}
    </nav>
  );
}

/** What an alert is about, as a link where a page of ours shows it. */
export function SubjectLink({ subject, link, children }: { subject: Subject; link?: string; children?: string }): JSX.Element {
  const href = subjectHref(subject, link);
  const text = children === undefined ? <span class="mono"><Dotted name={subject.title} /></span> : <Foreign text={children} />;
  return href === null ? text : <a href={href}>{text}</a>;
}

/** That an endpoint is left alone, since when and until when; nothing while it takes what it is sent. */
export function Resting({ of: { failingSince, nextTrialAt } }: { of: Pick<Endpoint, "failingSince" | "nextTrialAt"> }): JSX.Element | null {
  if (failingSince === null || nextTrialAt === null) return null;
  const wait = Date.parse(nextTrialAt) - now.value;
  return <>It has taken nothing since <At time={failingSince} />, so what is for it waits in its order; next trial {wait > 0 ? <>in {span(wait)}</> : "now"}.</>;
}

/** Why nobody is told, in words, with the way to what holds it back. */
export function SuppressedBy({ by }: { by: NonNullable<Alert["suppressedBy"]> }): JSX.Element {
  const what = <Foreign text={by.what} />;
  if (by.kind === "silence") return <>Silenced: <a href={paths.alerts("silences")}>{what}</a></>;
  return by.kind === "inhibition" ? <>Held back by {what}</> : <>Acknowledged: {what}</>;
}

export function WebLink({ href, children }: { href: string; children: string }): JSX.Element | null {
  return /^https?:\/\//i.test(href) ? <a href={href} target="_blank" rel="noopener noreferrer">{children}</a> : null;
}

/** The way to what is older, and back. */
export function Pages({ next }: { next: string | null }): JSX.Element | null {
  const cursor = url.value.searchParams.get("cursor");
  if (next === null && cursor === null) return null;
  return (
    <nav class="acts" aria-label="Pages">
      {cursor !== null && <button type="button" onClick={() => setParam("cursor", null)}>Newest</button>}
      {next !== null && <button type="button" onClick={() => setParam("cursor", next)}>Older</button>}
    </nav>
  );
}

export interface Attempt {
  problem: Problem | undefined;
  busy: boolean;
  /** Keeps the problem of what did not go through. */
  run: (act: () => Promise<void>) => Promise<void>;
}
export function useAttempt(): Attempt {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const run = async (act: () => Promise<void>): Promise<void> => {
    setProblem(undefined);
    setBusy(true);
    try {
      await act();
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return { problem, busy, run };
}

/** An answer to what is being typed, asked for a moment after the last key; an older answer never replaces a newer one. */
export function usePreview<T>(key: string | null, fetcher: (abort: AbortSignal) => Promise<T>): { data?: T; problem?: Problem } {
  const [found, setFound] = useState<{ key: string | null; data?: T; problem?: Problem }>({ key: null });
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      fetcher(abort.signal).then((data) => setFound({ key, data }), (error: unknown) => { if (!abort.signal.aborted) setFound({ key, problem: asProblem(error) }); });
    }, 300);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);
  return found.key === key ? found : {};
}

/** What a problem says of one field. */
export function saidOf(problem: Problem | undefined, pointer: string): string | undefined {
  return problem?.errors?.find((error) => error.pointer === pointer)?.detail;
}

export function DurationField({ name, help, value, set }: { name: string; help?: string; value: string; set: (iso: string) => void }): JSX.Element {
  const [[n, unit], setTime] = useState<[number, Unit]>(() => inUnit(value));
  const time = (next: number, of: Unit): void => {
    setTime([next, of]);
    set(isoOf(Math.max(0, Math.floor(next)), of));
  };
  return (
    <fieldset class="field">
      <legend class="help">{name}</legend>
      <span class="keep">
        <input type="number" min={0} aria-label={name} value={n} onInput={(event) => time(event.currentTarget.valueAsNumber || 0, unit)} />
        <select aria-label={`Unit of ${name.toLowerCase()}`} value={unit} onChange={(event) => time(n, event.currentTarget.value as Unit)}>{unitNames.map((one) => <option value={one}>{one}s</option>)}</select>
      </span>
      {help && <span class="help">{help}</span>}
    </fieldset>
  );
}
