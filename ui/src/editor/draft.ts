/** The draft of one letter: loaded once, kept here while it is edited, saved a second after the last key. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, asProblem, get, type Problem } from "../api.ts";
import { contentOf, type Content } from "../bytes.ts";
import type { DeadLetter, Draft, DraftEdit, Header, Target, TargetRequest } from "../contract.ts";
import { parse } from "../json.ts";
import { madeOf, partOf, same, type Part } from "./part.ts";

export interface Form {
  key: Part;
  value: Part;
  headers: Header[];
  target: Target;
}
export interface Original {
  key: Content | null;
  value: Content | null;
  headers: Header[];
}
export interface Opened {
  letter: DeadLetter;
  original: Original;
  form: Form;
  etag: string | null;
  version: number | null;
}
export type Saved = { kind: "clean" | "dirty" | "saving" | "saved" } | { kind: "refused"; problem: Problem };

const quiet = 1000;
const byKey: Target = { topic: null, partitioning: "key", partition: null, timestamp: "now" };

export async function open(id: string, abort: AbortSignal): Promise<Opened> {
  const path = `/dead-letters/${encodeURIComponent(id)}`;
  const letter = await get<DeadLetter>(path, abort);
  const original = letter.unwrapped ?? { key: letter.key, value: await whole(letter, abort), headers: letter.headers };
  const draft = letter.draft && (await ask<Draft>("GET", `${path}/draft`, { signal: abort }));
  const from = draft?.data ?? { ...original, target: byKey };
  return {
    letter,
    original,
    form: { key: partOf(from.key), value: partOf(from.value), headers: from.headers, target: from.target },
    etag: draft?.etag ?? null,
    version: draft?.data.version ?? null,
  };
}

/** A value that the letter's view cuts is fetched as it is; an edit of a part of it would lose the rest. */
async function whole(letter: DeadLetter, abort: AbortSignal): Promise<Content | null> {
  if (letter.value?.truncated !== true) return letter.value;
  const response = await fetch(`/api/v1/dead-letters/${encodeURIComponent(letter.id)}/payload?part=value`, { signal: abort });
  if (!response.ok) throw new Error(`The whole value could not be read: ${response.status}`);
  return contentOf(new Uint8Array(await response.arrayBuffer()));
}

/** Only what differs from the letter is named; the rest stays the letter's own. Null where a part cannot be made. */
export function editOf(form: Form, original: Original): DraftEdit | null {
  const key = madeOf(form.key);
  const value = madeOf(form.value);
  if (key.content === undefined || value.content === undefined) return null;
  const edit: DraftEdit = {};
  if (!same(key.content, original.key)) edit.key = key.content;
  if (!same(value.content, original.value)) {
    edit.value = value.content;
    // Whoever types what is no JSON has been told so on the screen.
    if (!json(value.content) && json(original.value)) edit.mode = "as-typed";
  }
  if (JSON.stringify(form.headers) !== JSON.stringify(original.headers)) edit.headers = form.headers;
  const target: TargetRequest = { ...form.target };
  if (form.target.topic !== null || form.target.partitioning !== "key" || form.target.timestamp !== "now") edit.target = target;
  return edit;
}

function json(content: Content | null): boolean {
  return content?.encoding === "utf8" && parse(content.data).tokens !== undefined;
}

export interface Draftings {
  form: Form;
  saved: Saved;
  version: number | null;
  /** True where the draft, saved or not, is not the letter itself. */
  changed: boolean;
  change: (part: Partial<Form>) => void;
  /** Saves now; resolves to whether the server has what is shown. */
  flush: () => Promise<boolean>;
  /** After a conflict: what is shown here replaces what somebody else saved. */
  overwrite: () => void;
  drop: () => Promise<void>;
}

export function useDraft(opened: Opened): Draftings {
  const path = `/dead-letters/${encodeURIComponent(opened.letter.id)}/draft`;
  const [form, setForm] = useState(opened.form);
  const [saved, setSaved] = useState<Saved>({ kind: opened.version === null ? "clean" : "saved" });
  const [version, setVersion] = useState(opened.version);
  const latest = useRef({ form: opened.form, etag: opened.etag, dirty: false });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const running = useRef<Promise<boolean> | undefined>(undefined);

  const save = async (): Promise<boolean> => {
    if (!latest.current.dirty) return true;
    const edit = editOf(latest.current.form, opened.original);
    if (!edit) return false;
    latest.current.dirty = false;
    setSaved({ kind: "saving" });
    const { etag } = latest.current;
    try {
      const answer = await ask<Draft>("PUT", path, { body: edit, headers: etag ? { "If-Match": etag } : { "If-None-Match": "*" } });
      latest.current.etag = answer.etag;
      setVersion(answer.data.version);
      setSaved({ kind: latest.current.dirty ? "dirty" : "saved" });
      return !latest.current.dirty;
    } catch (error) {
      latest.current.dirty = true;
      setSaved({ kind: "refused", problem: asProblem(error) });
      return false;
    }
  };
  // One at a time: the second save needs the tag that the first one answers.
  const flush = (): Promise<boolean> => {
    clearTimeout(timer.current);
    running.current = (running.current ?? Promise.resolve(true)).then(save);
    return running.current;
  };
  const change = (part: Partial<Form>): void => {
    latest.current.form = { ...latest.current.form, ...part };
    latest.current.dirty = true;
    setForm(latest.current.form);
    setSaved({ kind: "dirty" });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(), quiet);
  };
  useEffect(() => () => {
    clearTimeout(timer.current);
    void flush();
  }, []);

  const edit = editOf(form, opened.original);
  return {
    form, saved, version, change, flush,
    changed: edit === null || Object.keys(edit).length > 0,
    overwrite: () => {
      if (saved.kind !== "refused") return;
      latest.current.etag = saved.problem.current ?? null;
      void flush();
    },
    drop: async () => {
      clearTimeout(timer.current);
      latest.current.dirty = false;
      await running.current;
      if (latest.current.etag) await ask("DELETE", path, { headers: { "If-Match": latest.current.etag } });
    },
  };
}
