/** HTML whose values are escaped. Only `html` makes it, so that no text is taken for it. */
class Html {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  toString(): string {
    return this.#source;
  }
}

export type { Html };

type Value = string | number | Html | readonly Html[];

/** The tag of templates of HTML: what they hold is escaped, unless it is HTML itself. */
export function html(literals: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(String.raw({ raw: literals }, ...values.map(toSource)));
}

/** A list with a separator in between. */
export function joined(items: readonly (string | Html)[], separator: string | Html): Html {
  return new Html(items.map(toSource).join(toSource(separator)));
}

function toSource(value: Value): string {
  if (value instanceof Html) return value.toString();
  return typeof value === "object" ? value.join("") : escaped(String(value));
}

/** Text as it may stand between tags and in quoted attributes. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
