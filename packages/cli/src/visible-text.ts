/** Longer texts are cut: nobody reads more of one message in a terminal, and a log's line stays a line. */
const LONGEST = 2000;

/**
 * Text from outside as a terminal may show it: one line, in which everything that could move the cursor, colour, hide
 * or reorder what stands around it is spelled out (`\u{1b}`, `\n`), and of which no more than `longest` UTF-16 code
 * units are shown. Names, messages, reasons and addresses all pass through here before they are printed.
 */
export function visibleText(text: string, longest = LONGEST): string {
  const cut = text.length > longest;
  // Not through the middle of a surrogate pair: half a pair would be spelled out.
  const shown = cut ? text.slice(0, longest).replace(/[\uD800-\uDBFF]$/u, "") : text;
  const visible = shown.replace(UNSEEN, (character) => SHORT[character] ?? spelled(character));
  return cut ? `${visible}… (${(text.length - shown.length).toLocaleString("en")} more characters)` : visible;
}

/**
 * Control characters (C0, DEL, C1), line and paragraph separators, lone surrogates, and all characters of format: bidi
 * marks and overrides, zero width, tags, and what is reserved for more of them. Only the two joiners stay, which scripts and emoji are written with.
 */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u{2065}\u{e0000}-\u{e0fff}]|(?![\u{200c}\u{200d}])\p{Cf}/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function spelled(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/** JSON with the same characters spelled out in its own way, so that it is safe to look at and means the same. */
export function visibleJson(value: unknown, indent?: number): string {
  // Line breaks between the values are JSON's own: in strings they are spelled out already.
  return JSON.stringify(value, null, indent).replace(UNSEEN, (character) =>
    character === "\n" ? character : unitsOf(character),
  );
}

function unitsOf(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}
