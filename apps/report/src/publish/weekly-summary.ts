import {
  drawTable,
  printResult,
  widthOf,
  type Context,
  type Line,
  type Span,
  type Style,
} from "@runledger/cli";
import type { History } from "@runledger/history";
import { toDeliveryDocuments } from "../json/delivery-documents.ts";
import { toNote, toObjective, type ReportDocument } from "../json/report-documents.ts";
import {
  attainedText,
  causesInWords,
  english,
  headline,
  momentText,
  none,
  soFarInWords,
  targetText,
  weekDates,
} from "@runledger/wording";
import {
  type ObjectiveResult,
  type ReportWithoutRuns,
  type Verdict,
  attainedIn,
  worstFirst,
} from "@runledger/sla";
import type { ReportFiles } from "../files/print-report.ts";
import type { RecipientResult } from "../delivery/send-report.ts";
import type {
  MissingReport,
  PrintedReport,
  PublishedReport,
  UnchangedReport,
  WeeklyResult,
} from "./weekly-result.ts";

/** Tells of reports, to a person as they are made and sent, as JSON when all is done. */
export class Teller {
  readonly #context: Context;
  #hasTold = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** What was made, before anything is sent: that may take long. */
  made(report: PrintedReport | UnchangedReport | MissingReport): void {
    this.#tell((width) => madeLines(report, width));
  }

  /** What came of sending it. */
  sent(result: PublishedReport | MissingReport): void {
    this.#tell(() => sentLines(result));
  }

  async end(history: History, results: readonly WeeklyResult[]): Promise<void> {
    if (this.#context.isJson) {
      const documents = await Promise.all(results.map((result) => toDocument(history, result)));
      printResult<ReportDocument[]>(this.#context, { document: () => documents, lines: () => [] });
    } else if (results.length === 0) {
      this.#tell(() => ["Nothing is due."]);
    }
  }

  #tell(lines: (width: number) => Line[]): void {
    if (this.#context.isJson) return;
    const gap = this.#hasTold ? [""] : [];
    this.#hasTold = true;
    printResult(this.#context, {
      document: () => null,
      lines: () => [...gap, ...lines(widthOf(this.#context))],
    });
  }
}

async function toDocument(history: History, weekly: WeeklyResult): Promise<ReportDocument> {
  const { outcome } = weekly;
  const { agreement, week } = outcome === "missing" ? weekly : weekly.report;
  const which = {
    agreement: agreement.id,
    title: agreement.title,
    week: week.id,
    weekStart: week.start,
    weekEnd: week.end,
    timezone: week.timezone,
    outcome,
  };
  if (weekly.outcome === "missing") {
    return { ...which, ...NO_REPORT, notSent: weekly.notSent };
  }
  const { report, files, deliveries, notSent } = { deliveries: [], notSent: null, ...weekly };
  const { revision, causes, asOf, dataThrough } = report;
  return {
    ...which,
    revision,
    causes,
    asOf,
    dataThrough,
    objectives: report.objectives.map(toObjective),
    notes: report.notes.map(toNote),
    files,
    deliveries: await toDeliveryDocuments(
      history,
      { agreement: agreement.id, week: week.id, revision },
      deliveries,
    ),
    notSent,
  };
}

const NO_REPORT = {
  revision: null,
  causes: [],
  asOf: null,
  dataThrough: null,
  objectives: [],
  notes: [],
  files: null,
  deliveries: [],
} satisfies Partial<ReportDocument>;

function madeLines(made: PrintedReport | UnchangedReport | MissingReport, width: number): Line[] {
  switch (made.outcome) {
    case "printed":
      return figureLines(made.report, made.files, width);
    case "unchanged": {
      const { agreement, week, revision } = made.report;
      return [`${agreement.title} — ${week.id}, revision ${revision}: sent before, nothing has changed`];
    }
    case "missing":
      return missingLines(made);
  }
}

function sentLines(result: PublishedReport | MissingReport): Line[] {
  if (result.outcome === "missing") return missingLines(result);
  const { report, notSent, deliveries } = result;
  return [
    `${report.agreement.title} — ${report.week.id}`,
    ...(notSent === null ? [] : [`  Not sent: ${notSent}`]),
    ...deliveries.map(deliveryLine),
  ];
}

function missingLines({ agreement, week, notSent }: MissingReport): Line[] {
  return [`${agreement.title} — ${week.id}: no report`, `  Not sent: ${notSent}`];
}

function figureLines(report: ReportWithoutRuns, files: ReportFiles, width: number): Line[] {
  const { agreement, week, revision, objectives } = report;
  const soFar = soFarInWords(report);
  const numbered = revision === 0 ? (soFar ?? "provisional") : `revision ${revision}`;
  return [
    `${agreement.title} — ${week.id} (${weekDates(week)}, ${week.timezone}), ${numbered}: ${headline(objectives)}`,
    ...drawObjectives(worstFirst(objectives), width),
    ...(report.causes.length === 0 ? [] : [`  Revised: ${causesInWords(report.causes, english)}`]),
    ...report.notes.map((note) => `  Note: ${english.note(note)}`),
    `  Data through ${report.dataThrough ? momentText(report.dataThrough, week.timezone) : none}`,
    ...Object.values(files).map((file) => `  ${file}`),
  ];
}

/** A line per objective: verdict, id, attained, why. */
export function drawObjectives(objectives: readonly ObjectiveResult[], width: number): Line[] {
  const rows = objectives.map((objective): Span[] => {
    const { id, verdict, target, reason, definition } = objective;
    return [
      { text: english.verdicts[verdict], style: VERDICT_STYLES[verdict] },
      id,
      `${attainedText(attainedIn(objective))} of ${targetText(target)}`,
      english.reason(reason, definition),
    ];
  });
  const columns = Array.from({ length: 4 }, () => ({ title: "" }));
  return drawTable(columns, rows, width - 2).map((line) =>
    typeof line === "string" ? `  ${line}` : ["  ", ...line],
  );
}

const VERDICT_STYLES: Record<Verdict, Style> = {
  missed: "red",
  at_risk: "yellow",
  insufficient_data: "cyan",
  met: "green",
  not_in_force: "dim",
};

/** How a recipient's message fared, in one line. */
export function deliveryLine({ recipient, result }: RecipientResult): string {
  switch (result.status) {
    case "sent":
      return `  Sent to ${recipient}`;
    case "suppressed":
      return `  Nothing sent to ${recipient}: it is suppressed (report suppress shows who is)`;
    case "skipped":
      return `  Nothing sent to ${recipient}: ${result.because}`;
    case "put_off":
      return `  Not yet sent to ${recipient}: ${result.error}`;
    case "failed":
      return `  Not delivered to ${recipient}: ${result.error}`;
    case "unknown":
      return `  Handed over for ${recipient} but not confirmed, so not sent again: ${result.error}`;
  }
}
