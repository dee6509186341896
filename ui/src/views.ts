/** Saved views: what a list shows, by a name. The address holds the whole of it, the id only tells the name. */
import { columns } from "./columns.ts";
import type { SavedView, SavedViewEdit } from "./contract.ts";
import { textOf } from "./filter/text.ts";
import { parseQuery } from "./query.ts";
import { paths, url } from "./router.ts";

export type Target = SavedView["target"];
/** What else of the address says what is seen; kept as the view's tab. */
const others = ["window", "all"];

/** What the address says now. */
export function shownNow(target: Target): Pick<SavedView, "target" | "q" | "sort" | "columns" | "tab"> {
  const { searchParams: params } = url.value;
  const rest = new URLSearchParams(others.flatMap((name) => (params.has(name) ? [[name, params.get(name) ?? ""]] : [])));
  return { target, q: params.get("q") ?? "", sort: target === "groups" ? params.get("sort") : null, columns: target === "letters" ? columns() : [], tab: rest.toString() || null };
}

export function hrefOf(view: Pick<SavedView, "id" | "target" | "q" | "sort" | "columns" | "tab">): string {
  const params = new URLSearchParams({ view: view.id });
  if (view.q !== "") params.set("q", view.q);
  if (view.sort !== null) params.set("sort", view.sort);
  if (view.columns.length > 0) params.set("cols", view.columns.join());
  for (const [name, value] of new URLSearchParams(view.tab ?? "")) if (others.includes(name)) params.set(name, value);
  return `${view.target === "letters" ? paths.letters() : paths.overview}?${params}`;
}

/** The server keeps filters in their one way of writing, so that is what is compared. */
function canonical(q: string): string {
  const { filter } = parseQuery(q);
  return filter === null ? q : textOf(filter);
}

/** Whether the list shows something else than the view that it was opened by. */
export function isChanged(view: SavedView): boolean {
  const now = shownNow(view.target);
  return canonical(now.q) !== canonical(view.q) || now.sort !== view.sort || now.columns.join() !== view.columns.join() || now.tab !== view.tab;
}

export const editOf = ({ name, shared, target, q, sort, columns: shown, tab }: SavedView): SavedViewEdit => ({ name, shared, target, q, sort, columns: shown, tab });
