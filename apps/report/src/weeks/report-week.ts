import type { Context } from "@runledger/cli";
import type { Agreement, RunledgerConfig } from "@runledger/config";
import {
  foreseeDefinition,
  recordDefinition,
  type History,
  type RecordedDefinition,
} from "@runledger/history";
import { pMapIterable } from "p-map";
import { agreementInForce, type AgreementInForce } from "./agreement-in-force.ts";
import { readHistory } from "../store/read-history.ts";
import { type Week, type WeeklyReport, closesAt, makeReport, syncedSoFar, weekOf } from "@runledger/sla";
import { foreseeRevision, storeRevision } from "../store/revision.ts";
import { scoreHistory } from "../store/score-history.ts";

export interface WeekOfAgreement {
  history: History;
  config: RunledgerConfig;
  /** As configured. */
  agreement: Agreement;
  week: Week;
  /** The instant that plays "now". */
  asOf: Date;
  /**
   * Whether that was asked for. Where it was not, a week that is not closed is looked at as far as all of its
   * pipelines are synced: later, all that could be said is that the data is not there yet.
   */
  isAsOfAsked: boolean;
}

/** A report that is neither numbered nor stored, and what was promised for its week. */
export interface Draft extends AgreementInForce {
  report: WeeklyReport;
}

/** The report of an agreement's week as the history now tells it, by the definition that will apply to the week. */
export async function draftReport(context: Context, of: WeekOfAgreement): Promise<Draft> {
  const sighting = { seenAt: of.asOf, restatedFrom: null };
  return draftUnder(await foreseeDefinition(of.history, of.agreement, sighting), context, of);
}

/** A week to be reported, and whether the configuration's definition applies to it and those after it at once. */
export interface WeekToReport extends WeekOfAgreement {
  isRestated: boolean;
}

/** The report, numbered and stored. */
export async function reportWeek(context: Context, of: WeekToReport): Promise<WeeklyReport> {
  return numberDraft(context, of, await recordAndDraft(context, of));
}

/** Several reports, one after the other: the next two are drafted while the caller works with one. */
export async function* reportWeeks(
  context: Context,
  weeks: readonly WeekToReport[],
): AsyncGenerator<{ agreement: Agreement; report: WeeklyReport }> {
  const drafts = pMapIterable(weeks, async (of) => ({ of, draft: await recordAndDraft(context, of) }), {
    concurrency: 2,
    backpressure: 3,
  });
  for await (const { of, draft } of drafts) {
    yield { agreement: of.agreement, report: await numberDraft(context, of, draft) };
  }
}

async function recordAndDraft(context: Context, { isRestated, ...of }: WeekToReport): Promise<Draft> {
  const sighting = { seenAt: of.asOf, restatedFrom: isRestated ? of.week.id : null };
  return draftUnder(await recordDefinition(of.history, of.agreement, sighting), context, of);
}

async function numberDraft(
  { log }: Context,
  of: WeekOfAgreement,
  { report: draft, pendingFrom }: Draft,
): Promise<WeeklyReport> {
  const report = await storeRevision(of.history, draft, isClosed(draft, of));
  const which = { agreement: of.agreement.id, week: report.week.id };
  log.info({ ...which, revision: report.revision, runs: report.runs.length }, "reported");
  if (pendingFrom !== null) {
    log.info(which, `the changed definition applies from ${pendingFrom}; --restate applies it now`);
  }
  return report;
}

/** The report as `reportWeek` would number it now; nothing is stored. */
export async function foreseeReport(context: Context, of: WeekOfAgreement): Promise<WeeklyReport> {
  const { report } = await draftReport(context, of);
  return foreseeRevision(of.history, report, isClosed(report, of));
}

function isClosed({ week }: WeeklyReport, { agreement, asOf }: WeekOfAgreement): boolean {
  return asOf >= closesAt(week, agreement.report.settleMs);
}

async function draftUnder(
  definitions: readonly RecordedDefinition[],
  { version }: Context,
  { history, config, agreement: configured, week: asked, asOf: now, isAsOfAsked }: WeekOfAgreement,
): Promise<Draft> {
  const inForce = agreementInForce(configured, definitions, asked.id, config);
  const { agreement, definitionHash } = inForce;
  const week = weekOf(asked.id, agreement.timezone);
  const read = await readHistory(history, { agreement, week, asOf: now });
  const isOpen = now < closesAt(week, agreement.report.settleMs);
  const asOf = isOpen && !isAsOfAsked ? syncedSoFar(agreement, week, now, read.coverage) : now;
  const coverage = { historyStart: new Date(`${config.historyStart}T00:00:00Z`), ...read.coverage };
  const score = await scoreHistory(history, { agreement, week, asOf, ...read, coverage });
  const known = { coverage, quarantinedRows: read.quarantinedRows };
  const report = makeReport({
    agreement,
    definitionHash,
    week,
    asOf,
    ...known,
    score,
    softwareVersion: version,
    timeZoneDatabase: process.versions["tz"] ?? `ICU ${process.versions["icu"]}`,
  });
  return { ...inForce, report };
}
