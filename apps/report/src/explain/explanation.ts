import type { Agreement, Objective } from "@runledger/config";
import {
  type Incident,
  type ObjectiveResult,
  type Share,
  type WeeklyReport,
  attainedIn,
  dateOf,
  isScored,
  unitOf,
} from "@runledger/sla";
import { evidenceStep, exclusionsStep, runsStep, type Case } from "./explain-evidence.ts";
import {
  attainedText,
  budgetShown,
  burnRateText,
  countsText,
  durationText,
  english,
  exactDurationText,
  incidentRemarks,
  momentText,
  none,
  soFarInWords,
  targetText,
  weekDates,
} from "@runledger/wording";

/** The figures of one objective step by step, each with the runs, days or intervals behind it, in plain words. */
export function explain(report: WeeklyReport, agreement: Agreement, objective: Objective): string[] {
  const result = report.objectives.find(({ id }) => id === objective.id);
  if (!result) {
    return [];
  }
  const { week } = report;
  const clock = (instant: Date): string => momentText(instant, week.timezone);
  const of: Case = { report, agreement, objective, result, terms: result.terms, clock };
  const steps = [
    weekStep(of),
    exclusionsStep(of),
    runsStep(of),
    evidenceStep(of),
    ...(result.share.total === 0
      ? [["Nothing counted, so there is no share and no error budget."]]
      : [shareStep(result), ...(isScored(result) ? [budgetStep(result)] : [])]),
    poolStep(of),
    incidentsStep(of),
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

function weekStep({ report, clock }: Case): string[] {
  const { week, asOf, dataThrough } = report;
  const soFar = soFarInWords(report);
  const through =
    dataThrough === null ? "a pipeline that was never synced" : `data through ${clock(dataThrough)}`;
  return [
    `The week goes from ${clock(week.start)} up to ${clock(week.end)}: ${week.hours} hours.`,
    `Seen as of ${clock(asOf)}, with ${through}.`,
    ...(soFar === null ? [] : [`It is not over: these are its figures ${soFar}.`]),
  ];
}

function shareStep(result: ObjectiveResult): string[] {
  const { kind, share, raw, excluded, target, verdict, reason } = result;
  if (!isScored(result)) {
    return [
      `Counted: ${exactCounts(kind, share)}. Without a verdict there is no attained share and no error budget.`,
    ];
  }
  const attained = `Attained: ${exactCounts(kind, share)}, ${attainedText(share)}, rounded down.`;
  if (reason.kind === "in_doubt") return [`${attained} That is by the rows that are stored.`];
  const compared: Partial<Record<typeof verdict, string>> = {
    met: ` That reaches ${targetText(target)}.`,
    at_risk: ` That reaches ${targetText(target)}.`,
    missed: ` That is less than ${targetText(target)}.`,
  };
  return [
    `${attained}${compared[verdict] ?? ""}`,
    ...(excluded === 0
      ? []
      : [`With no exclusions it would be ${exactCounts(kind, raw)}, ${attainedText(raw)}.`]),
  ];
}

function budgetStep({ kind, share, target, allowedBad, burnRate, budgetLeft }: ObjectiveResult): string[] {
  const amount = (count: number) =>
    unitOf(kind) === "time" ? exactDurationText(count * 1000) : String(count);
  const allowed =
    `Allowed bad: ${amount(allowedBad)}, which is ${amount(share.total)} × (1 − ${targetText(target)}), ` +
    `rounded down. Bad: ${amount(share.total - share.good)}.`;
  if (burnRate === null || budgetLeft === null) {
    return [allowed];
  }
  const left = (budgetShown(budgetLeft) * 100).toFixed(2).replace("-", "−");
  return [
    allowed,
    `Burn rate: the share that was bad ÷ the share that may be bad, rounded up: ${burnRateText(burnRate)}.`,
    `Left of the error budget: 1 − burn rate, rounded down: ${left}%.`,
  ];
}

function poolStep({ report: { trend }, result: { id, kind, fourWeeks } }: Case): string[] {
  const weeks = trend.filter(({ objective }) => objective === id).slice(-4);
  return [
    `Pooled over four weeks: ${exactCounts(kind, fourWeeks)}, ${attainedText(fourWeeks)}. ` +
      "Weeks that are not in force or not whole in the history add nothing.",
    ...weeks.map(
      (point) =>
        `${point.week}  ${exactCounts(kind, point.share)}, ${attainedText(attainedIn(point))}: ${english.verdicts[point.verdict]}`,
    ),
  ];
}

function incidentsStep({ report, result: { id, recovery }, clock }: Case): string[] {
  const touching = report.incidents.filter(({ objective }) => objective === id);
  const { closedIncidents, meanTimeToRecoverMs, meanTimeBetweenFailuresMs } = recovery;
  const means = [
    ...(meanTimeToRecoverMs === null ? [] : [`mean time to recover ${durationText(meanTimeToRecoverMs)}`]),
    ...(meanTimeBetweenFailuresMs === null
      ? []
      : [`between failures ${durationText(meanTimeBetweenFailuresMs)}`]),
  ];
  return [
    `Incidents that the week saw open: ${touching.length || "none"}.`,
    ...touching.map((incident) => incidentLine(incident, report, clock)),
    `Closed in the 13 weeks up to this one: ${[closedIncidents || "none", ...means].join("; ")}.`,
  ];
}

function incidentLine(incident: Incident, report: WeeklyReport, clock: Case["clock"]): string {
  const { openedAt, closedAt, badEvents, inWeekMs, firstFailedTask, errorMessage } = incident;
  const closed = closedAt === null ? "" : `– ${clock(dateOf(closedAt))} `;
  const remarks = incidentRemarks(incident, report, english).map((remark) => `${remark}, `);
  const cause = [firstFailedTask, errorMessage].filter((each) => each !== null).join(": ");
  return (
    `${clock(dateOf(openedAt))} ${closed} ${remarks.join("")}${durationText(inWeekMs)} of it in the week, bad events: ${badEvents}` +
    (cause === "" ? "" : `, first failure: ${cause}`)
  );
}

/** With every second, so that the sums can be done again. */
function exactCounts(kind: ObjectiveResult["kind"], share: Share): string {
  if (unitOf(kind) !== "time") return countsText(kind, share);
  return `${exactDurationText(share.good * 1000)} of ${exactDurationText(share.total * 1000)}`;
}

function sentence(text: string): string {
  return text === "" ? none : `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}
