import { useEffect, useMemo, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, get, type Problem } from "../api.ts";
import { newKey } from "../actions.ts";
import type { ClusterPage, TopicProposal, TopicRequest } from "../contract.ts";
import { hint } from "../live.ts";
import { useLoad } from "../load.ts";
import { paths } from "../router.ts";
import { say } from "../toast.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { Bones, ProblemBanner } from "./states.tsx";
import { Copy } from "./words.tsx";

type Parameter = TopicProposal["parameters"][number];
type Finding = TopicProposal["findings"][number];
const choices: Record<string, string[]> = { "cleanup.policy": ["delete", "compact", "compact,delete"], "compression.type": ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"], "unclean.leader.election.enable": ["false", "true"] };
const looks = { refusal: ["alarm", "fail", "Refused"], warning: ["decide", "warn", "Warning"], advice: ["rest", "open", "Advice"] } as const;

/** A topic is made only as it is shown here, with every warning ticked. */
export function CreateTopic({ origin = "", cluster, close, done }: { origin?: string; cluster?: string; close: () => void; done?: () => void }): JSX.Element {
  const [name, setName] = useState(origin ? `${origin}-dlt` : "");
  const [source, setSource] = useState(origin);
  const [where, setWhere] = useState(cluster);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [accepted, setAccepted] = useState<string[]>([]);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Problem>();
  const clusters = useLoad(cluster ? null : "clusters", (abort) => get<ClusterPage>("/clusters", abort)).data?.items.filter((one) => one.configured) ?? [];
  const place = where ?? (clusters.length > 1 ? clusters[0]?.name : undefined);
  const body = request(name.trim(), source.trim(), place, typed);
  const { proposal, problem, pending, again } = useProposal(body);
  const warnings = proposal?.findings.filter((finding) => finding.level === "warning") ?? [];
  const refused = proposal?.findings.some((finding) => finding.level === "refusal") ?? true;
  const open = warnings.filter((finding) => !accepted.includes(finding.id));
  const whole = { ...body, accept: warnings.map((finding) => finding.id).filter((id) => accepted.includes(id)), ...(reason.trim() ? { reason: reason.trim() } : {}) };
  // A second click, or a second try after a lost answer, is the same request.
  const key = useMemo(newKey, [JSON.stringify(whole)]);
  const create = async (): Promise<void> => {
    setBusy(true);
    try {
      const { data } = await ask<TopicProposal>("POST", "/topics", { body: whole, headers: { "Idempotency-Key": `"${key}"` } });
      say(`${data.name} exists.`, undefined, { word: "Look at its readiness", href: paths.topic(data.name, data.cluster) });
      hint("topics");
      done?.();
      close();
    } catch (error) {
      setFailed(asProblem(error));
      setBusy(false);
    }
  };
  const shown = (pointer: string): Finding[] => (pending ? [] : (proposal?.findings.filter((finding) => finding.pointer === pointer) ?? []));
  const tick = (id: string): void => setAccepted(accepted.includes(id) ? accepted.filter((one) => one !== id) : [...accepted, id]);
  return (
    <Dialog title={origin ? "Make a dead-letter topic" : "Create a topic"} close={close}>
      <form class="stack" onSubmit={(event) => { event.preventDefault(); if (!refused && !pending && open.length === 0 && !busy) void create(); }}>
        {clusters.length > 1 && <label class="field"><span class="help">Cluster</span><select value={place} onChange={(event) => setWhere(event.currentTarget.value)}>{clusters.map((one) => <option>{one.name}</option>)}</select></label>}
        <Field label="Name" help="domain.entity.event; a dead-letter topic has the name of its origin and -dlt." findings={shown("/name")}>
          {(props) => <input {...props} class="mono" data-first spellcheck={false} autocomplete="off" value={name} placeholder="shop.order.placed" onInput={(event) => setName(event.currentTarget.value)} />}
        </Field>
        <Field label="Dead letters of" help="The origin, if it is to hold dead letters. It decides what is recommended below." findings={shown("/origin")}>
          {(props) => <input {...props} class="mono" spellcheck={false} autocomplete="off" value={source} onInput={(event) => setSource(event.currentTarget.value)} />}
        </Field>
        {problem && <ProblemBanner problem={problem} again={again} />}
        {!name.trim() ? <p class="soft">Type a name, and everything else is proposed.</p> : !proposal && !problem ? <Bones rows={4} /> : null}
        {proposal && proposal.parameters.map((parameter) => (
          <Setting parameter={parameter} value={typed[parameter.name] ?? parameter.value} findings={shown(parameter.config ? `/configs/${parameter.name}` : `/${parameter.name}`)} set={(value) => setTyped(({ [parameter.name]: _, ...others }) => (value === null ? others : { ...others, [parameter.name]: value }))} />
        ))}
        {shown("/configs").concat(shown("")).map((finding) => <Found finding={finding} />)}
        {warnings.length > 0 && (
          <fieldset class="stack tight-rows" aria-label="Accept the warnings"><p class="b">Accept what is not as recommended</p>
            {warnings.map((finding) => <label class="tick"><input type="checkbox" checked={accepted.includes(finding.id)} onChange={() => tick(finding.id)} /><span>{finding.detail}</span></label>)}
          </fieldset>
        )}
        {proposal && <div class="field"><span class="help" id="topic-command">The same on a command line</span><div class="acts" role="group" aria-labelledby="topic-command"><code class="grow any">{proposal.command}</code><Copy text={proposal.command} what="Command" /></div></div>}
        <label class="field"><span class="help">Why, for the audit</span><input maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
        {failed && <ProblemBanner problem={failed} />}
        <div class="acts dock">
          <button class="go" disabled={refused || pending || open.length > 0 || busy}>Create {name.trim() || "the topic"}</button>
          <span class="soft" role="status">{!proposal ? "" : pending ? "Checking…" : refused ? "It is refused as it stands." : open.length > 0 ? `${open.length === 1 ? "One warning is" : `${open.length} warnings are`} to be accepted.` : "Nothing speaks against it."}</span>
        </div>
      </form>
    </Dialog>
  );
}

function request(name: string, origin: string, cluster: string | undefined, typed: Record<string, string>): TopicRequest {
  const { partitions, replicationFactor, ...configs } = typed;
  const number = (field: string, value: string | undefined): Record<string, number> => (value !== undefined && /^\d{1,5}$/.test(value.trim()) ? { [field]: Math.min(Number(value), 32_767) } : value === undefined ? {} : { [field]: 0 });
  return { name, ...(origin ? { origin } : {}), ...(cluster ? { cluster } : {}), ...number("partitions", partitions), ...number("replicationFactor", replicationFactor), configs };
}

/** What the server says about the topic as it is typed now; the latest answer stays until the next one. */
function useProposal(body: TopicRequest): { proposal: TopicProposal | undefined; problem: Problem | undefined; pending: boolean; again: () => void } {
  const [state, setState] = useState<{ of: string; proposal?: TopicProposal; problem?: Problem }>({ of: "" });
  const [tries, setTries] = useState(0);
  const text = JSON.stringify(body);
  useEffect(() => {
    if (!body.name) return setState({ of: text });
    const abort = new AbortController();
    const timer = setTimeout(() => {
      ask<TopicProposal>("POST", "/topics", { body: { ...body, validateOnly: true }, signal: abort.signal }).then(
        ({ data }) => setState({ of: text, proposal: data }),
        (error: unknown) => abort.signal.aborted || setState(({ proposal }) => ({ of: text, problem: asProblem(error), ...(proposal ? { proposal } : {}) })),
      );
    }, 250);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, tries]);
  return { proposal: state.proposal, problem: state.problem, pending: state.of !== text || state.problem !== undefined, again: () => setTries(tries + 1) };
}

function Setting({ parameter, value, findings, set }: { parameter: Parameter; value: string; findings: Finding[]; set: (value: string | null) => void }): JSX.Element {
  const label = parameter.name === "replicationFactor" ? "replication factor" : parameter.name;
  const options = choices[parameter.name];
  return (
    <Field label={label} help={parameter.meaning} findings={findings} after={value !== parameter.recommended && <button type="button" class="link" onClick={() => set(null)}>Recommended: {parameter.recommended}<span class="vh"> for {label}</span></button>}>
      {(props) => options
        ? <select {...props} value={value} onChange={(event) => set(event.currentTarget.value)}>{options.map((option) => <option>{option}</option>)}</select>
        : <input {...props} class="mono" inputMode="numeric" value={value} onInput={(event) => set(event.currentTarget.value)} />}
    </Field>
  );
}

interface Props { id: string; "aria-describedby": string; "aria-invalid": "true" | "false" }

function Field({ label, help, findings, after, children }: { label: string; help: string; findings: Finding[]; after?: JSX.Element | false; children: (props: Props) => JSX.Element }): JSX.Element {
  const id = `topic-${label.replace(/\W+/g, "-")}`;
  return (
    <div class="field">
      <label class="b" for={id}>{label}</label>
      {children({ id, "aria-describedby": `${id}-help`, "aria-invalid": findings.some((finding) => finding.level === "refusal") ? "true" : "false" })}
      <div id={`${id}-help`}><span class="help">{help}</span>{findings.map((finding) => <Found finding={finding} />)}</div>
      {after}
    </div>
  );
}

function Found({ finding }: { finding: Finding }): JSX.Element {
  const [tone, icon, word] = looks[finding.level];
  return <p class={`found ${tone}`}><Icon name={icon} /> <span class="vh">{word}: </span>{finding.detail}</p>;
}
