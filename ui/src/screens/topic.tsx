import { useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { get, may } from "../api.ts";
import type { Readiness } from "../contract.ts";
import { lazy } from "../lazy.tsx";
import { useLoad } from "../load.ts";
import { Decide } from "../parts/decide.tsx";
import { Frame } from "../parts/frame.tsx";
import { Icon } from "../parts/icon.tsx";
import { levels, readinessPath } from "../parts/ready.tsx";
import { Loaded, Notice } from "../parts/states.tsx";
import { Ago, Badge, Copy, Foreign } from "../parts/words.tsx";
import { paths, url } from "../router.ts";
import { plural } from "../text.ts";

const CreateTopic = lazy(() => import("../parts/topic-create.tsx").then((module) => module.CreateTopic), "asks");
const Reading = lazy(() => import("../parts/reading.tsx").then((module) => module.Reading), "part");
type Check = Readiness["checks"][number];

/** The readiness of one topic of the cluster and of its dead-letter topic. */
export function Topic({ name }: { name: string }): JSX.Element {
  const cluster = url.value.searchParams.get("cluster");
  const fresh = useRef(false);
  const load = useLoad(`readiness ${cluster} ${name}`, (abort) => {
    const asked = get<Readiness>(readinessPath(name, cluster, fresh.current), abort);
    fresh.current = false;
    return asked;
  });
  const measure = (): void => {
    fresh.current = true;
    load.again();
  };
  return (
    <Frame lead="Topic" title={name}>
      <Loaded load={load} rows={8}>{(data) => <Report data={data} busy={load.busy} measure={measure} />}</Loaded>
    </Frame>
  );
}

function Report({ data, busy, measure }: { data: Readiness; busy: boolean; measure: () => void }): JSX.Element {
  const [making, setMaking] = useState(false);
  const { counts, checks } = data;
  const worst = (counts?.fail ?? 0) > 0 ? "fail" : (counts?.warn ?? 0) > 0 ? "warn" : "ok";
  const unknown = checks.filter((check) => check.level === "unknown").length;
  const letters = data.deadLetterTopic;
  return (
    <>
      <div class="head">
        <Badge tone={levels[worst].tone} loud={worst === "fail" ? "fill" : "ring"} icon={levels[worst].icon}>{worst === "fail" ? "Not ready" : worst === "warn" ? "Ready, with warnings" : "Ready"}</Badge>
        <span class="soft">{plural(checks.length, "check")}, measured <Ago time={data.measuredAt} /> ago</span>
        <span class="end"><button type="button" disabled={busy} onClick={measure}>{busy ? "Measuring…" : "Measure again"}</button></span>
      </div>
      <dl class="facts">
        {data.origin && <><dt>Origin</dt><dd><a class="mono" href={paths.topic(data.origin, data.cluster)}>{data.origin}</a></dd></>}
        <dt>Dead letters</dt>
        <dd>
          {letters === null ? <>nowhere{may("admin") && <> <button type="button" onClick={() => setMaking(true)}>Make a dead-letter topic</button></>}</>
            : letters === data.topic ? <>in this topic, <a href={paths.letters(`topic:${letters}`)}>see them</a></>
            : <a class="mono" href={paths.topic(letters, data.cluster)}>{letters}</a>}
        </dd>
        {letters !== data.topic && may("operate") && <><dt>Read</dt><dd>not as dead letters <Decide name={data.topic} cluster={data.cluster} decision="include" done={measure} /></dd></>}
        <dt>Cluster</dt><dd>{data.cluster}</dd>
      </dl>
      {letters === data.topic && <Reading name={letters} cluster={data.cluster} />}
      {unknown > 0 && <Notice>{unknown === 1 ? "One check could not be made" : `${unknown} checks could not be made`}; each says why. The others are complete.</Notice>}
      <ul class="checks ready-checks" aria-label="Checks">{checks.map((check) => <OneCheck check={check} topic={data.topic} />)}</ul>
      {making && <CreateTopic origin={data.topic} cluster={data.cluster} close={() => setMaking(false)} done={measure} />}
    </>
  );
}

function OneCheck({ check, topic }: { check: Check; topic: string }): JSX.Element {
  const { word, tone, icon } = levels[check.level];
  const bad = check.level === "fail" || check.level === "warn";
  return (
    <li class={tone}>
      <Icon name={icon} />
      <div>
        <p><span class={bad ? "b" : ""}>{check.what}</span>{check.level !== "ok" && <span class="soft"> · {word}</span>}<span class="vh">: {word}</span>{check.topic !== topic && <span class="soft"> · <span class="mono any">{check.topic}</span></span>}</p>
        <p class="soft"><Foreign text={check.measured} /></p>
        {bad && <p>{check.why}</p>}
        {check.fix && <div class="acts"><code class="grow any">{check.fix}</code><Copy text={check.fix} what={`Command for ${check.id}`} /></div>}
      </div>
    </li>
  );
}
