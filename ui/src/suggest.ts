/** What the filter bar offers while one types: fields, and values with how many letters have them. */
import { useEffect, useState } from "preact/hooks";
import { get, withQuery } from "./api.ts";
import type { Facets } from "./contract.ts";
import { asValue, parseQuery, typing } from "./query.ts";

export interface Choice {
  /** What takes the place of `from` to `to`. */
  text: string;
  shown: string;
  count: Facets["others"] | null;
  from: number;
  to: number;
}

const counted = ["topic", "origin", "consumer", "convention", "class", "cause", "status", "group", "tag", "assignee", "partition", "attempt"];
const keptFor = 5 * 60_000;
const most = 8;
/** Longer than between two letters typed, shorter than a wait. */
const pause = 150;
const cache = new Map<string, { at: number; found: Facets }>();

/** @param caret null where nothing is offered */
export function useSuggestions(text: string, caret: number | null): Choice[] {
  const about = caret === null ? null : typing(text, caret);
  const field = about?.what === "value" && about.path === null ? (about.field === "is" ? null : about.field) : null;
  const path = about?.what === "value" && field !== null && counted.includes(field) ? withQuery("/dead-letters/facets", { field, prefix: about.prefix, q: others(text, about.from, about.to), limit: most }) : null;
  const [found, setFound] = useState<{ path: string; facets: Facets }>();
  useEffect(() => {
    if (path === null) return;
    const known = cache.get(path);
    if (known && Date.now() - known.at < keptFor) return setFound({ path, facets: known.found });
    const abort = new AbortController();
    const timer = setTimeout(() => {
      get<Facets>(path, abort.signal).then((facets) => {
        cache.set(path, { at: Date.now(), found: facets });
        if (cache.size > 200) cache.delete(cache.keys().next().value ?? "");
        setFound({ path, facets });
      }, () => undefined); // A suggestion that does not come is no trouble; the query can be written without.
    }, pause);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [path]);
  if (!about) return [];
  const { from, to } = about;
  const plain = about.choices.slice(0, path === null ? 12 : 0).map((word) => ({ text: about.what === "field" ? word : `${word} `, shown: word, count: null, from, to }));
  if (about.what === "field") return about.prefix === "" && text !== "" ? [] : plain;
  if (path === null || found?.path !== path) return plain.filter((one) => one.shown !== about.prefix);
  return found.facets.items.map((one) => ({ text: `${asValue(one.value)} `, shown: one.label ?? one.value, count: one.count, from, to }));
}

/** The query without the term that is being typed, as far as it can be read. */
function others(text: string, from: number, to: number): string {
  const start = Math.max(text.lastIndexOf(" ", from - 1), text.lastIndexOf("(", from - 1)) + 1;
  const rest = `${text.slice(0, start)} ${text.slice(to)}`.trim();
  return parseQuery(rest).error ? "" : rest;
}
