import type { Objective } from "@runledger/config";
import type { ObjectiveKind, Week } from "../report-model.ts";
import type { ObjectiveEvent } from "./event.ts";
import type { ExaminedRun, Run } from "./run.ts";
import { tallyOf, type Tally } from "./tally.ts";

export type ObjectiveOf<Kind extends ObjectiveKind> = Extract<Objective, { kind: Kind }>;

/** What an objective makes of its pipeline's runs: the same questions for every kind. */
export interface Evaluation {
  /** The objective in plain words: "Successful runs, of all runs". */
  definition: string;
  /** What is counted, in the singular: "run". */
  unit: string;
  /** What the bad ones did: "failed or took longer than 45 min". */
  fault: string;
  /** Why no week can have a verdict; `null` when any can. */
  unscored: string | null;
  /** What incidents are made of, in order of time. */
  events: readonly ObjectiveEvent[];
  tally(week: Week): Tally;
}

/** The evaluation of an objective whose events are runs: each of `runs` is one, at its finish. */
export function evaluateRuns(
  words: Pick<Evaluation, "definition" | "unit" | "fault">,
  runs: readonly ExaminedRun[],
  isGood: (run: Run) => boolean,
): Evaluation {
  const events = runs.map(({ run, exclusion }) => ({
    at: run.finishedAt,
    isGood: isGood(run),
    isExcluded: exclusion !== null,
    run,
  }));
  return { ...words, unscored: null, events, tally: (week) => tallyOf(events, week) };
}
