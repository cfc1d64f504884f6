import { createHash } from "node:crypto";
import { type ObjectiveResult, type WeeklyReport, isScored, isoOf, isoOrNull } from "@runledger/sla";

/**
 * How versions up to 0.1.0 hashed what a report prints: figures that are named one by one. Never changed, for revisions
 * that they stored are told by it.
 */
export function contentHashInForm1(report: WeeklyReport): string {
  const figures = [
    report.definitionHash,
    report.objectives.map(({ id, target, share, raw, fourWeeks, previous, verdict, reason }) => [
      [id, target.numerator, target.denominator, verdict],
      [share, raw, fourWeeks, previous].map((counts) => counts && [counts.good, counts.total]),
      ...blanked({ share, verdict }),
      ...(reason.kind === "in_doubt" ? [reason] : []),
    ]),
    report.incidents.map(
      ({ objective, openedAt, closedAt, lastedMs, badEvents, firstFailedTaskUuid, errorMessage }) => [
        [objective, isoOf(openedAt), isoOrNull(closedAt), badEvents],
        [firstFailedTaskUuid, errorMessage],
        ...(closedAt === null ? [lastedMs] : []),
      ],
    ),
    report.deadlines.map(({ objective, date, dueAt, completedAt, status, attempts, runUuid }) => [
      [objective, date, dueAt, isoOrNull(completedAt)],
      [status, attempts, runUuid],
    ]),
    report.freshnessGaps.map(({ objective, from, to, limitMs, breachMs }) => [
      objective,
      isoOf(from),
      isoOrNull(to),
      limitMs,
      breachMs,
    ]),
    [report.inputs.runs, report.countedHash],
    report.trend.map(({ week, objective, share, verdict }) => [
      week,
      objective,
      share.good,
      share.total,
      verdict,
      ...blanked({ share, verdict }),
    ]),
    report.durations.map(({ week, pipelineUuid, p50Ms, p95Ms }) => [week, pipelineUuid, p50Ms, p95Ms]),
    report.exclusions.map(({ start, end }) => [start, end]),
  ];
  return createHash("sha256").update(JSON.stringify(figures)).digest("hex");
}

/** Tells reports that print no share of what was counted without a verdict from earlier ones, which did. */
function blanked({ share, verdict }: Pick<ObjectiveResult, "share" | "verdict">): string[] {
  return share.total > 0 && !isScored({ verdict }) ? ["nothing attained"] : [];
}
