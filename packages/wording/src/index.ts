export { durationText, exactDurationText } from "./figures/time-span-text.ts";
export { dayText, momentText, spanText, weekDates } from "./figures/moment-text.ts";
export { type Notation } from "./figures/notation.ts";
export { none, percentText } from "./figures/number-text.ts";
export {
  amountText,
  attainedFraction,
  attainedText,
  budgetShown,
  burnRateShown,
  burnRateText,
  changeFraction,
  changeText,
  countsText,
  targetText,
} from "./figures/share-text.ts";
export { shortened } from "./figures/shortened.ts";
export { headline } from "./headline.ts";
export { incidentRemarks } from "./incident-remarks.ts";
export { german } from "./languages/de-DE.ts";
export { english } from "./languages/en-GB.ts";
export { american } from "./languages/en-US.ts";
export { type Language, type MailWords } from "./languages/language.ts";
export { languages } from "./languages/languages.ts";
export { causesInWords } from "./revision-causes.ts";
export { verdictColours } from "./verdict-colours.ts";
export { soFarInWords } from "./week-so-far.ts";
