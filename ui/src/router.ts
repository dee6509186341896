import { signal } from "@preact/signals";

export type Route =
  | { screen: "overview" | "letters" | "topics" | "consumers" | "jobs" | "audit" | "settings" | "labels" | "lanes" | "missing" }
  | { screen: "letter" | "edit" | "group" | "job" | "topic" | "consumer" | "alerts"; id: string };

export const base = "/ui/";
/** What the address bar shows; every change of it goes through `go` or the browser's own history. */
export const url = signal(new URL(typeof location === "undefined" ? "http://localhost/ui/" : location.href));

export function routeOf(path: string): Route {
  if (!path.startsWith(base) && path !== "/ui") return { screen: "missing" };
  const [first = "", id = "", last = "", more] = path.slice(base.length).split("/").filter(Boolean);
  if (more !== undefined) return { screen: "missing" };
  if (first === "") return { screen: "overview" };
  if ((first === "letters" || first === "topics" || first === "consumers" || first === "jobs" || first === "audit") && !id) return { screen: first };
  if (first === "settings" && (!id || id === "retention") && !last) return { screen: "settings" };
  if (first === "letters" && last === "edit") return { screen: "edit", id };
  if (first === "letters" && !last) return { screen: "letter", id };
  if (first === "topics" && !last) return { screen: "topic", id: decoded(id) };
  if (first === "consumers" && !last) return { screen: "consumer", id: decoded(id) };
  if (first === "alerts" && /^((rules|deliveries|endpoints)(\/|$)|silences\/?$|$)/.test(last ? `${id}/${last}` : id)) return { screen: "alerts", id: last ? `${id}/${decoded(last)}` : id };
  if (first === "jobs" && !last) return { screen: "job", id };
  if (first === "settings" && id === "labels" && !last) return { screen: "labels" };
  if (first === "settings" && id === "lanes" && !last) return { screen: "lanes" };
  if (first === "failure-groups" && id && !last) return { screen: "group", id };
  return { screen: "missing" };
}

/** A name as it was before it went into the path; what is no such thing stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const paths = {
  overview: base,
  letters: (q = ""): string => `${base}letters${q ? `?q=${encodeURIComponent(q)}` : ""}`,
  letter: (id: string): string => `${base}letters/${encodeURIComponent(id)}`,
  edit: (id: string): string => `${base}letters/${encodeURIComponent(id)}/edit`,
  group: (id: string): string => `${base}failure-groups/${encodeURIComponent(id)}`,
  topics: `${base}topics`,
  /** The cluster is needed where several have the topic. */
  topic: (name: string, cluster = ""): string => `${base}topics/${encodeURIComponent(name)}${cluster ? `?cluster=${encodeURIComponent(cluster)}` : ""}`,
  consumers: `${base}consumers`,
  consumer: (group: string, cluster: string): string => `${base}consumers/${encodeURIComponent(group)}?${new URLSearchParams({ cluster })}`,
  audit: (object = ""): string => `${base}audit${object ? `?object=${encodeURIComponent(object)}` : ""}`,
  settings: `${base}settings/retention`,
  lanes: `${base}settings/lanes`,
  /** With a filter and a label: a rule that begins with them. */
  labels: (q = "", label = ""): string => `${base}settings/labels${q ? `?${new URLSearchParams({ q, label })}` : ""}`,
  /** Of one tab, such as `rules`, or of one thing in it, such as `rules/4`. */
  alerts: (at = ""): string => `${base}alerts${at && `/${at}`}`,
  jobs: `${base}jobs`,
  job: (id: string): string => `${base}jobs/${encodeURIComponent(id)}`,
};

export function go(href: string, how: "push" | "replace" = "push"): void {
  const next = new URL(href, location.href);
  const samePage = next.pathname === url.value.pathname;
  history[how === "push" ? "pushState" : "replaceState"](null, "", next);
  url.value = next;
  if (!samePage) scrollTo(0, 0);
}

/** This page with other query parameters; null and the empty text take one away. A cursor is of one list alone. */
export function withParams(changes: Record<string, string | null>): string {
  const next = new URL(url.value);
  next.searchParams.delete("cursor");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") next.searchParams.delete(name);
    else next.searchParams.set(name, value);
  }
  return next.pathname + next.search;
}

/** Sets or, with null, removes one query parameter without a new page. */
export function setParam(name: string, value: string | null, how: "push" | "replace" = "push"): void {
  go(withParams({ [name]: value }), how);
}

/** Plain clicks on our own links change the page without a load; everything else is left to the browser. */
export function listen(): void {
  addEventListener("popstate", () => {
    url.value = new URL(location.href);
  });
  addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link || link.target || link.origin !== location.origin || !link.pathname.startsWith(base) || link.hasAttribute("download")) return;
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    event.preventDefault();
    go(link.href);
  });
}
