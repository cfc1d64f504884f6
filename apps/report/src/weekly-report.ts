import type { Agreement, RunledgerConfig } from "@runledger/config";
import type { AgreementHistory } from "./read-history.ts";
import { inputsOf } from "./report-inputs.ts";
import type { DataNote, Week, WeeklyReport } from "./report-model.ts";
import { gapIn, type Coverage } from "./sla/coverage.ts";
import { exclusionsIn } from "./sla/exclusions.ts";
import { scoreAgreement } from "./sla/score.ts";
import { trendWeeks } from "./sla/scoring-input.ts";
import { weeklyDurations } from "./weekly-durations.ts";

export interface ReportInput {
  config: RunledgerConfig;
  /** As it promises for the week. */
  agreement: Agreement;
  definitionHash: string;
  week: Week;
  asOf: Date;
  history: AgreementHistory;
  softwareVersion: string;
}

/** The report of a week as the history now tells it; not yet numbered. */
export function makeReport({
  config,
  agreement,
  definitionHash,
  week,
  asOf,
  history,
  softwareVersion,
}: ReportInput): WeeklyReport {
  const { runsOf, latestSuccessBefore, taskNames, syncedThrough, disputedDays } = history;
  const historyStart = new Date(`${config.historyStart}T00:00:00Z`);
  const coverage: Coverage = { historyStart, syncedThrough, disputedDays };
  const score = scoreAgreement({
    agreement,
    week,
    asOf,
    runsOf,
    latestSuccessBefore,
    coverage,
    taskNames,
  });
  const durations = weeklyDurations(runsOf, trendWeeks(week));
  return {
    agreement: {
      id: agreement.id,
      title: agreement.title,
      customer: agreement.customer ?? agreement.title,
      timezone: agreement.timezone,
    },
    week,
    revision: 0,
    asOf,
    dataThrough: dataThrough(agreement, syncedThrough),
    definitionHash,
    softwareVersion,
    ...score,
    durations,
    exclusions: exclusionsIn(agreement.exclusions, agreement.timezone, week).map((time) => ({
      ...time,
      isRetroactive: false,
    })),
    changes: [],
    causes: [],
    notes: notesOn(agreement, week, asOf, coverage, history.quarantinedRows),
    inputs: inputsOf({ ...score, durations }, { agreement, week, asOf, coverage }),
  };
}

/** Up to when all of the agreement's pipelines are synced. */
function dataThrough(agreement: Agreement, syncedThrough: ReadonlyMap<string, Date | null>): Date | null {
  const instants = agreement.objectives.map(
    ({ pipeline }) => syncedThrough.get(pipeline.uuid)?.getTime() ?? null,
  );
  return instants.includes(null) ? null : new Date(Math.min(...instants.map(Number)));
}

/** What a reader must know of the data, by pipeline. */
function notesOn(
  { objectives }: Agreement,
  week: Week,
  asOf: Date,
  coverage: Coverage,
  quarantinedRows: ReadonlyMap<string, number>,
): DataNote[] {
  const pipelines = new Map(objectives.map(({ pipeline }) => [pipeline.uuid, pipeline.name]));
  return Array.from(pipelines).flatMap(([uuid, pipeline]) => {
    const gap = gapIn(coverage, uuid, week, asOf);
    const rows = quarantinedRows.get(uuid) ?? 0;
    return [
      ...(gap === null ? [] : [{ pipeline, ...gap }]),
      ...(rows === 0 ? [] : [{ pipeline, kind: "quarantined" as const, rows }]),
    ];
  });
}
