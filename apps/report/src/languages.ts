import type { LanguageTag } from "@runledger/config";
import { german } from "./languages/de-DE.ts";
import { english } from "./languages/en-GB.ts";
import { american } from "./languages/en-US.ts";
import type { Language } from "./languages/language.ts";

/** The languages of mails. A new one is a file beside the others, a line here and its tag in `@runledger/config`. */
export const languages: Record<LanguageTag, Language> = {
  "en-GB": english,
  "en-US": american,
  "de-DE": german,
};
