import { british } from "../figures/notation.ts";
import { english } from "./en-GB.ts";
import type { Language } from "./language.ts";

/** American English: the words are the British ones, dates and times are not. */
export const american: Language = {
  ...english,
  notation: {
    ...british,
    locale: "en-US",
    day: "LLL d",
    date: "LLL d, yyyy",
    weekday: "ccc, ",
    time: "h:mm a",
    daysOfMonth: (first, last) => `${first.toFormat("LLL d")}–${last.toFormat("d, yyyy")}`,
  },
};
