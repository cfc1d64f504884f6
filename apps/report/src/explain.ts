import type { Agreement, Objective } from "@runledger/config";
import { localDays } from "./calendar-days.ts";
import {
  attainedText,
  budgetShown,
  burnRateText,
  countsText,
  durationText,
  momentText,
  none,
  targetText,
  weekDates,
} from "./format.ts";
import { english } from "./languages/en-GB.ts";
import type { ObjectiveResult, RunEvidence, WeeklyReport } from "./report-model.ts";
import { contains } from "./sla/interval.ts";

/** The figures of one objective step by step, each with the runs, days or intervals behind it, in plain words. */
export function explain(report: WeeklyReport, agreement: Agreement, objective: Objective): string[] {
  const result = report.objectives.find(({ id }) => id === objective.id);
  if (!result) {
    return [];
  }
  const { week } = report;
  const clock = (instant: Date): string => momentText(instant, week.timezone);
  const steps = [
    [`The week goes from ${clock(week.start)} up to ${clock(week.end)}: ${week.hours} hours.`],
    runsStep(report, result),
    EVIDENCE[objective.kind]({ report, agreement, objective, result, clock }),
    shareStep(result),
    budgetStep(result),
    [
      `Pooled over four weeks: ${countsText(result.kind, result.fourWeeks)}, ${attainedText(result.fourWeeks)}.`,
    ],
    [
      `Verdict: ${english.verdicts[result.verdict]}. ${sentence(english.reason(result.reason, result.definition))}`,
    ],
  ];
  return [
    `${agreement.title}: ${objective.id} — ${week.id} (${weekDates(week)}, ${week.timezone})`,
    `${english.definition(result.definition)}. Target: ${targetText(result.target)}.`,
    "",
    ...steps.flatMap(([first = "", ...more], index) => [
      `${index + 1}. ${first}`,
      ...more.map((line) => `     ${line}`),
    ]),
    ...report.notes.map((note) => `Note: ${english.note(note)}`),
  ];
}

function runsStep({ runs }: WeeklyReport, { pipelineUuid, pipelineName }: ObjectiveResult): string[] {
  const ofPipeline = runs.filter((run) => run.pipelineUuid === pipelineUuid);
  const failed = ofPipeline.filter((run) => !run.isSuccessful).length;
  const excluded = Map.groupBy(
    ofPipeline.filter((run) => !run.isCounted),
    (run) => run.whyNot ?? "",
  );
  return [
    `${pipelineName} finished ${ofPipeline.length} runs in it; ${failed} of them failed.`,
    ...Array.from(excluded, ([reason, some]) => `${some.length} finished in excluded time: ${reason}`),
  ];
}

interface Case {
  report: WeeklyReport;
  agreement: Agreement;
  objective: Objective;
  result: ObjectiveResult;
  clock: (instant: Date) => string;
}

/** What the counts rest on, for each kind: a sentence, then its evidence. */
const EVIDENCE: Record<Objective["kind"], (of: Case) => string[]> = {
  success: ({ report, result, clock }) => {
    const counted = countedRuns(report, result);
    const bad = counted.filter((run) => !run.isSuccessful);
    return [
      `${counted.length} runs count; ${bad.length} of them failed${colonIf(bad)}`,
      ...bad.map((run) => runLine(run, clock)),
    ];
  },
  duration: ({ report, objective, result, clock }) => {
    if (objective.kind !== "duration") return [];
    const { atMostMs, failed } = objective;
    const counted = countedRuns(report, result).filter((run) => failed === "count" || run.isSuccessful);
    const bad = counted.filter((run) => !run.isSuccessful || run.elapsedMs > atMostMs);
    return [
      `${counted.length} runs count${failed === "exclude" ? ", failed ones not" : ""}; ${bad.length} of them ` +
        `${failed === "exclude" ? "" : "failed or "}took longer than ${durationText(atMostMs)}${colonIf(bad)}`,
      ...bad.map((run) => runLine(run, clock)),
    ];
  },
  deadline: ({ report, objective, clock }) => {
    const days = report.deadlines.filter((day) => day.objective === objective.id);
    return [
      `A run was due on ${days.length} days${colonIf(days)}`,
      ...days.map(({ date, dueAt, completedAt, status, attempts }) => {
        const completed = completedAt === null ? "never completed" : `completed ${clock(completedAt)}`;
        return `${date}  due ${clock(dueAt)}, ${completed}, attempts: ${attempts}: ${status.replace("_", " ")}`;
      }),
    ];
  },
  freshness: ({ report, objective, clock }) => {
    const gaps = report.freshnessGaps.filter((gap) => gap.objective === objective.id);
    return [
      `${gaps.length === 0 ? "No time" : `${gaps.length} times`} between successful runs longer than allowed${colonIf(gaps)}`,
      ...gaps.map(
        ({ from, to, breachMs }) =>
          `${clock(from)} – ${to === null ? "(none followed)" : clock(to)}: ${durationText(breachMs)} too old`,
      ),
    ];
  },
  volume: ({ report, agreement, result }) => {
    const good = report.runs.filter((run) => run.pipelineUuid === result.pipelineUuid && run.isSuccessful);
    const days = localDays(agreement.calendar, agreement.timezone, report.week);
    return [
      "Successful runs by local day:",
      ...days.map((day) => `${day.date}  ${good.filter((run) => contains(day, run.finishedAt)).length}`),
    ];
  },
};

function countedRuns({ runs }: WeeklyReport, { pipelineUuid }: ObjectiveResult): RunEvidence[] {
  return runs.filter((run) => run.pipelineUuid === pipelineUuid && run.isCounted);
}

function runLine(
  { finishedAt, elapsedMs, isSuccessful, errorMessage, runUuid }: RunEvidence,
  clock: Case["clock"],
) {
  const how = isSuccessful ? `took ${durationText(elapsedMs)}` : `failed: ${errorMessage ?? "no message"}`;
  return `${clock(finishedAt)}  ${runUuid}  ${how}`;
}

function shareStep({ kind, share, raw, excluded }: ObjectiveResult): string[] {
  const attained = `Attained: ${countsText(kind, share)}, ${attainedText(share)}, rounded down.`;
  return excluded === 0
    ? [attained]
    : [attained, `With no exclusions it would be ${countsText(kind, raw)}, ${attainedText(raw)}.`];
}

function budgetStep({ kind, share, target, allowedBad, burnRate, budgetLeft }: ObjectiveResult): string[] {
  const bad = countsText(kind, { good: share.total - share.good, total: share.total });
  const allowed = `Allowed bad: ${allowedBad}, which is ${share.total} × (1 − ${targetText(target)}), rounded down. Bad: ${bad}.`;
  if (burnRate === null || budgetLeft === null) {
    return [allowed];
  }
  const left = `${(budgetShown(budgetLeft) * 100).toFixed(2)}%`;
  return [allowed, `Burn rate ${burnRateText(burnRate)}: of the error budget ${left} is left.`];
}

function colonIf(list: readonly unknown[]): string {
  return list.length === 0 ? "." : ":";
}

function sentence(text: string): string {
  return text === "" ? none : `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}
