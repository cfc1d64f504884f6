import { type Language, attainedText, changeFraction, changeText } from "@runledger/wording";
import {
  type ObjectiveResult,
  type Verdict,
  type ReportWithoutRuns,
  attainedIn,
  previousWeeks,
} from "@runledger/sla";
import { truncated, type Line, type Truncated } from "./truncated.ts";
import { asName } from "./sanitize-text.ts";

/** Of the objectives with the same verdict as the week before, the ones that are named with their difference. */
const mostSteady = 5;

/**
 * What changed since the week before, in the order of `objectives`: another verdict is a line of its own, other
 * differences share one. `null` when nothing was in force the week before.
 */
export function sinceLastWeek(
  report: ReportWithoutRuns,
  objectives: readonly ObjectiveResult[],
  most: number,
  language: Language,
): Truncated<Line> | null {
  const developments = findDevelopments(report, objectives);
  if (developments.length === 0) return null;
  const { mail, notation } = language;
  const changed = developments.filter(({ now, verdictBefore }) => now.verdict !== verdictBefore);
  const steady = developments
    .filter(({ now, verdictBefore }) => now.verdict === verdictBefore && difference(now) > 0)
    .toSorted((a, b) => difference(b.now) - difference(a.now))
    .slice(0, mostSteady)
    .map(({ now }) => `${asName(now.id)} ${changeText(attainedIn(now), now.previous, notation)}`);
  const remarks = [
    ...(changed.length === 0 ? [mail.noVerdictChanged] : []),
    ...(steady.length === 0 ? [] : [mail.attainedOtherwise(steady)]),
  ].map((rest) => ({ lead: null, rest }));
  const { items, omitted } = truncated(changed, most, (one) => developmentLine(one, language));
  return { items: [...items, ...remarks], omitted };
}

interface Development {
  now: ObjectiveResult;
  verdictBefore: Verdict;
}

/** Of the objectives that were in force the week before. */
function findDevelopments(
  { week, trend }: ReportWithoutRuns,
  objectives: readonly ObjectiveResult[],
): Development[] {
  const [before] = previousWeeks(week, 2);
  const verdicts = new Map(
    trend.filter((point) => point.week === before?.id).map(({ objective, verdict }) => [objective, verdict]),
  );
  return objectives.flatMap((now) => {
    const verdictBefore = verdicts.get(now.id) ?? "not_in_force";
    return verdictBefore === "not_in_force" ? [] : [{ now, verdictBefore }];
  });
}

/** Of what was attained, either way; none where a week was not scored. */
function difference(now: ObjectiveResult): number {
  return Math.abs(changeFraction(attainedIn(now), now.previous) ?? 0);
}

function developmentLine({ now, verdictBefore }: Development, language: Language): Line {
  const { notation } = language;
  const [before, attained] = [now.previous, attainedIn(now)];
  const hasChange = changeFraction(attained, before) !== null;
  const change = hasChange ? ` (${changeText(attained, before, notation)})` : "";
  const shares = `${attainedText(before, notation)} → ${attainedText(attained, notation)}${change}`;
  return { lead: asName(now.id), rest: `${turn(verdictBefore, now.verdict, language)}, ${shares}` };
}

function turn(before: Verdict, now: Verdict, { mail, verdicts }: Language): string {
  if (isMet(before) && now === "missed") return mail.newlyMissed;
  if (before === "missed" && isMet(now)) return mail.recovered;
  return `${verdicts[before]} → ${verdicts[now]}`;
}

function isMet(verdict: Verdict): boolean {
  return verdict === "met" || verdict === "at_risk";
}
