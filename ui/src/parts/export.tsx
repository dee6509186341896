import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { asProblem, me, withQuery, type Problem } from "../api.ts";
import { freeze } from "../bulk.ts";
import type { DeadLetterPage, Selection } from "../contract.ts";
import { count, plural } from "../text.ts";
import { Dialog } from "./dialog.tsx";
import { Bones, ProblemBanner } from "./states.tsx";

const formats = {
  ndjson: ["NDJSON", "Every byte, header and status, one letter a line. To keep, to search with jq, and to import into another Redrive."],
  csv: ["CSV", "A table for people. Cells that a spreadsheet would calculate are made harmless; bytes are lost."],
  kcat: ["kcat script", "A shell script that sends the letters with kcat, where Redrive is not. It leaves out, and names, what kcat cannot send exactly."],
} as const;
type Format = keyof typeof formats;

/** The letters as a file. Nothing is changed by it; that it was done is in the audit. */
export function ExportDialog({ q, picked, total, close, take }: { q: string; picked: string[]; total: DeadLetterPage["total"] | undefined; close: () => void; take: () => void }): JSX.Element {
  const [format, setFormat] = useState<Format>("ndjson");
  const [some, setSome] = useState(picked.length > 0);
  const [values, setValues] = useState(false);
  const [selection, setSelection] = useState<Selection>();
  const [problem, setProblem] = useState<Problem>();
  const frozen = (): void => {
    setProblem(undefined);
    freeze({ ids: picked }).then(setSelection, (error: unknown) => setProblem(asProblem(error)));
  };
  useEffect(() => {
    if (picked.length > 0) frozen();
  }, []);
  const may = me.value === null || me.value.permissions.includes("payload:read");
  const admin = me.value?.permissions.includes("admin") === true;
  const ready = may && (!some || selection !== undefined);
  const columns = "id,status,topic,partition,offset,timestamp,failedAt,ingestedAt,origin,originPartition,originOffset,consumerGroup,class,cause,message,attempts,convention,group,assignee,tags,key,valueSize,value";
  const href = `/api/v1${withQuery("/dead-letters/export", { ...(some ? { selectionId: selection?.id } : { q }), format, columns: format === "csv" && values ? columns : null })}`;
  const all = total ? `${total.relation === "gte" ? "at least " : ""}${count(total.value)}` : "all";
  return (
    <Dialog title="Export" close={close}>
      {problem && <ProblemBanner problem={problem} again={frozen} />}
      {picked.length > 0 && (
        <div class="switch" role="group" aria-label="Which letters">
          <button type="button" aria-pressed={some} onClick={() => setSome(true)}>{plural(picked.length, "letter")} selected</button>
          <button type="button" aria-pressed={!some} onClick={() => setSome(false)}>All {all} that match</button>
        </div>
      )}
      <p class="soft">{some ? `${plural(picked.length, "letter")}, as they are now.` : <>{total?.value === 1 && total.relation === "eq" ? "1 letter" : `${all} letters`} {q === "" ? "without a filter" : <>of <code class="any">{q}</code></>}, oldest first, as they are when the file is made.</>}</p>
      <div class="choices" role="radiogroup" aria-label="Format">
        {(Object.keys(formats) as Format[]).map((one) => (
          <label class="choice"><input type="radio" name="format" checked={format === one} {...(one === "ndjson" ? { "data-first": true } : {})} onChange={() => setFormat(one)} /><span><span class="b">{formats[one][0]}</span> <span class="soft block">{formats[one][1]}</span></span></label>
        ))}
      </div>
      {format === "csv" && <label class="tick"><input type="checkbox" checked={values} onChange={() => setValues(!values)} />With the values, as text</label>}
      {some && !selection && !problem && <Bones rows={1} />}
      <p class="help">The last line says how many letters there are and the SHA-256 of the rest: a file without it was cut short.</p>
      <div class="acts">
        {ready ? <a class="button go" href={href} download="" onClick={() => setTimeout(close, 300)}>Export {some ? plural(picked.length, "letter") : `${all} letters`}</a> : <button type="button" class="go" disabled>Export</button>}
        {!may && <span class="help">This needs the permission payload:read.</span>}
        <span class="end acts"><button type="button" disabled={!admin} onClick={take}>Import…</button>{!admin && <span class="help">An import needs the permission admin.</span>}</span>
      </div>
    </Dialog>
  );
}
