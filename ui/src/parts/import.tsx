import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asProblem, me, ProblemError, type Problem } from "../api.ts";
import type { ImportReport } from "../contract.ts";
import { hint } from "../live.ts";
import { count, plural, size } from "../text.ts";
import { Dialog } from "./dialog.tsx";
import { Notice, ProblemBanner } from "./states.tsx";

/** Takes in the letters of an NDJSON export. To do it twice does no harm: what is there already is left alone. */
export function ImportDialog({ close }: { close: () => void }): JSX.Element {
  const [file, setFile] = useState<File>();
  const [sent, setSent] = useState<number>();
  const [report, setReport] = useState<ImportReport>();
  const [problem, setProblem] = useState<Problem>();
  const request = useRef<XMLHttpRequest>(undefined);
  useEffect(() => () => request.current?.abort(), []);
  const start = async (): Promise<void> => {
    if (!file || sent !== undefined) return;
    setProblem(undefined);
    setReport(undefined);
    setSent(0);
    try {
      request.current = new XMLHttpRequest();
      setReport(await upload(request.current, file, setSent));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setSent(undefined);
      hint("letters", "failure-groups", "topics");
    }
  };
  const share = file && sent !== undefined ? Math.min(1, sent / Math.max(1, file.size)) : 0;
  return (
    <Dialog title="Import" close={close}>
      <p class="soft">An NDJSON export of this or another Redrive. Letters that are here already are left alone; a letter that was being replayed comes as open. Nobody is alerted.</p>
      {problem && <ProblemBanner problem={problem} again={() => void start()} />}
      <label class="field"><span class="help">File</span><input type="file" data-first accept=".ndjson,.jsonl,application/x-ndjson" disabled={sent !== undefined} onChange={(event) => { setFile(event.currentTarget.files?.[0]); setReport(undefined); setProblem(undefined); }} /></label>
      {file && sent !== undefined && (
        <div class="moving" role="status">
          <p>{share < 1 ? `Sent ${size(sent)} of ${size(file.size)}` : "Sent; storing the last letters…"}</p>
          <svg class="bar" aria-hidden="true"><rect width="100%" height="100%" /><rect class="on" width={`${share * 100}%`} height="100%" /></svg>
        </div>
      )}
      {report && <Told report={report} />}
      <div class="acts">
        {sent === undefined ? <button type="button" class="go" disabled={!file} onClick={() => void start()}>Import{file && ` ${size(file.size)}`}</button> : <button type="button" onClick={() => request.current?.abort()}>Stop</button>}
        <span class="help">{!file ? "Choose a file." : sent !== undefined ? "What is stored when it is stopped stays; the rest can be imported later." : ""}</span>
      </div>
    </Dialog>
  );
}

function Told({ report }: { report: ImportReport }): JSX.Element {
  return (
    <div class="stack" role="status">
      <dl class="figures">
        <div><dt>Stored</dt><dd>{count(report.stored)}</dd><dd>of {plural(report.letters, "letter")} read</dd></div>
        <div><dt>Known</dt><dd>{count(report.known)}</dd><dd>were here already</dd></div>
        <div class={report.failed > 0 ? "call alarm" : ""}><dt>Failed</dt><dd>{count(report.failed)}</dd><dd>left out</dd></div>
      </dl>
      {!report.complete && <Notice>{report.failed > 0 ? "Some lines were left out." : "The file has no last line that fits the rest: it was cut short or changed after the export."}</Notice>}
      {report.errors.length > 0 && (
        <table class="rows tight">
          <caption class="vh">Lines that were left out</caption>
          <thead><tr><th scope="col" class="num">Line</th><th scope="col">Why</th></tr></thead>
          <tbody>{report.errors.map((error) => <tr><th scope="row" class="num">{count(error.line)}</th><td class="any">{error.detail}</td></tr>)}</tbody>
        </table>
      )}
      {report.failed > report.errors.length && <p class="help">And {count(report.failed - report.errors.length)} more.</p>}
    </div>
  );
}

/** By the older way of asking: only that one tells how much has been sent. */
function upload(request: XMLHttpRequest, file: File, progress: (bytes: number) => void): Promise<ImportReport> {
  const refuse = (title: string, detail: string): ProblemError => new ProblemError({ type: "about:blank", title, detail, status: 0, code: "unreachable", instance: "/dead-letters/import", traceId: "", retryable: true });
  return new Promise((resolve, reject) => {
    request.open("POST", "/api/v1/dead-letters/import");
    request.setRequestHeader("Content-Type", "application/x-ndjson");
    request.setRequestHeader("Accept", "application/json");
    if (me.value?.csrfToken) request.setRequestHeader("X-Redrive-CSRF", me.value.csrfToken);
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onabort = () => reject(refuse("Stopped", "Letters that were stored by then stay. The file can be imported again."));
    request.onerror = () => reject(refuse("Redrive does not answer", "Letters that were stored by then stay. The file can be imported again."));
    request.onload = () => {
      try {
        const answer: unknown = JSON.parse(request.responseText);
        if (request.status < 400) resolve(answer as ImportReport);
        else reject(new ProblemError(answer as Problem));
      } catch {
        reject(refuse(`HTTP ${request.status}`, "The answer could not be read."));
      }
    };
    request.send(file);
  });
}
