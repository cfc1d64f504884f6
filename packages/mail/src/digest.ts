import { charted, chartWeeks, trendAlt } from "./trend-chart.ts";
import {
  type Language,
  causesInWords,
  headline,
  momentText,
  soFarInWords,
  spanText,
  weekDates,
} from "@runledger/wording";
import { type ExcludedTime, type Verdict, type ReportWithoutRuns, worstFirst } from "@runledger/sla";
import { incidentLine, type IncidentLine } from "./incident-line.ts";
import { truncated, type Line, type Truncated } from "./truncated.ts";
import { objectiveLine, type ObjectiveLine } from "./objective-line.ts";
import { asName, asSentence, capitalised } from "./sanitize-text.ts";
import { revisionChanges } from "./revision-changes.ts";
import { sinceLastWeek } from "./since-last-week.ts";

/** What the mail says, in its language: HTML and text part print the same digest, so they cannot differ. */
export interface Digest {
  language: Language;
  subject: string;
  title: string;
  customer: string;
  /** `2026-W12 · 16–22 Mar 2026`, and how far it is told of while it goes on. */
  period: string;
  headline: string;
  /** The worst verdict there is: the colour of the whole. */
  worst: Verdict;
  /** What a revision replaces and changed; `null` for the first. */
  revision: { replaces: string; heading: string; changes: Truncated<Line> } | null;
  /** What is not plainly met, worst first. */
  concerns: Truncated<ObjectiveLine>;
  /** All objectives, worst first. */
  objectives: Truncated<ObjectiveLine>;
  /** `null` when there was nothing to compare with. */
  sinceLastWeek: Truncated<Line> | null;
  /** The trend chart in words, and how many objectives it leaves out. */
  chart: { heading: string; alt: string; omitted: number };
  /** In order of time; where there are too many, those that took most of the week. */
  incidents: Truncated<IncidentLine>;
  exclusions: Truncated<Line>;
  notes: Truncated<Line>;
  /** Week, zone, revision, as-of, contact: name and value. */
  provenance: readonly (readonly [name: string, value: string])[];
  /** Where everything else is. */
  workbook: string;
  unsubscribeUrl: string;
}

export interface DigestOptions {
  language: Language;
  /** Whom readers may ask; `null`: they reply to the mail. */
  contact: string | null;
  workbook: { name: string; bytes: number; isAttached: boolean };
  unsubscribeUrl: string;
}

/** A mail is read in a minute, and mail programs cut long ones off. The workbook holds everything. */
const most = {
  changes: 8,
  concerns: 8,
  objectives: 25,
  developments: 8,
  incidents: 8,
  exclusions: 6,
  notes: 8,
};

export function composeDigest(report: ReportWithoutRuns, options: DigestOptions): Digest {
  const { agreement, week, revision, exclusions, notes } = report;
  const { language } = options;
  const { mail } = language;
  const objectives = worstFirst(report.objectives);
  const concerns = objectives.filter(({ verdict }) => concerning.has(verdict));
  const longest = report.incidents.toSorted((a, b) => b.inWeekMs - a.inWeekMs).slice(0, most.incidents);
  const verdict = headline(objectives, language);
  const title = asName(agreement.title);
  const dates = weekDates(week, language.notation);
  const soFar = soFarInWords(report, language);
  const subject = `[SLA] ${title} — ${week.id} (${dates})${soFar === null ? "" : `, ${soFar}`}: ${verdict}`;
  return {
    language,
    subject: revision > 1 ? `${mail.revisedSubject(revision)} ${subject}` : subject,
    title,
    customer: asName(agreement.customer),
    period: [week.id, dates, soFar].filter((part) => part !== null).join(" · "),
    headline: capitalised(verdict),
    worst: objectives[0]?.verdict ?? "not_in_force",
    revision: revision > 1 ? revisionOf(report, language) : null,
    concerns: truncated(concerns, most.concerns, (one) => objectiveLine(one, report, language)),
    objectives: truncated(objectives, most.objectives, (one) => objectiveLine(one, report, language)),
    sinceLastWeek: sinceLastWeek(report, objectives, most.developments, language),
    chart: {
      heading: mail.headings.chart(chartWeeks),
      alt: trendAlt(report, language),
      omitted: objectives.length - charted(report).length,
    },
    incidents: {
      items: longest
        .toSorted((a, b) => a.openedAt - b.openedAt)
        .map((incident) => incidentLine(incident, report, language)),
      omitted: report.incidents.length - longest.length,
    },
    exclusions: truncated(exclusions, most.exclusions, (one) => exclusionLine(one, report, language)),
    notes: truncated(notes, most.notes, (note) => ({ lead: null, rest: asSentence(language.note(note)) })),
    provenance: provenanceOf(report, options),
    workbook: whereabouts(options),
    unsubscribeUrl: options.unsubscribeUrl,
  };
}

function whereabouts({ workbook, language: { mail, notation } }: DigestOptions): string {
  const megabytes = Math.ceil(workbook.bytes / 1_000_000).toLocaleString(notation.locale);
  return workbook.isAttached ? mail.workbookHasAll : mail.workbookTooLarge(workbook.name, megabytes);
}

const concerning: ReadonlySet<Verdict> = new Set(["missed", "at_risk", "insufficient_data"]);

function revisionOf(report: ReportWithoutRuns, language: Language): Digest["revision"] {
  const { revised, headings } = language.mail;
  return {
    replaces: revised(report.revision, causesInWords(report.causes, language) || null),
    heading: headings.changes(report.revision),
    changes: revisionChanges(report, most.changes, language),
  };
}

function exclusionLine(
  { start, end, reason, approvedBy, isRetroactive }: ExcludedTime,
  { agreement: { timezone } }: ReportWithoutRuns,
  { notation, mail }: Language,
): Line {
  const approved = approvedBy === null ? "" : `, ${mail.approvedBy(asName(approvedBy))}`;
  const later = isRetroactive ? `, ${mail.enteredLater}` : "";
  return { lead: spanText(start, end, timezone, notation), rest: `${asSentence(reason)}${approved}${later}` };
}

function provenanceOf(
  { agreement, week, revision, asOf, dataThrough, softwareVersion }: ReportWithoutRuns,
  { contact, language: { notation, mail } }: DigestOptions,
): Digest["provenance"] {
  const moment = (instant: Date) => momentText(instant, agreement.timezone, notation);
  const hours = week.hours.toLocaleString(notation.locale);
  const { provenance } = mail;
  return [
    [provenance.week, mail.weekSpan(moment(week.start), moment(week.end), hours)],
    [provenance.timezone, agreement.timezone],
    [provenance.report, mail.revisionAsOf(revision === 0 ? null : revision, moment(asOf))],
    [provenance.dataAsOf, dataThrough === null ? mail.notAllSynced : moment(dataThrough)],
    [provenance.contact, contact === null ? mail.replyToAsk : asSentence(contact)],
    [provenance.software, `Runledger ${softwareVersion}`],
  ];
}
