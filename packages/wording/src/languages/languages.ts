import type { LanguageTag } from "@runledger/config";
import { german } from "./de-DE.ts";
import { english } from "./en-GB.ts";
import { american } from "./en-US.ts";
import type { Language } from "./language.ts";

/** The languages of mails. A new one is a file beside the others, a line here and its tag in `@runledger/config`. */
export const languages: Record<LanguageTag, Language> = {
  "en-GB": english,
  "en-US": american,
  "de-DE": german,
};
