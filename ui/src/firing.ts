/** Keeps the number at Alerts in the rail; fetched after the first screen, which does not wait for it. */
import { firing, get, signedOut } from "./api.ts";
import type { Overview } from "./contract.ts";
import { onHint } from "./live.ts";

/** Nothing tells of an alert that holds long enough, so it is asked for now and then all the same. */
const pace = 60_000;
/** One look for all that changes in the meantime. */
const pause = 3000;

export function watchFiring(): void {
  let due: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    due = undefined;
    if (document.hidden || signedOut.value) return;
    // Without an answer the last number stays; the screen says what is wrong.
    get<Overview>("/overview").then((found) => (firing.value = found.alertsFiring), () => undefined);
  };
  look();
  setInterval(look, pace);
  onHint(["alerts", "deliveries"], () => (due ??= setTimeout(look, pause)));
}
