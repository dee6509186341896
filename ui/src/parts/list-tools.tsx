import { useState } from "preact/hooks";
import type { JSX } from "preact";
import type { DeadLetterPage } from "../contract.ts";
import { lazy } from "../lazy.tsx";

const tools = () => import("./list-dialogs.tsx");
const ColumnsDialog = lazy(() => tools().then((module) => module.ColumnsDialog), "part");
const ExportDialog = lazy(() => tools().then((module) => module.ExportDialog), "asks");
const ImportDialog = lazy(() => tools().then((module) => module.ImportDialog), "asks");

/** What is done with the list as a whole. */
export function ListTools({ q, picked, total }: { q: string; picked: string[]; total: DeadLetterPage["total"] | undefined }): JSX.Element {
  const [open, setOpen] = useState<"columns" | "export" | "import">();
  const close = (): void => setOpen(undefined);
  return (
    <>
      <button type="button" class="opt" onClick={() => setOpen("columns")}>Columns…</button>
      <button type="button" onClick={() => setOpen("export")}>Export…</button>
      {open === "columns" && <ColumnsDialog close={close} />}
      {open === "export" && <ExportDialog q={q} picked={picked} total={total} close={close} take={() => setOpen("import")} />}
      {open === "import" && <ImportDialog close={close} />}
    </>
  );
}
