import type { JSX } from "preact";
import type { Problem } from "../api.ts";
import type { Condition, Endpoint, RuleEdit, Severity } from "../alerting.ts";
import { conditions, under, type Filters } from "../conditions.ts";
import type { QueryError } from "../query.ts";
import { DurationField, saidOf, severities } from "./alert-words.tsx";
import { Echo } from "./filter.tsx";
import { Foreign } from "./words.tsx";

interface Fields {
  rule: RuleEdit;
  set: (rule: RuleEdit) => void;
  endpoints: Endpoint[];
  problem: Problem | undefined;
  /** A rule that exists keeps its condition: its alerts are of that. */
  kept: boolean;
  queryError: QueryError | null;
}
const groups: [name: string, of: Condition[]][] = [
  ["Letters", ["new-group", "regressed", "escalating", "topic-escalating", "letters", "oldest-open"]],
  ["Topics and consumers", ["consumer-lag", "stuck-consumer", "topic-unready", "hanging-transaction"]],
  ["Redrive and its work", ["ingest-lag", "expiry", "gap", "job-stopped", "job-finished", "replay-uncertain", "delivery-dead", "cluster-unreachable"]],
];

/** Every field says what it does where one types; what is typed counts at once, and nothing is saved here. */
export function RuleFields({ rule, set, endpoints, problem, kept, queryError }: Fields): JSX.Element {
  const about = conditions[rule.condition];
  return (
    <>
      <div class="pair">
        <label class="field"><span class="help">Name</span><input required maxLength={100} autocomplete="off" value={rule.name} aria-invalid={saidOf(problem, "/name") !== undefined} onInput={(event) => set({ ...rule, name: event.currentTarget.value })} /></label>
        <label class="field"><span class="help">Severity</span><select value={rule.severity} onChange={(event) => set({ ...rule, severity: event.currentTarget.value as Severity })}>{(Object.keys(severities) as Severity[]).map((one) => <option value={one}>{severities[one].word}</option>)}</select></label>
      </div>
      <div class="field"><label class="field"><span class="help">Watches for</span>
        <select value={rule.condition} disabled={kept} aria-describedby="condition-what" onChange={(event) => set(under(rule, event.currentTarget.value as Condition))}>
          {groups.map(([name, of]) => <optgroup label={name}>{of.map((one) => <option value={one}>{conditions[one].word}</option>)}</optgroup>)}
        </select></label>
        <span class="help" id="condition-what">{about.what}{kept && " It stays; make another rule to watch for something else."}</span>
      </div>
      <div class="pair" key={rule.condition}>
        {about.threshold && (
          <div class="field"><label class="field"><span class="help">{about.threshold.name}</span>
            <input type="number" aria-describedby="threshold-help" min={about.threshold.least} max={about.threshold.most} step={about.threshold.step ?? 1} value={rule.threshold ?? ""} placeholder={about.threshold.usual ?? String(about.threshold.first)} aria-invalid={saidOf(problem, "/threshold") !== undefined} onInput={(event) => set({ ...rule, threshold: Number.isNaN(event.currentTarget.valueAsNumber) ? null : event.currentTarget.valueAsNumber })} /></label>
            <span class="help" id="threshold-help">{about.threshold.help}{rule.threshold === null && ` Empty is ${about.threshold.usual ?? about.threshold.first}.`}</span>
          </div>
        )}
        {about.window && <DurationField name={about.window.name} help={about.window.help} value={rule.window ?? about.window.first} set={(window) => set({ ...rule, window })} />}
        <DurationField name="Holds for at least" help="0 fires at once. A little patience keeps a passing peak quiet." value={rule.forDuration} set={(forDuration) => set({ ...rule, forDuration })} />
      </div>
      {about.filters !== null && <Query rule={rule} set={set} error={queryError} filters={about.filters} />}
      <Told rule={rule} set={set} endpoints={endpoints} />
      <More rule={rule} set={set} endpoints={endpoints} problem={problem} payload={about.filters === "groups"} />
    </>
  );
}

const known: Record<Filters, string> = {
  letters: "As in the list of letters; all but what lies in headers and payloads.",
  rates: "About letters: topic, origin, consumer, group, class, cause and convention, with -, OR and parentheses.",
  groups: "About failure groups: topic, origin, consumer, group, class, cause, error and convention, with -, OR and parentheses.",
  topics: "About topics: topic, origin and consumer, with -, OR and parentheses.",
};

function Query({ rule, set, error, filters }: Pick<Fields, "rule" | "set"> & { error: QueryError | null; filters: Filters }): JSX.Element {
  const write = (text: string): void => set({ ...rule, query: text.trim() === "" ? null : text });
  return (
    <div class="stack tight-rows">
      <div class="field"><label class="field"><span class="help">Only what this filter leaves; everything, if left empty</span>
        <input class="mono" maxLength={4000} spellcheck={false} autocomplete="off" autocapitalize="off" placeholder={filters === "topics" ? "topic:orders-*" : "topic:orders-dlt class:JsonMapping*"} value={rule.query ?? ""} aria-invalid={error !== null} aria-describedby={error ? "rule-query-error rule-query-known" : "rule-query-known"} onInput={(event) => write(event.currentTarget.value)} /></label>
        <span class="help" id="rule-query-known">{known[filters]}</span>
      </div>
      {error && <Echo id="rule-query-error" text={rule.query ?? ""} error={error} said="Not understood." mend={write} />}
    </div>
  );
}

function Told({ rule, set, endpoints }: Pick<Fields, "rule" | "set" | "endpoints">): JSX.Element {
  const every = rule.endpointIds.length === 0;
  const flip = (id: string): void => set({ ...rule, endpointIds: rule.endpointIds.includes(id) ? rule.endpointIds.filter((one) => one !== id) : [...rule.endpointIds, id] });
  return (
    <fieldset class="acts">
      <legend class="help">Who is told</legend>
      <label class="tick"><input type="checkbox" checked={every} disabled={every} onChange={() => set({ ...rule, endpointIds: [] })} />Every active endpoint</label>
      {endpoints.filter((one) => one.kind !== "heartbeat").map((one) => <label class="tick"><input type="checkbox" checked={rule.endpointIds.includes(one.id)} onChange={() => flip(one.id)} /><Foreign text={one.name} />{one.state !== "active" && <span class="tag">off</span>}</label>)}
    </fieldset>
  );
}

/** What most rules leave as it is. */
function More({ rule, set, endpoints, problem, payload }: Omit<Fields, "queryError" | "kept"> & { payload: boolean }): JSX.Element {
  return (
    <details class="unfold">
      <summary><span>{payload ? "How often it is told, runbook, payload" : "How often it is told, runbook"}</span></summary>
      <div class="stack">
        <div class="pair">
          <DurationField name="Waits for more of its kind" help="What fires within this time goes into the first message." value={rule.groupWait} set={(groupWait) => set({ ...rule, groupWait })} />
          <DurationField name="At most one message in" help="What fires later waits for the next message." value={rule.groupInterval} set={(groupInterval) => set({ ...rule, groupInterval })} />
          <DurationField name="Reminds every" help="As long as it fires and nobody acknowledges it; 0 never." value={rule.repeatInterval} set={(repeatInterval) => set({ ...rule, repeatInterval })} />
        </div>
        <label class="field"><span class="help">Runbook, an address that stands in every message</span><input type="url" maxLength={2000} placeholder="https://wiki.example.org/orders-dlt" value={rule.runbookUrl ?? ""} aria-invalid={saidOf(problem, "/runbookUrl") !== undefined} onInput={(event) => set({ ...rule, runbookUrl: event.currentTarget.value.trim() || null })} /></label>
        {payload && <PayloadTick rule={rule} set={set} allowed={endpoints.some((one) => one.allowsPayload)} />}
      </div>
    </details>
  );
}

/** A message shows the first letter of the one failure group that it is about. */
function PayloadTick({ rule, set, allowed }: Pick<Fields, "rule" | "set"> & { allowed: boolean }): JSX.Element {
  return (
    <>
      <label class="tick"><input type="checkbox" checked={rule.showPayload} disabled={!allowed && !rule.showPayload} onChange={() => set({ ...rule, showPayload: !rule.showPayload })} />Show the beginning of a payload in the message</label>
      <p class="help tight">{allowed ? "Only endpoints that allow payloads get it. A payload may hold what not everybody in a chat may read." : "No endpoint allows payloads, so none is sent."}</p>
    </>
  );
}
