import type { JSX } from "preact";
import type { Job } from "../contract.ts";
import { count } from "../text.ts";
import { avoidable } from "../warnings.ts";
import { Foreign } from "./words.tsx";

type Say = (value: never) => JSX.Element | string | null;

const drafts: Record<string, string> = { skip: "are left out", send: "are sent as their draft says", ignore: "are sent as they came in" };
const percent = (ratio: number): string => `${Math.round(ratio * 100)} %`;

/** What a person would call an option, and its value; null where it asks for nothing. */
const words: Record<string, [string, Say]> = {
  rate: ["Rate", (rate: number | null) => (rate === null ? "as fast as it goes" : `${count(rate)} letters a second`)],
  canary: ["Canary", (first: number | null) => (first ? `${count(first)} go first` : null)],
  maxReturnRatio: ["Holds", (ratio: number) => (ratio >= 1 ? null : `when more than ${percent(ratio)} come back`)],
  maxFailureRatio: ["Holds", (ratio: number) => (ratio >= 1 ? null : `when more than ${percent(ratio)} fail`)],
  maxLag: ["Waits", (letters: number | null) => (letters ? `while consumers are more than ${count(letters)} behind` : null)],
  drafts: ["Drafts", (choice: string) => `letters that have one ${drafts[choice] ?? choice}`],
  order: ["Order", (order: string) => (order === "strict" ? "strict: later letters of a key wait behind one that fails" : "of each key as at its origin")],
  proof: ["Proof", (proof: string) => (proof === "strict" ? "strict: nothing goes where it could not be proven to be sent once" : null)],
  overrides: ["Also sends", (overrides: string[]) => (overrides.length === 0 ? null : overrides.map((one) => (one === "loop" ? "letters that came back as often as allowed" : one)).join(", "))],
  skip: ["Leaves out", (kinds: string[]) => (kinds.length === 0 ? null : `letters ${kinds.map((kind) => avoidable[kind] ?? kind).join(", and those ")}`)],
  topic: ["Topic", (topic: string) => <code><Foreign text={topic} /></code>],
  cluster: ["Cluster", (cluster: string) => <Foreign text={cluster} />],
  partition: ["Partition", (partition: number) => String(partition)],
  fromOffset: ["From offset", (offset: string) => count(offset)],
  fromTime: ["Written at or after", (time: string) => <Foreign text={time} />],
  target: ["Sent to", (target: { topic?: string } | null) => (target?.topic ? <code><Foreign text={target.topic} /></code> : null)],
  transform: ["Transform", (transform: { program: string; unchanged: string } | null) => transform && <Program {...transform} />],
};

/** How a job was ordered, in words; an option that this page does not know is shown as it is. */
export function JobOptions({ job }: { job: Job }): JSX.Element {
  return (
    <>
      {Object.entries(job.options).map(([name, value]) => {
        const [word, say] = words[name] ?? [name, (given: unknown) => <Foreign text={typeof given === "string" ? given : JSON.stringify(given)} />];
        const said = say(value as never);
        return said !== null && <><dt>{word}</dt><dd>{said}</dd></>;
      })}
    </>
  );
}

function Program({ program, unchanged }: { program: string; unchanged: string }): JSX.Element {
  return <><code class="pre"><Foreign text={program} /></code> <span class="soft">{unchanged === "skip" ? "letters that it does not change are left out" : "letters that it does not change go as they are"}</span></>;
}
