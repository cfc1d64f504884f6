export { appliesFromWeek } from "./applies-from-week.ts";
export { loadConfig, parseConfig } from "./load.ts";
export { ConfigError, type ConfigProblem, type Position } from "./problems/problems.ts";
export type {
  Agreement,
  Calendar,
  DaySelection,
  Exclusion,
  MeasureOf,
  Objective,
  ObjectiveMeasure,
  ObjectiveOf,
  PipelineConfig,
  ReportConfig,
  RunledgerConfig,
} from "./config.ts";
export {
  definitionHash,
  definitionOf,
  isSamePromise,
  underDefinition,
  type Definition,
} from "./definition.ts";
export { recordedDefinition, recordedMeasure } from "./recorded-definition.ts";
export {
  holidaysBetween,
  lastHoliday,
  type HolidayCalendar,
  type HolidayFile,
} from "./holidays/holiday-calendar.ts";
export type { HolidayEvent } from "./holidays/holiday-event.ts";
export { holidayCalendar } from "./holidays/read-holidays.ts";
export { configWarnings } from "./config-warnings.ts";
export { readOutlines, type AgreementOutline } from "./outline.ts";
export { durationMs } from "./duration-text.ts";
export { asciiAddress, distinctRecipients, recipientKey } from "./email-address.ts";
export { isEmailAddress } from "./values.ts";
export type { LanguageTag } from "./language-tags.ts";
export { OBJECTIVE_KINDS, type ObjectiveKind } from "./objective-kinds.ts";
export type { Target } from "./target.ts";
export type { Weekday } from "./weekdays.ts";
export { exampleYaml } from "./example.ts";
export { jsonSchema } from "./json-schema.ts";
export { PERCENT_ENCODE, shownAddress, takeApart } from "./connection-url.ts";
