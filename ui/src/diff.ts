/** A line diff for review: short edits of long texts, so Myers' greedy O(ND) with the common ends cut off. */

export type DiffLine =
  | { kind: "same"; before: number; after: number; text: string }
  | { kind: "del"; before: number; text: string; mark: Range | undefined }
  | { kind: "ins"; after: number; text: string; mark: Range | undefined }
  | { kind: "gap"; lines: number };

/** The part of a line that differs, `from` inclusive, `to` exclusive, in UTF-16 units. */
export interface Range {
  from: number;
  to: number;
}

/** Above this many edits the texts are shown as replaced as a whole: nobody reads such a diff. */
const maxEdits = 500;

export function diffLines(before: string, after: string, context = 3): DiffLine[] {
  const a = before.split("\n");
  const b = after.split("\n");
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;

  const lines: DiffLine[] = [];
  const same = (i: number, j: number): void => void lines.push({ kind: "same", before: i + 1, after: j + 1, text: a[i] ?? "" });
  for (let i = 0; i < start; i++) same(i, i);
  for (const [kind, i, j] of edits(a.slice(start, a.length - end), b.slice(start, b.length - end))) {
    if (kind === "same") same(start + i, start + j);
    else if (kind === "del") lines.push({ kind, before: start + i + 1, text: a[start + i] ?? "", mark: undefined });
    else lines.push({ kind, after: start + j + 1, text: b[start + j] ?? "", mark: undefined });
  }
  for (let i = end; i > 0; i--) same(a.length - i, b.length - i);
  return fold(markPairs(group(lines)), context);
}

type Edit = ["same" | "del" | "ins", number, number];

function edits(a: string[], b: string[]): Edit[] {
  const limit = Math.min(a.length + b.length, maxEdits);
  const reach = new Map<number, number>([[1, 0]]);
  const steps: Map<number, number>[] = [];
  for (let d = 0; d <= limit; d++) {
    steps.push(new Map(reach));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reach.get(k - 1) ?? 0) < (reach.get(k + 1) ?? 0));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(steps, a.length, b.length);
    }
  }
  return [...a.map((_, i): Edit => ["del", i, 0]), ...b.map((_, j): Edit => ["ins", a.length, j])];
}

function walkBack(steps: Map<number, number>[], x: number, y: number): Edit[] {
  const path: Edit[] = [];
  for (let d = steps.length - 1; d >= 0; d--) {
    const reach = steps[d] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -d || (k !== d && (reach.get(k - 1) ?? 0) < (reach.get(k + 1) ?? 0));
    const fromX = reach.get(down ? k + 1 : k - 1) ?? 0;
    const fromY = fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY && x > 0 && y > 0) path.push(["same", --x, --y]);
    if (d === 0) break;
    path.push(down ? ["ins", x, --y] : ["del", --x, y]);
  }
  return path.reverse();
}

/** Removed lines before added ones within each run of changes. */
function group(lines: DiffLine[]): DiffLine[] {
  const sorted: DiffLine[] = [];
  let added: DiffLine[] = [];
  for (const line of lines) {
    if (line.kind === "ins") added.push(line);
    else {
      if (line.kind !== "del") {
        sorted.push(...added);
        added = [];
      }
      sorted.push(line);
    }
  }
  return [...sorted, ...added];
}

/** Marks what differs inside the n-th removed and the n-th added line of a run of equal length. */
function markPairs(lines: DiffLine[]): DiffLine[] {
  for (let i = 0; i < lines.length; ) {
    let mid = i;
    while (lines[mid]?.kind === "del") mid++;
    let stop = mid;
    while (lines[stop]?.kind === "ins") stop++;
    if (mid - i === stop - mid) for (let n = 0; n < mid - i; n++) markPair(lines[i + n], lines[mid + n]);
    i = Math.max(stop, i + 1);
  }
  return lines;
}

function markPair(removed: DiffLine | undefined, added: DiffLine | undefined): void {
  if (removed?.kind !== "del" || added?.kind !== "ins") return;
  const [a, b] = [removed.text, added.text];
  let from = 0;
  while (from < a.length && from < b.length && a[from] === b[from]) from++;
  let tail = 0;
  while (tail < a.length - from && tail < b.length - from && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  removed.mark = { from, to: a.length - tail };
  added.mark = { from, to: b.length - tail };
}

/** Long runs of unchanged lines become one line that counts them. */
function fold(lines: DiffLine[], context: number): DiffLine[] {
  const near = new Set<number>();
  lines.forEach((line, i) => {
    if (line.kind !== "same") for (let n = Math.max(0, i - context); n <= Math.min(lines.length - 1, i + context); n++) near.add(n);
  });
  const folded: DiffLine[] = [];
  lines.forEach((line, i) => {
    const last = folded.at(-1);
    if (line.kind !== "same" || near.has(i)) folded.push(line);
    else if (last?.kind === "gap") last.lines++;
    else folded.push({ kind: "gap", lines: 1 });
  });
  return folded;
}
