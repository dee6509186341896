/**
 * Copies in the older way, for origins that are not secure.
 *
 * @throws Error where the browser refuses
 */
export function copyByHand(text: string): void {
  const before = document.activeElement;
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "vh" });
  // Outside of an open dialog nothing can be selected.
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!copied) throw new Error("The browser refused");
}
