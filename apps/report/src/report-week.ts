import type { Context } from "@runledger/cli";
import type { Agreement, RunledgerConfig } from "@runledger/config";
import {
  foreseeDefinition,
  recordDefinition,
  type History,
  type RecordedDefinition,
} from "@runledger/history";
import { agreementInForce, type AgreementInForce } from "./agreement-in-force.ts";
import { readHistory } from "./read-history.ts";
import type { Week, WeeklyReport } from "./report-model.ts";
import { foreseeRevision, storeRevision } from "./revision.ts";
import { scoreHistory } from "./score-history.ts";
import { weekOf } from "./week.ts";
import { makeReport } from "./weekly-report.ts";

export interface WeekOfAgreement {
  history: History;
  config: RunledgerConfig;
  /** As configured. */
  agreement: Agreement;
  week: Week;
  asOf: Date;
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

/**
 * The report, numbered and stored. With `isRestated` the configuration's definition applies to its week and those after
 * it, whatever was promised for them.
 */
export async function reportWeek(
  context: Context,
  { isRestated, ...of }: WeekOfAgreement & { isRestated: boolean },
): Promise<WeeklyReport> {
  const { history, agreement, asOf } = of;
  const sighting = { seenAt: asOf, restatedFrom: isRestated ? of.week.id : null };
  const definitions = await recordDefinition(history, agreement, sighting);
  const { report: draft, pendingFrom } = await draftUnder(definitions, context, of);
  const report = await storeRevision(history, draft, isClosed(draft, of));
  const which = { agreement: agreement.id, week: report.week.id };
  context.log.info({ ...which, revision: report.revision, runs: report.runs.length }, "reported");
  if (pendingFrom !== null) {
    context.log.info(which, `the changed definition applies from ${pendingFrom}; --restate applies it now`);
  }
  return report;
}

/** The report as `reportWeek` would number it now; nothing is stored. */
export async function foreseeReport(context: Context, of: WeekOfAgreement): Promise<WeeklyReport> {
  const { report } = await draftReport(context, of);
  return foreseeRevision(of.history, report, isClosed(report, of));
}

function isClosed({ week }: WeeklyReport, { agreement, asOf }: WeekOfAgreement): boolean {
  return asOf.getTime() >= week.end.getTime() + agreement.report.settleMs;
}

async function draftUnder(
  definitions: readonly RecordedDefinition[],
  { version }: Context,
  { history, config, agreement: configured, week: asked, asOf }: WeekOfAgreement,
): Promise<Draft> {
  const inForce = agreementInForce(configured, definitions, asked.id, config);
  const { agreement, definitionHash } = inForce;
  const week = weekOf(asked.id, agreement.timezone);
  const read = await readHistory(history, { agreement, week, asOf });
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
  });
  return { ...inForce, report };
}
