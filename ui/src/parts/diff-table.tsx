import { useMemo } from "preact/hooks";
import type { JSX } from "preact";
import { diffLines, type DiffLine, type Range } from "../diff.ts";
import { plural } from "../text.ts";
import { Foreign } from "./words.tsx";

/** Sign first, then tint: the diff can be read without colour. */
export function DiffTable({ before, after, label }: { before: string; after: string; label: string }): JSX.Element {
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  return (
    <table class="diff">
      <caption class="vh">{label}: original against draft</caption>
      <colgroup><col class="ln" /><col class="ln" /><col class="sg" /><col /></colgroup>
      <tbody>{lines.map((line) => <Row line={line} />)}</tbody>
    </table>
  );
}

function Row({ line }: { line: DiffLine }): JSX.Element {
  if (line.kind === "gap") return <tr class="gap"><td colSpan={4}>{plural(line.lines, "unchanged line")}</td></tr>;
  const sign = line.kind === "del" ? "−" : line.kind === "ins" ? "+" : "";
  return (
    <tr class={line.kind === "same" ? "" : line.kind}>
      <td class="ln">{"before" in line ? line.before : ""}</td>
      <td class="ln">{"after" in line ? line.after : ""}</td>
      <td class="sg">{sign && <><span aria-hidden="true">{sign}</span><span class="vh">{line.kind === "del" ? "removed" : "added"}</span></>}</td>
      <td>{line.kind === "same" ? <Foreign text={line.text} /> : <Marked text={line.text} mark={line.mark} kind={line.kind} />}</td>
    </tr>
  );
}

function Marked({ text, mark, kind }: { text: string; mark: Range | undefined; kind: "del" | "ins" }): JSX.Element {
  const { from, to } = mark ?? { from: 0, to: text.length };
  const changed = text.slice(from, to);
  const Tag = kind;
  return <>{from > 0 && <Foreign text={text.slice(0, from)} />}{changed !== "" && <Tag><Foreign text={changed} /></Tag>}{to < text.length && <Foreign text={text.slice(to)} />}</>;
}
