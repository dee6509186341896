/** Making what must not be there twice. */
import { newKey } from "./actions.ts";
import { ask, asProblem } from "./api.ts";

export type Make = <T>(path: string, body: unknown, intent?: unknown) => Promise<T>;

/**
 * One key and one body for one intent, until the server has said what became of it: a second press, or another try after a
 * lost answer, makes nothing twice. To be kept by the form; what it makes after an answer is another thing.
 */
export function maker(): Make {
  let held: { said: string; body: unknown; key: string } | undefined;
  return async <T>(path: string, body: unknown, intent = body): Promise<T> => {
    const said = JSON.stringify([path, intent]);
    if (held?.said !== said) held = { said, body, key: newKey() };
    try {
      const { data } = await ask<T>("POST", path, { body: held.body, headers: { "Idempotency-Key": `"${held.key}"` } });
      held = undefined;
      return data;
    } catch (error) {
      const { status } = asProblem(error);
      if (status >= 400 && status < 500) held = undefined;
      throw error;
    }
  };
}
