import { render, type JSX } from "preact";
import { useEffect, useErrorBoundary } from "preact/hooks";
import "./tokens.css";
import "./screens.css";
import { asProblem, get, me, signedOut } from "./api.ts";
import type { Me } from "./contract.ts";
import { listenToKeys } from "./keys.ts";
import { halt, start } from "./live.ts";
import { listen, paths, routeOf, url } from "./router.ts";
import { lazy } from "./lazy.tsx";
import { Frame, tray } from "./parts/frame.tsx";
import { ProblemBanner } from "./parts/states.tsx";

const Overview = lazy(() => import("./screens/overview.tsx").then((module) => module.Overview));
const Letters = lazy(() => import("./screens/letters.tsx").then((module) => module.Letters));
const Topics = lazy(() => import("./screens/topics.tsx").then((module) => module.Topics));
const TopicScreen = lazy(() => import("./screens/topic.tsx").then((module) => module.Topic));
const Consumers = lazy(() => import("./screens/consumers.tsx").then((module) => module.Consumers));
const Consumer = lazy(() => import("./screens/consumers.tsx").then((module) => module.Consumer));
const Letter = lazy(() => import("./screens/letter.tsx").then((module) => module.Letter));
const Jobs = lazy(() => import("./screens/jobs.tsx").then((module) => module.Jobs));
const Job = lazy(() => import("./screens/job.tsx").then((module) => module.Job));
const Edit = lazy(() => import("./screens/edit.tsx").then((module) => module.Edit));

const Group = lazy(() => import("./screens/group.tsx").then((module) => module.Group));
const Alerts = lazy(() => import("./screens/alerts.tsx").then((module) => module.Alerts));
const Retention = lazy(() => import("./screens/retention.tsx").then((module) => module.Retention));
const Labels = lazy(() => import("./screens/labels.tsx").then((module) => module.Labels));
const Lanes = lazy(() => import("./screens/lanes.tsx").then((module) => module.Lanes));
const Audit = lazy(() => import("./screens/audit.tsx").then((module) => module.Audit));
// Most people are signed in when they come.
const SignIn = lazy(() => import("./screens/signin.tsx").then((module) => module.SignIn), "part");

function Screen(): JSX.Element {
  const route = routeOf(url.value.pathname);
  switch (route.screen) {
    case "overview": return <Overview />;
    case "letters": return <Letters />;
    case "topics": return <Topics />;
    case "topic": return <TopicScreen key={route.id} name={route.id} />;
    case "consumers": return <Consumers />;
    case "consumer": return <Consumer key={route.id} group={route.id} />;
    case "alerts": return <Alerts at={route.id} />;
    case "audit": return <Audit />;
    case "settings": return <Retention />;
    case "labels": return <Labels />;
    case "lanes": return <Lanes />;
    case "jobs": return <Jobs />;
    case "job": return <Job key={route.id} id={route.id} />;
    case "letter": return <Letter key={route.id} id={route.id} />;
    case "edit": return <Edit key={route.id} id={route.id} />;
    case "group": return <Group key={route.id} id={route.id} />;
    case "missing": return <Missing />;
  }
}

/** What one screen cannot draw, such as a word that a newer server says, takes none of the others with it. */
function Guarded(): JSX.Element {
  const [error, again] = useErrorBoundary();
  const path = url.value.pathname;
  useEffect(() => {
    if (error !== undefined) again();
  }, [path]);
  return error === undefined ? <Screen /> : <Frame title="Redrive"><ProblemBanner problem={asProblem(error)} again={again} /></Frame>;
}

function Missing(): JSX.Element {
  return (
    <Frame title="No such page">
      <div class="calm"><h2>No such page</h2><p>There is nothing at <code>{url.value.pathname}</code>. <a href={paths.overview}>Go to the overview</a></p></div>
    </Frame>
  );
}

/** How soon what did not come is asked for again. */
const patience = 5000;

/** Nothing can be done before it is known who we are, so an answer that did not come is asked for again. */
function introduce(): void {
  get<Me>("/me").then((found) => (me.value = found), () => setTimeout(() => {
    if (!me.value && !signedOut.value) introduce();
  }, patience));
}

function App(): JSX.Element {
  const out = signedOut.value;
  useEffect(() => {
    if (out) return halt();
    start();
    // Who we are is not needed to read; a problem shows on the screen's own requests.
    if (!me.value) introduce();
  }, [out]);
  return out ? <SignIn /> : <Guarded />;
}

listen();
listenToKeys();
const root = document.getElementById("app");
if (root) render(<App />, root);
// The next steps of almost everybody, fetched while the first screen is read.
setTimeout(() => {
  [Letters, Letter].forEach((screen) => void screen.load());
  // Without it the jobs are still where they always are.
  import("./parts/tray.tsx").then((module) => (tray.value = module.Tray), () => undefined);
  void import("./firing.ts").then(({ watchFiring }) => watchFiring());
}, 1000);
