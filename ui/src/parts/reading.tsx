import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { get, may, withQuery } from "../api.ts";
import type { Topic } from "../contract.ts";
import { lazy } from "../lazy.tsx";
import { useLoad } from "../load.ts";
import { count, plural } from "../text.ts";
import { Decide } from "./decide.tsx";
import { Loaded } from "./states.tsx";
import { Ago, Badge, Foreign } from "./words.tsx";

const Rewind = lazy(() => import("./rewind.tsx").then((module) => module.Rewind), "asks");
/** Below this percentage somebody is told. */
const enough = 50;

/** How far a dead-letter topic is read, how long what is not read yet has, and what can be done about it. */
export function Reading({ name, cluster }: { name: string; cluster: string }): JSX.Element {
  const topic = useLoad(`topic ${cluster} ${name}`, (abort) => get<Topic>(withQuery(`/topics/${encodeURIComponent(name)}`, { cluster }), abort), ["topics"]);
  const [again, setAgain] = useState(false);
  return (
    <section class="stack" aria-label="Reading">
      <h2>Reading</h2>
      <Loaded load={topic} rows={2}>
        {(data) => (
          <>
            <dl class="facts">
              <dt>Behind</dt><dd>{data.lag === null ? "unknown" : plural(data.lag, "record")}</dd>
              <dt>Expiry</dt><dd><Expiry of={data.expiry} /></dd>
              <dt>Read</dt><dd>{data.reading === null ? "as its name and its records say" : <>{data.reading.decision === "include" ? "included" : "excluded"} by {data.reading.by}{data.reading.reason && <>: <Foreign text={data.reading.reason} /></>}</>}
                {may("operate") && <> <Decide name={name} cluster={cluster} decision={data.reading === null ? "exclude" : "by-name"} done={topic.again} /></>}</dd>
            </dl>
            {may("operate") && <div class="acts"><button type="button" onClick={() => setAgain(true)}>Read again…</button></div>}
            {again && <Rewind topic={data} close={() => setAgain(false)} done={topic.again} />}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Expiry({ of }: { of: Topic["expiry"] }): JSX.Element {
  if (of === null) return <>Nothing waits to be stored.</>;
  if (of.headroomPercent === null) return <>{plural(of.lag, "record")} of partition {of.worstPartition} wait, and nothing deletes them.</>;
  const runs = of.sizePercent !== null && of.sizePercent === of.headroomPercent ? "retention.bytes" : "retention.ms";
  return (
    <>
      <Badge tone={of.headroomPercent < enough ? "alarm" : "settled"} loud={of.headroomPercent < enough ? "fill" : ""} icon={of.headroomPercent < enough ? "warn" : "recovered"}>{of.headroomPercent} % left</Badge>
      <span class="block">of <code>{runs}</code>, until Kafka deletes the oldest of {count(of.lag)} unread in partition {of.worstPartition}{of.oldestAt && <>, written <Ago time={of.oldestAt} /> ago</>}. Measured <Ago time={of.measuredAt} /> ago.</span>
    </>
  );
}
