import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Override } from "../contract.ts";
import { lastReason } from "../prefs.ts";
import type { Sending } from "../sending.ts";
import { BlastRadius, Checks } from "./checks.tsx";
import { Icon } from "./icon.tsx";
import { Bones, ProblemBanner } from "./states.tsx";

const asks: Record<Override, string> = {
  loop: "Send it once more, although it came back as often as allowed",
  "dead-letter-topic": "Send it to a topic that Redrive itself reads",
  "no-redrive-headers": "Send it without our headers, so that it cannot be recognised when it comes back",
};

/** What a person must say before the server accepts it. */
export function Overrides({ sending }: { sending: Sending }): JSX.Element | null {
  const needed = sending.check?.overrides ?? [];
  if (needed.length === 0) return null;
  return (
    <div class="banner decide">
      <Icon name="warn" />
      <div>
        {needed.map((override) => (
          <label class="tick"><input type="checkbox" checked={sending.overrides.includes(override)} onChange={() => sending.toggleOverride(override)} />{asks[override]}</label>
        ))}
      </div>
    </div>
  );
}

/** The reason and the one button that sends. Ctrl+Enter in the field is the button; with Shift there is no time to take it back. */
export function SendBar({ sending, what, children, focus = false }: { sending: Sending; what: string; children?: JSX.Element | JSX.Element[]; focus?: boolean }): JSX.Element {
  const reason = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focus) reason.current?.focus({ preventScroll: true });
  }, [focus]);
  const blocked = sending.blocked;
  return (
    <div class="acts dock" role="group" aria-label="Send">
      <label class="field say">
        <span class="help">Reason, kept in the audit</span>
        <input
          ref={reason} value={lastReason.value} placeholder="INC-4711, fixed by hand" maxLength={2000}
          onInput={(event) => (lastReason.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) sending.send(event.shiftKey);
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
      </label>
      <button type="button" class="go" disabled={blocked !== null || sending.sending || sending.sent} aria-describedby={blocked ? "send-blocked" : undefined} title="Waits 5 s, in which z takes it back. With Shift it goes at once." onClick={(event) => sending.send(event.shiftKey)}>
        <Icon name="sent" />{sending.sending ? "Sending…" : sending.sent ? "Sent" : what} <kbd>Ctrl ↵</kbd>
      </button>
      {children}
      {blocked && <span id="send-blocked" class="help all">{blocked}</span>}
    </div>
  );
}

/** Blast radius and dry run, side by side or one below the other. */
export function DryRun({ sending, consumerGroup }: { sending: Sending; consumerGroup: string | null }): JSX.Element {
  const { check, problem, checking } = sending;
  return (
    <>
      {problem && <ProblemBanner problem={problem} again={check ? () => sending.send() : sending.recheck} />}
      {!check && checking && <Bones rows={3} />}
      {check && (
        <div class="pair" aria-busy={checking}>
          <section><div class="head"><h2>Blast radius</h2><span class="help">who will see this record</span></div><BlastRadius check={check} consumerGroup={consumerGroup} /></section>
          <section>
            <div class="head"><h2>Check</h2><span class="help">a dry run, nothing was sent</span><span class="end"><button type="button" onClick={sending.recheck} disabled={checking}>{checking ? "Checking…" : "Again"}</button></span></div>
            <Checks check={check} />
          </section>
        </div>
      )}
      <Overrides sending={sending} />
    </>
  );
}
