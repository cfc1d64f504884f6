import type { Agreement, ObjectiveKind, ObjectiveOf } from "@runledger/config";
import {
  type DeadlineDay,
  type DeadlineStatus,
  type LocalDay,
  type Micros,
  type ObjectiveResult,
  type RunEvidence,
  type TermsOf,
  type WeeklyReport,
  contains,
  dateOf,
  excludedIntervals,
  isSelected,
  isoOf,
  localDays,
  microsOf,
  without,
} from "@runledger/sla";
import { durationText, exactDurationText } from "@runledger/wording";

/** An objective of a report, and how its times read. */
export interface Case<Kind extends ObjectiveKind = ObjectiveKind> {
  report: WeeklyReport;
  agreement: Agreement;
  objective: ObjectiveOf<Kind>;
  result: ObjectiveResult;
  terms: TermsOf<Kind>;
  clock: (instant: Date) => string;
}

/** The week's excluded times, and what they do to an objective of its kind. */
export function exclusionsStep({ report, result, clock }: Case): string[] {
  if (report.exclusions.length === 0) return ["Nothing is excluded in it."];
  const runs = runsOf(report, result);
  return [
    `Excluded time. ${KINDS[result.kind].excluded}:`,
    ...report.exclusions.map((time) => {
      const finished = runs.filter(({ finishedAt }) => contains(time, dateOf(finishedAt))).length;
      return `${clock(time.start)} – ${clock(time.end)}  ${time.reason} (runs that finished in it: ${finished})`;
    }),
  ];
}

export function runsStep({ report, result }: Case): string[] {
  const runs = runsOf(report, result);
  const failed = runs.filter((run) => !run.isSuccessful).length;
  return [`Runs of ${result.pipelineName} that finished in the week: ${runs.length}. Failed: ${failed}.`];
}

export function evidenceStep<Kind extends ObjectiveKind>(of: Case<Kind>): string[] {
  return KINDS[of.objective.kind].evidence(of);
}

/** How a kind of objective is explained. */
interface ExplainedKind<Kind extends ObjectiveKind> {
  /** What becomes of excluded time. */
  excluded: string;
  /** What the counts rest on: a sentence, then its evidence. */
  evidence: (of: Case<Kind>) => string[];
}

const KINDS: { [Kind in ObjectiveKind]: ExplainedKind<Kind> } = {
  success: {
    excluded: "Runs that finish in it do not count",
    evidence: ({ report, result, clock }) => {
      const counted = runsOf(report, result).filter((run) => run.isCounted);
      const bad = counted.filter((run) => !run.isSuccessful);
      return [
        `Runs that count: ${counted.length}. Bad, for they failed: ${listed(bad)}`,
        ...bad.map((run) => runLine(run, clock)),
      ];
    },
  },
  duration: {
    excluded: "Runs that finish in it do not count",
    evidence: ({ report, objective, result, clock }) => {
      const { atMostMs, failed } = objective;
      const counted = runsOf(report, result).filter(
        (run) => run.isCounted && (failed === "count" || run.isSuccessful),
      );
      const bad = counted.filter((run) => !run.isSuccessful || run.elapsedMs > atMostMs);
      const [which, why] = failed === "count" ? ["", "failed or "] : [", failed ones left out", ""];
      return [
        `Runs that count${which}: ${counted.length}. Bad, for they ${why}took longer than ${exactDurationText(atMostMs)}: ${listed(bad)}`,
        ...bad.map((run) => runLine(run, clock)),
      ];
    },
  },
  deadline: {
    excluded: "A day whose agreed time lies in it is excused; runs serve their day all the same",
    evidence: ({ report, result, clock }) => {
      const days = report.deadlines.filter((day) => day.objective === result.id);
      const runs = runsOf(report, result);
      return [
        `Days on which a run was due: ${listed(days)}`,
        ...days.flatMap((day) => dayLines(day, runs, clock)),
      ];
    },
  },
  freshness: {
    excluded: "It is cut out of the time that counts",
    evidence: ({ report, objective, clock }) => {
      const limit = exactDurationText(objective.maxAgeMs);
      const gaps = report.freshnessGaps.filter((gap) => gap.objective === objective.id);
      const exact = (instant: Micros) =>
        `${clock(dateOf(instant))}:${isoOf(instant)
          .slice(17, -1)
          .replace(/\.000$/, "")}`;
      return [
        `Stretches of the week in which the latest success was older than ${limit}: ${listed(gaps)}`,
        ...gaps.map(
          ({ from, to, breachMs }) =>
            `age counts from ${exact(from)}, next success ${to === null ? "not yet" : exact(to)}: ` +
            `older for ${exactDurationText(breachMs)} of the time that counts`,
        ),
      ];
    },
  },
  volume: {
    excluded: "A day that lies wholly in it does not count; runs count for their day all the same",
    evidence: (of) => {
      const { report, agreement, result } = of;
      const good = runsOf(report, result).filter((run) => run.isSuccessful);
      return [
        "Successful runs by local day:",
        ...localDays(agreement.calendar, agreement.timezone, report.week).map((day) => {
          const count = good.filter((run) => contains(day, dateOf(run.finishedAt))).length;
          return `${day.date}  ${count}: ${standingOf(day, count, of)}`;
        }),
      ];
    },
  },
};

function runsOf({ runs }: WeeklyReport, { pipelineUuid }: ObjectiveResult): RunEvidence[] {
  return Array.from(runs).filter((run) => run.pipelineUuid === pipelineUuid);
}

function runLine(
  { finishedAt, elapsedMs, isSuccessful, errorMessage, runUuid }: RunEvidence,
  clock: Case["clock"],
) {
  const how = isSuccessful ? `took ${durationText(elapsedMs)}` : `failed: ${errorMessage ?? "no message"}`;
  return `${clock(dateOf(finishedAt))}  ${runUuid}  ${how}`;
}

/** A day that is due, and the failed ones of the runs that were to serve it, as far as they finished in the week. */
function dayLines(day: DeadlineDay, runs: readonly RunEvidence[], clock: Case["clock"]): string[] {
  const { date, opensAt, dueAt, completedAt, lateByMs, status, attempts, runUuid } = day;
  const completed =
    completedAt === null
      ? "no success"
      : `first success ${clock(dateOf(completedAt))} (${runUuid ?? "unknown run"})`;
  const late = lateByMs === null ? "" : ` by ${exactDurationText(lateByMs)}`;
  const tried = runs.filter(({ finishedAt }) => finishedAt >= microsOf(opensAt)).slice(0, attempts);
  return [
    `${date}  ${DAY[status]}${late}: window from ${clock(opensAt)}, due ${clock(dueAt)}, ${completed}`,
    ...tried.filter((run) => !run.isSuccessful).map((run) => `  ${runLine(run, clock)}`),
  ];
}

const DAY: Record<DeadlineStatus, string> = {
  on_time: "on time",
  late: "late",
  missed: "missed, no run succeeded",
  no_run: "no run",
  pending: "pending, not due yet or in doubt",
  excused: "excused, the agreed time is excluded",
};

/** Whether a day of a volume objective is good or bad, or why it is neither. */
function standingOf(day: LocalDay, count: number, { agreement, objective, terms }: Case<"volume">): string {
  if (terms.days.includes(day.date)) {
    return count >= objective.atLeast ? "enough" : `fewer than ${objective.atLeast}`;
  }
  if (!isSelected(objective.on, day)) {
    return `not asked for${day.holiday === null ? "" : ` (${day.holiday})`}`;
  }
  const excluded = excludedIntervals(agreement.exclusions, agreement.timezone, day);
  if (without(day, excluded).length === 0) return "wholly excluded";
  return "does not count: not in force, not over yet or in doubt";
}

/** How many there are, and what follows. */
function listed(list: readonly unknown[]): string {
  return list.length === 0 ? "none." : `${list.length}:`;
}
