import type { ObjectiveKind, ObjectiveOf } from "@runledger/config";
import type { TermsOf } from "../report/weekly-report.ts";
import type { Scope } from "../scope/scope.ts";
import type { Evaluation, PipelineHistory } from "./evaluation.ts";

/** What good and total are made of. Time is printed in seconds, with up to six decimals. */
export type Unit = "runs" | "days" | "time";

/** All that scoring asks of one kind of objective. */
export interface Kind<K extends ObjectiveKind> {
  unit: Unit;
  evaluate: (objective: ObjectiveOf<K>, history: PipelineHistory, scope: Scope) => Evaluation;
  /** Whether the days it asks about cannot be told while some holidays are not known. */
  asksForHolidays: (objective: ObjectiveOf<K>) => boolean;
  /** What counting the week again takes, beside the rows of evidence. */
  terms: (objective: ObjectiveOf<K>, evaluation: Evaluation, scope: Scope) => TermsOf<K>;
}
