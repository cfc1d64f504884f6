export {
  type Notation,
  amountText,
  attainedFraction,
  attainedText,
  budgetShown,
  burnRateShown,
  burnRateText,
  changeFraction,
  changeText,
  countsText,
  dayText,
  durationText,
  exactDurationText,
  momentText,
  none,
  percentText,
  shortened,
  spanText,
  targetText,
  weekDates,
} from "./figures/format.ts";
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
