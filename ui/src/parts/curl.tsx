import type { JSX } from "preact";
import { useKeys } from "../keys.ts";
import { Icon } from "./icon.tsx";
import { copy } from "./words.tsx";

/** What a runbook asks the API for; the token is that of whoever runs it. @param path below `/api/v1` */
export function Curl({ where, path }: { where: string; path: string }): JSX.Element {
  const take = (): void => void copy(`curl -fsS -H "Authorization: Bearer $REDRIVE_TOKEN" '${location.origin}/api/v1${path}'`, "Command");
  useKeys(where, [{ keys: "c", what: "Copy as curl", run: take }]);
  return <button type="button" class="opt" onClick={take}><Icon name="copy" />Copy as curl <kbd>c</kbd></button>;
}
