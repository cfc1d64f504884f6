import { charted, trendAlt } from "../chart.ts";
import {
  attainedText,
  burnRateText,
  changeText,
  countsText,
  durationText,
  momentText,
  shortened,
  targetText,
  weekDates,
} from "../format.ts";
import { headline } from "../headline.ts";
import type { Incident, ObjectiveResult, Verdict, WeeklyReport } from "../report-model.ts";
import { verdicts, worstFirst } from "../verdict.ts";

/** What the mail says, in words: HTML and text part print the same digest, so they cannot differ. */
export interface Digest {
  subject: string;
  title: string;
  customer: string;
  /** `2026-W12 · 16–22 Mar 2026` */
  period: string;
  headline: string;
  /** The worst verdict there is: the colour of the whole. */
  worst: Verdict;
  /** `null` for the first revision. */
  revised: string | null;
  /** What is not plainly met, worst first. */
  concerns: readonly ObjectiveLine[];
  /** All objectives, worst first. */
  objectives: readonly ObjectiveLine[];
  /** The trend chart in words. */
  chartAlt: string;
  incidents: readonly IncidentLine[];
  notes: readonly string[];
  /** Revision, as-of, zone: name and value. */
  provenance: readonly (readonly [name: string, value: string])[];
  /** How many of each list are told in the workbook only. */
  omitted: { concerns: number; objectives: number; charted: number; incidents: number; notes: number };
}

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
}

export interface IncidentLine {
  objective: string;
  pipeline: string;
  /** `Wed 18 Mar 2026, 06:10 · 23 h 21 min` */
  when: string;
  /** `3 bad events, first failing task: Load orders` */
  what: string;
  error: string | null;
}

/** A mail is read in a minute, and mail programs cut long ones off. The workbook holds everything. */
const most = { concerns: 8, objectives: 25, incidents: 8, notes: 8 };
const longest = { name: 60, sentence: 200 };

export function digestOf(report: WeeklyReport): Digest {
  const { agreement, week, revision } = report;
  const objectives = worstFirst(report.objectives);
  const concerns = objectives.filter(({ verdict }) => concerning.has(verdict));
  const verdict = headline(objectives);
  const title = oneLine(agreement.title, longest.name);
  const subject = `[SLA] ${title} — ${week.id} (${weekDates(week)}): ${verdict}`;
  return {
    subject: revision > 1 ? `REVISED r${revision} ${subject}` : subject,
    title,
    customer: oneLine(agreement.customer, longest.name),
    period: `${week.id} · ${weekDates(week)}`,
    headline: verdict,
    worst: objectives[0]?.verdict ?? "not_in_force",
    revised: revision > 1 ? `Revision ${revision}. It replaces the report sent earlier for this week.` : null,
    concerns: concerns.slice(0, most.concerns).map(objectiveLine),
    objectives: objectives.slice(0, most.objectives).map(objectiveLine),
    chartAlt: trendAlt(report),
    incidents: report.incidents.slice(0, most.incidents).map((incident) => incidentLine(incident, report)),
    notes: report.notes.slice(0, most.notes).map((note) => oneLine(note, longest.sentence)),
    provenance: provenanceOf(report),
    omitted: {
      concerns: Math.max(0, concerns.length - most.concerns),
      objectives: Math.max(0, objectives.length - most.objectives),
      charted: objectives.length - charted(report).length,
      incidents: Math.max(0, report.incidents.length - most.incidents),
      notes: Math.max(0, report.notes.length - most.notes),
    },
  };
}

const concerning: ReadonlySet<Verdict> = new Set(["missed", "at_risk", "insufficient_data"]);

function objectiveLine(objective: ObjectiveResult): ObjectiveLine {
  const { share, verdict } = objective;
  return {
    id: oneLine(objective.id, longest.name),
    pipeline: oneLine(objective.pipelineName, longest.name),
    definition: oneLine(objective.definition, longest.sentence),
    verdict,
    verdictLabel: verdicts[verdict].label,
    attained: attainedText(share),
    target: targetText(objective.target),
    fourWeeks: attainedText(objective.fourWeeks),
    change: changeText(share, objective.previous),
    standing: standing(objective),
    reason: oneLine(objective.reason, longest.sentence),
  };
}

function standing({ kind, share, target, burnRate }: ObjectiveResult): string {
  if (share.total === 0) return `Nothing to score, target ${targetText(target)}`;
  const figures = `${attainedText(share)} attained, target ${targetText(target)}, ${countsText(kind, share)}`;
  return burnRate === null ? figures : `${figures}, burn rate ${burnRateText(burnRate)}`;
}

function incidentLine(incident: Incident, { agreement: { timezone }, asOf }: WeeklyReport): IncidentLine {
  const { openedAt, closedAt, badEvents, firstFailedTask, errorMessage } = incident;
  const length = durationText((closedAt ?? asOf).getTime() - openedAt.getTime());
  const events = badEvents === 1 ? "1 bad event" : `${badEvents} bad events`;
  return {
    objective: oneLine(incident.objective, longest.name),
    pipeline: oneLine(incident.pipelineName, longest.name),
    when: `${momentText(openedAt, timezone)} · ${closedAt === null ? `still open after ${length}` : length}`,
    what:
      firstFailedTask === null
        ? events
        : `${events}, first failing task: ${oneLine(firstFailedTask, longest.name)}`,
    error: errorMessage === null ? null : oneLine(errorMessage, longest.sentence),
  };
}

function provenanceOf({
  agreement,
  week,
  revision,
  asOf,
  dataThrough,
  softwareVersion,
}: WeeklyReport): Digest["provenance"] {
  const moment = (instant: Date) => momentText(instant, agreement.timezone);
  return [
    ["Week", `${moment(week.start)} up to ${moment(week.end)}, ${week.hours} hours`],
    ["Time zone", agreement.timezone],
    ["Report", `Revision ${revision}, as of ${moment(asOf)}`],
    ["Data as of", dataThrough === null ? "not all pipelines are synced" : moment(dataThrough)],
    ["Software", `Runledger ${softwareVersion}`],
  ];
}

/** Text from anywhere on one line, without control characters. */
function oneLine(text: string, length: number): string {
  return shortened(text.replaceAll(/[\s\p{Cc}\p{Surrogate}]+/gu, " ").trim(), length);
}
