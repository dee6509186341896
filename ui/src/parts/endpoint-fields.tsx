import type { JSX } from "preact";
import type { Endpoint, EndpointEdit, EndpointKind } from "../alerting.ts";
import { kinds } from "../endpoint-kinds.ts";

/**
 * Every field says what it needs where one types it.
 *
 * @param hint what may be shown of the address of an endpoint that exists
 * @param refused why the address was not taken
 */
export function EndpointFields({ edit, set, endpoints, hint, refused }: {
  edit: EndpointEdit;
  set: (edit: EndpointEdit) => void;
  endpoints: Endpoint[];
  hint?: string;
  refused: string | undefined;
}): JSX.Element {
  const kind = kinds[edit.kind];
  return (
    <>
      <div class="pair">
        <label class="field"><span class="help">Name</span><input required maxLength={100} autocomplete="off" placeholder="On-call" value={edit.name} onInput={(event) => set({ ...edit, name: event.currentTarget.value })} /></label>
        <div class="field"><label class="field"><span class="help">Kind</span>
          <select value={edit.kind} disabled={hint !== undefined} aria-describedby="kind-what" onChange={(event) => set({ ...edit, kind: event.currentTarget.value as EndpointKind })}>{(Object.keys(kinds) as EndpointKind[]).map((one) => <option value={one}>{kinds[one].word}</option>)}</select></label>
          <span class="help" id="kind-what">{kind.what}{hint !== undefined && " The kind stays; make another endpoint for another."}</span>
        </div>
      </div>
      <div class="field">
        <label class="field"><span class="help">{kind.address}{hint !== undefined && <>{hint && <>, now <code>{hint}</code></>}. Leave it empty to keep it</>}</span>
          <input class="mono" type="text" maxLength={2000} spellcheck={false} autocomplete="off" autocapitalize="off" required={hint === undefined} placeholder={kind.example} value={edit.address ?? ""} aria-invalid={refused !== undefined} aria-describedby={refused === undefined ? "address-needs" : "address-refused address-needs"} onInput={(event) => { const { address: _, ...rest } = edit; set(hint !== undefined && event.currentTarget.value === "" ? rest : { ...rest, address: event.currentTarget.value }); }} />
        </label>
        {refused !== undefined && <p class="echo" id="address-refused" role="alert"><span class="b">Not taken.</span> {refused}</p>}
        <p class="help" id="address-needs">{kind.needs} For example <code class="any">{kind.example}</code></p>
      </div>
      {edit.kind !== "heartbeat" && (
        <>
          <label class="field"><span class="help">Who is told when it is switched off or a message is given up</span>
            <select value={edit.ownerEndpointId ?? ""} onChange={(event) => set({ ...edit, ownerEndpointId: event.currentTarget.value || null })}><option value="">Any other active endpoint</option>{endpoints.map((one) => <option value={one.id}>{one.name}</option>)}</select>
          </label>
          <label class="tick"><input type="checkbox" checked={edit.allowsPayload} onChange={() => set({ ...edit, allowsPayload: !edit.allowsPayload })} />Messages may show the beginning of a payload</label>
          <p class="help tight">Only where a rule asks for it too. Payloads hold personal data; a chat keeps them for years.</p>
        </>
      )}
      <label class="tick"><input type="checkbox" checked={edit.enabled} onChange={() => set({ ...edit, enabled: !edit.enabled })} />Active</label>
    </>
  );
}
