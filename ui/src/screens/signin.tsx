import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask, asProblem, me, signedOut, type Problem } from "../api.ts";
import type { Me } from "../contract.ts";
import { Icon } from "../parts/icon.tsx";
import { ProblemBanner } from "../parts/states.tsx";

/** Trades a token for a session cookie that scripts cannot read; the token itself is kept nowhere. */
export function SignIn(): JSX.Element {
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      const { data } = await ask<Me>("POST", "/sessions", { body: { token: token.trim() } });
      me.value = data;
      signedOut.value = false;
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="signin stack" id="main">
      <p class="brand"><Icon name="mark" /><span>redrive</span></p>
      <h1>Sign in</h1>
      {problem && <ProblemBanner problem={problem} />}
      <form class="stack" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
        <label class="field"><span class="help">Token</span>
          <input ref={field} type="password" name="token" autocomplete="current-password" required value={token} onInput={(event) => setToken(event.currentTarget.value)} />
        </label>
        <button class="go" disabled={busy}>{busy ? "Signing in…" : "Sign in"}</button>
      </form>
      <p class="help">The token is the value of <code>REDRIVE_ADMIN_TOKEN</code> on the server.</p>
    </main>
  );
}
