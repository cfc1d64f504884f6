import { shortened } from "@runledger/wording";

/** Text from anywhere as it may stand in a mail: on one line, without control characters, no longer than a sentence. */
export function asSentence(text: string): string {
  return shortened(onOneLine(text), 200);
}

/** The same for a name. */
export function asName(text: string): string {
  return shortened(onOneLine(text), 60);
}

export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function onOneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Surrogate}]+/gu, " ").trim();
}
