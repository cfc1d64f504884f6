import type { Context } from "@runledger/cli";
import Table from "cli-table3";
import { attainedText, momentText, none, targetText, weekDates } from "./format.ts";
import { headline } from "./headline.ts";
import { english } from "./languages/en-GB.ts";
import type { ObjectiveResult } from "./report-model.ts";
import type { PublishedReport } from "./publish-report.ts";
import { causesInWords } from "./revision/revision-cause.ts";
import type { RecipientResult } from "./delivery/send-report.ts";
import { worstFirst } from "./verdict.ts";
import { soFarInWords } from "./week-so-far.ts";
import type { WeeklyResult } from "./weekly-result.ts";

/** What was reported, for a person at a terminal or as JSON. */
export function sayReports({ stdout, isJson }: Context, results: readonly WeeklyResult[]): void {
  const text = results.map(toText).join("\n\n") || "Nothing is due.";
  stdout.write(isJson ? `${JSON.stringify(results.map(toJson), null, 2)}\n` : `${text}\n`);
}

function toJson(weekly: WeeklyResult) {
  if (weekly.outcome === "missing") {
    const { agreement: unreported, week: missing, notSent: why } = weekly;
    return { agreement: unreported.id, week: missing.id, revision: null, deliveries: [], notSent: why };
  }
  const { report, files, deliveries, notSent } = { deliveries: [], notSent: null, ...weekly };
  const { agreement, week, revision, causes, asOf, dataThrough, objectives, notes } = report;
  return {
    agreement: agreement.id,
    week: week.id,
    revision,
    causes,
    asOf,
    dataThrough,
    objectives: objectives.map(({ id, verdict, share, target, reason, definition }) => ({
      id,
      verdict,
      good: share.good,
      total: share.total,
      target: target.numerator / target.denominator,
      reason: english.reason(reason, definition),
    })),
    notes: notes.map(english.note),
    files,
    deliveries: deliveries.map(({ recipient, result }) => ({ recipient, ...result })),
    notSent,
  };
}

function toText(weekly: WeeklyResult): string {
  switch (weekly.outcome) {
    case "published":
      return publishedText(weekly);
    case "unchanged": {
      const { agreement, week, revision } = weekly.report;
      return `${agreement.title} — ${week.id}, revision ${revision}: sent before, nothing has changed`;
    }
    case "missing":
      return `${weekly.agreement.title} — ${weekly.week.id}: no report\n  Not sent: ${weekly.notSent}`;
  }
}

function publishedText(result: PublishedReport): string {
  const { report, files, notSent } = result;
  const { agreement, week, revision, objectives } = report;
  const soFar = soFarInWords(report);
  const numbered = revision === 0 ? (soFar ?? "provisional") : `revision ${revision}`;
  return [
    `${agreement.title} — ${week.id} (${weekDates(week)}, ${week.timezone}), ${numbered}: ${headline(objectives)}`,
    drawObjectives(worstFirst(objectives)),
    ...(report.causes.length === 0 ? [] : [`  Revised: ${causesInWords(report.causes, english)}`]),
    ...report.notes.map((note) => `  Note: ${english.note(note)}`),
    `  Data through ${report.dataThrough ? momentText(report.dataThrough, week.timezone) : none}`,
    ...Object.values(files).map((file) => `  ${file}`),
    ...(notSent === null ? [] : [`  Not sent: ${notSent}`]),
    ...result.deliveries.map(deliveryLine),
  ].join("\n");
}

/** A line per objective: verdict, id, attained, why. */
export function drawObjectives(objectives: readonly ObjectiveResult[]): string {
  const table = new Table({
    chars: BORDERLESS,
    style: { head: [], border: [], "padding-left": 2, "padding-right": 0 },
  });
  for (const { id, verdict, share, target, reason, definition } of objectives) {
    table.push([
      english.verdicts[verdict],
      id,
      `${attainedText(share)} of ${targetText(target)}`,
      english.reason(reason, definition),
    ]);
  }
  return table.toString();
}

const BORDERLESS = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid", "middle"]
    .flatMap((side) => ["", "-mid", "-left", "-right"].map((end) => `${side}${end}`))
    .map((name) => [name, ""]),
);

/** How a recipient's message fared, in one line. */
export function deliveryLine({ recipient, result }: RecipientResult): string {
  switch (result.status) {
    case "sent":
      return `  Sent to ${recipient}`;
    case "suppressed":
      return `  Nothing sent to ${recipient}: it is suppressed (report suppress shows who is)`;
    case "skipped":
      return `  Nothing sent to ${recipient}: ${result.because}`;
    case "failed":
      return `  Not delivered to ${recipient}: ${result.error}`;
    case "unknown":
      return `  Handed over for ${recipient} but not confirmed, so not sent again: ${result.error}`;
  }
}
