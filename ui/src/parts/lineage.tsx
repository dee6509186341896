import { mayNot } from "../api.ts";
import type { DeadLetter, Lineage, Replay } from "../contract.ts";
import { paths } from "../router.ts";
import type { Station } from "./track.tsx";
import { placeOf } from "./words.tsx";

/** So many earlier returns are drawn; older ones are counted. */
const drawn = 3;

/** The way of one record: produced, failed, stored, replayed, came back, and what is to be done now. */
export function stationsOf(letter: DeadLetter, family: Lineage["items"], replays: Replay[]): Station[] {
  const { origin, failure, position } = letter;
  const stations: Station[] = [];
  if (origin.topic) {
    const place = origin.partition === null || origin.offset === null ? origin.topic : `${origin.topic} ${origin.partition}:${origin.offset}`;
    stations.push({ name: "Produced", icon: "sent", tone: "rest", time: origin.timestamp, place: <span class="mono">{place}{origin.inferredFrom && " (by its name)"}</span> });
  }
  const here = family.findIndex((item) => item.id === letter.id);
  const before = here > 0 ? family.slice(0, here) : [];
  if (before.length > drawn) stations.push({ name: `${before.length - drawn} earlier`, icon: "returned", tone: "alarm", place: "came back before" });
  for (const item of before.slice(-drawn)) {
    const back = item.parentId !== null;
    stations.push({ name: back ? "Returned" : "Failed", icon: back ? "returned" : "fail", tone: "alarm", time: item.failedAt, place: <span class="mono">{item.topic}</span>, href: paths.letter(item.id) });
  }
  const attempts = failure.attempts === null ? "" : `, ${failure.attempts} ${failure.attempts === 1 ? "attempt" : "attempts"}`;
  const who = origin.consumerGroup ?? letter.convention;
  const back = letter.lineage.parentId !== null;
  stations.push({
    name: back ? "Returned" : "Failed", icon: back ? "returned" : "fail", tone: "alarm", time: letter.failedAt, place: <span class="mono">{who}{attempts}</span>,
    ...(back && before.length === 0 && letter.lineage.parentId ? { href: paths.letter(letter.lineage.parentId) } : {}),
  });
  stations.push({ name: "Stored", icon: "letters", tone: "rest", time: letter.ingestedAt, place: <span class="mono">{placeOf(position)}</span> });
  for (const replay of [...replays].reverse().slice(-drawn)) if (replay.state === "done") stations.push(...done(replay));
  if (letter.status === "replaying") stations.push({ name: "Replaying", icon: "replaying", tone: "moving", now: true });
  if (letter.status === "discarded") stations.push({ name: "Discarded", icon: "discarded", tone: "rest", time: letter.changedAt, now: true });
  if (letter.status === "open") {
    const waits = mayNot("operate") ? { name: "Open", place: "waits for an operator" } : { name: "Your turn", place: "edit, replay or discard" };
    stations.push({ ...waits, icon: "open", tone: "rest", todo: true, now: true });
  }
  const last = stations.at(-1);
  if (last) last.now = true;
  return stations;
}

function done(replay: Replay): Station[] {
  const target = `→ ${replay.target.topic} ${replay.target.partition ?? "?"}:${replay.target.offset ?? "?"}`;
  const sent: Station = { name: "Replayed", icon: "sent", tone: "moving", time: replay.createdAt, place: <span class="mono">{target}</span> };
  if (replay.outcome === "recovered") return [sent, { name: "Recovered", icon: "recovered", tone: "settled", time: replay.updatedAt, place: "its consumer group moved on" }];
  if (replay.outcome === "returned") return [sent, { name: "Returned", icon: "returned", tone: "alarm", time: replay.updatedAt, ...(replay.returnedAs ? { href: paths.letter(replay.returnedAs), place: `as letter ${replay.returnedAs}` } : {}) }];
  return [sent];
}
