import {
  type Language,
  attainedText,
  burnRateText,
  changeText,
  countsText,
  targetText,
} from "@runledger/wording";
import { type ObjectiveResult, type Verdict, type ReportWithoutRuns, attainedIn } from "@runledger/sla";
import { causeOf } from "./cause.ts";
import { asName, asSentence, capitalised } from "./sanitize-text.ts";

/** An objective and its figures, ready to print. */
export interface ObjectiveLine {
  id: string;
  pipeline: string;
  definition: string;
  verdict: Verdict;
  verdictLabel: string;
  attained: string;
  target: string;
  fourWeeks: string;
  change: string;
  /** `80.00% attained, target 99%, 4 of 5 days, burn rate 20.00` */
  standing: string;
  reason: string;
  /** `Worst day: Wed 18 Mar, 47 min late. First to fail: Load orders`; only of what is missed or at risk. */
  cause: string | null;
}

export function objectiveLine(
  objective: ObjectiveResult,
  report: ReportWithoutRuns,
  language: Language,
): ObjectiveLine {
  const { verdict, definition } = objective;
  const attained = attainedIn(objective);
  const { notation } = language;
  const cause = verdict === "missed" || verdict === "at_risk" ? causeOf(objective, report, language) : null;
  return {
    id: asName(objective.id),
    pipeline: asName(objective.pipelineName),
    definition: asSentence(language.definition(definition)),
    verdict,
    verdictLabel: language.verdicts[verdict],
    attained: attainedText(attained, notation),
    target: targetText(objective.target, notation),
    fourWeeks: attainedText(objective.fourWeeks, notation),
    change: changeText(attained, objective.previous, notation),
    standing: standing(objective, language),
    reason: asSentence(capitalised(language.reason(objective.reason, definition))),
    cause: cause === null ? null : asSentence(cause),
  };
}

function standing(objective: ObjectiveResult, { notation, mail }: Language): string {
  const { kind, share, target, burnRate, reason } = objective;
  const isInDoubt = reason.kind === "in_doubt";
  const attained = attainedIn(objective);
  if (share.total === 0 && !isInDoubt) return mail.nothingToScore(targetText(target, notation));
  return mail.standing({
    attained: attained === null ? null : attainedText(attained, notation),
    isInDoubt,
    target: targetText(target, notation),
    counts: countsText(kind, share, notation),
    burnRate: burnRate === null ? null : burnRateText(burnRate, notation),
  });
}
