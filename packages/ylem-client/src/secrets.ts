import { inspect } from "node:util";

/** The values that must never reach an error or a log. */
export class Secrets {
  readonly #spellings = new Set<string>();

  add(value: string): void {
    const inForm = new URLSearchParams({ "": value }).toString().slice(1);
    for (const spelling of [value, encodeURIComponent(value), inForm]) this.#spellings.add(spelling);
  }

  /** The text with every secret replaced, however it was URL-encoded. */
  hide(text: string): string {
    let hidden = text;
    for (const spelling of this.#spellings) hidden = hidden.replaceAll(spelling, "[secret]");
    return hidden;
  }

  /** The cause as it is or, when it names a secret anywhere, an error with only its cleaned message. */
  hideIn(cause: unknown): unknown {
    const shown = inspect(cause, { depth: Infinity, showHidden: true, maxStringLength: null });
    return this.hide(shown) === shown ? cause : new Error(this.hide(String(cause)));
  }
}
