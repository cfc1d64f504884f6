import type { Agreement } from "@runledger/config";
import type { Week } from "../report-model.ts";
import { previousWeeks } from "../week.ts";
import type { Coverage } from "./coverage.ts";
import type { Run } from "./run.ts";

/** All that the score of a week rests on. */
export interface ScoringInput {
  agreement: Pick<Agreement, "timezone" | "effectiveFrom" | "exclusions" | "objectives">;
  week: Week;
  /** The instant that plays "now". */
  asOf: Date;
  /**
   * By pipeline UUID, in any order: every run that finished from the start of the first of `trendWeeks` through
   * `asOf`. Those after the week close its incidents.
   */
  runsOf: ReadonlyMap<string, readonly Run[]>;
  coverage: Coverage;
  /** Configured or discovered names by task UUID. */
  taskNames: ReadonlyMap<string, string>;
}

/** The 13 weeks that the report of a week looks at, oldest first, the week itself last. */
export function trendWeeks(week: Week): Week[] {
  return previousWeeks(week, 13);
}
