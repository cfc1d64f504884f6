import { exitCode, printResult, widthOf, type Context, type ExitCode, type Line } from "@runledger/cli";
import { configWarnings, loadConfig, type Agreement } from "@runledger/config";
import { openConfiguredHistory } from "@runledger/history";
import { stringify } from "yaml";
import { z } from "zod";
import { toObjective, type CheckDocument, type ScoredWeekDocument } from "../json/report-documents.ts";
import { exactDurationText, headline, momentText, soFarInWords } from "@runledger/wording";
import { readNow } from "../weeks/clock.ts";
import { openSloDocuments } from "../check/openslo.ts";
import { outlookOf, type Occurrence, type Outlook } from "../check/upcoming.ts";
import { draftReport, type Draft } from "../weeks/report-week.ts";
import { selectAgreements } from "../weeks/select-agreements.ts";
import { firstSending } from "../store/unsynced-pipelines.ts";
import { type Week, type WeeklyReport, closesAt, lastClosedWeek, weekHolding } from "@runledger/sla";
import { drawObjectives } from "../publish/weekly-summary.ts";

export const checkOptions = z.object({
  agreement: z.array(z.string()).optional(),
  openslo: z.boolean().optional(),
});

/**
 * Validates the configuration and shows what it means: next deadlines, what is excluded, last week's score. Or prints
 * its agreements in another format, for which no history is needed.
 */
export async function check(context: Context, options: z.output<typeof checkOptions>): Promise<ExitCode> {
  const { environment, log, now } = context;
  const config = await loadConfig(environment.configPath);
  for (const warning of configWarnings(config, now().toISOString().slice(0, 10))) {
    log.warn(warning);
  }
  const agreements = selectAgreements(config, options.agreement ?? []);
  if (options.openslo) {
    const documents = openSloDocuments(agreements);
    printResult(context, { document: () => documents, lines: () => inYaml(documents) });
    return exitCode.done;
  }
  await using history = await openConfiguredHistory(environment.databaseUrl, "runledger-report");
  const asOf = await readNow(context, history);
  const checked: Checked[] = [];
  for (const agreement of agreements) {
    const draftOf = (week: Week) =>
      draftReport(context, { history, config, agreement, week, asOf, isAsOfAsked: false });
    checked.push({
      agreement,
      outlook: outlookOf(agreement, asOf),
      draft: await draftOf(lastClosedWeek(asOf, agreement.timezone, agreement.report.settleMs)),
      soFar: (await draftOf(weekHolding(asOf, agreement.timezone))).report,
    });
  }
  printResult<CheckDocument[]>(context, {
    document: () => checked.map(toDocument),
    lines: () => [
      `${config.file} is valid (pipelines: ${config.pipelines.length}, agreements: ${config.agreements.length}).`,
      ...checked.flatMap((each) => ["", ...toLines(each, widthOf(context))]),
    ],
  });
  return exitCode.done;
}

/** A stream of YAML documents, in quotes what readers of the older YAML 1.1 would take for a time or a number. */
function inYaml(documents: ReturnType<typeof openSloDocuments>): string[] {
  const yaml = documents
    .map((document) =>
      stringify(document, { compat: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false }),
    )
    .join("---\n");
  return yaml.trimEnd().split("\n");
}

/** An agreement as configured, and its last week and the one that goes on by the definitions that apply to them. */
interface Checked {
  agreement: Agreement;
  outlook: Outlook;
  draft: Draft;
  soFar: WeeklyReport;
}

function toDocument({ agreement, outlook, draft: { report, pendingFrom }, soFar }: Checked): CheckDocument {
  return {
    agreement: agreement.id,
    title: agreement.title,
    timezone: agreement.timezone,
    deadlines: outlook.deadlines.map(({ objective, occurrences }) => ({
      objective,
      occurrences: occurrences.map(({ date, opens, by, due, excused }) => ({
        date,
        opensAt: opens,
        by,
        dueAt: due,
        excusedBecause: excused,
      })),
    })),
    exclusions: outlook.exclusions.map(({ start, end, reason }) => ({ from: start, to: end, reason })),
    holidays: outlook.holidays,
    definitionAppliesFrom: pendingFrom,
    lastWeek: scoredWeek(report),
    thisWeek: scoredWeek(soFar),
    thisWeekClosesAt: closesAt(soFar.week, agreement.report.settleMs),
    thisWeekCanGoOutFrom: canGoOutFrom(agreement, soFar),
  };
}

function scoredWeek({ week, asOf, objectives }: WeeklyReport): ScoredWeekDocument {
  return { week: week.id, asOf, objectives: objectives.map(toObjective) };
}

function toLines({ agreement, outlook, draft, soFar }: Checked, width: number): Line[] {
  const { title, id, timezone } = agreement;
  const { report, pendingFrom } = draft;
  const clock = (instant: Date): string => momentText(instant, timezone);
  const lines: Line[] = [`${title} (${id}, ${timezone})`];
  for (const { objective, occurrences } of outlook.deadlines) {
    lines.push(
      `  Next deadlines of ${objective}`,
      ...occurrences.map((occurrence) => deadlineLine(occurrence, timezone)),
    );
  }
  lines.push(`  Excluded in the next four weeks${outlook.exclusions.length === 0 ? ": nothing" : ""}`);
  lines.push(
    ...outlook.exclusions.map(({ start, end, reason }) => `    ${clock(start)} – ${clock(end)}  ${reason}`),
  );
  lines.push(`  Holidays in the next four weeks${outlook.holidays.length === 0 ? ": none" : ""}`);
  lines.push(...outlook.holidays.map(({ date, name }) => `    ${date}  ${name}`));
  if (pendingFrom !== null) {
    lines.push(
      `  The definition has changed and applies from ${pendingFrom}; until then the one before does`,
      `  (report weekly --restate applies it at once)`,
    );
  }
  lines.push(
    `  ${report.week.id} as it would be scored: ${headline(report.objectives)}`,
    ...drawObjectives(report.objectives, width),
    `  ${soFar.week.id} ${soFarInWords(soFar) ?? "has no data yet"}: ${headline(soFar.objectives)}`,
    ...drawObjectives(soFar.objectives, width),
    ...sendingLines(agreement, soFar),
  );
  return lines;
}

/** When the running week's report can go out: closed, and seen to its end by a sync. */
function canGoOutFrom({ report: { settleMs } }: Agreement, { week, dataThrough }: WeeklyReport): Date | null {
  return dataThrough === null ? null : firstSending(week, closesAt(week, settleMs), dataThrough);
}

function sendingLines(agreement: Agreement, soFar: WeeklyReport): Line[] {
  const { week } = soFar;
  const { timezone } = agreement;
  const first = canGoOutFrom(agreement, soFar);
  if (first === null) return [];
  const closes = closesAt(week, agreement.report.settleMs);
  const line = `  ${week.id} can go out from ${momentText(first, timezone)}`;
  return first > closes
    ? [
        `${line}: it closes on ${momentText(closes, timezone)},`,
        "    before the daily sync can have seen its end (a sync in between makes it earlier)",
      ]
    : [line];
}

function deadlineLine({ by, due, excused }: Occurrence, timezone: string): string {
  const utc = `${by.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const grace = due > by ? `, grace ${exactDurationText(due.getTime() - by.getTime())}` : "";
  return `    ${momentText(by, timezone)}  (${utc})${grace}${excused === null ? "" : `  excused: ${excused}`}`;
}
