/** The languages a mail may be written in, by their BCP 47 tags. */
export const LANGUAGES = ["en-GB", "en-US", "de-DE"] as const;

export type LanguageTag = (typeof LANGUAGES)[number];
