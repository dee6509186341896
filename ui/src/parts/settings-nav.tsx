import type { JSX } from "preact";
import { paths } from "../router.ts";

const pages = { retention: ["Retention", paths.settings], labels: ["Label rules", paths.labels()], lanes: ["Lanes", paths.lanes] } as const;

/** The pages of the settings. */
export function SettingsNav({ here }: { here: keyof typeof pages }): JSX.Element {
  return (
    <nav class="switch" aria-label="Settings">
      {(Object.keys(pages) as (keyof typeof pages)[]).map((page) => <a class="button" href={pages[page][1]} {...(page === here ? { "aria-current": "page" as const } : {})}>{pages[page][0]}</a>)}
    </nav>
  );
}
