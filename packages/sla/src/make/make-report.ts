import { lastHoliday, type Agreement } from "@runledger/config";
import { dateAt } from "../calendar/calendar-date.ts";
import { inputsOf } from "./report-inputs.ts";
import type { Week } from "../calendar/week.ts";
import type { DataGap, DataNote, HolidayGap, WeeklyReport } from "../report/weekly-report.ts";
import { gapIn, stretchesIn, type Coverage } from "../doubt/history-coverage.ts";
import { exclusionsIn } from "../scope/exclusions.ts";
import type { AgreementScore } from "../score/score.ts";
import { isCounted, totalOf, type Stretch } from "../doubt/unseen.ts";

export interface ReportInput {
  /** As it promises for the week. */
  agreement: Agreement;
  definitionHash: string;
  week: Week;
  asOf: Date;
  coverage: Coverage;
  /** By pipeline UUID. */
  quarantinedRows: ReadonlyMap<string, number>;
  score: AgreementScore;
  softwareVersion: string;
  timeZoneDatabase: string;
}

/** The report of a week as the history now tells it; not yet numbered. */
export function makeReport({
  agreement,
  definitionHash,
  week,
  asOf,
  coverage,
  quarantinedRows,
  score,
  softwareVersion,
  timeZoneDatabase,
}: ReportInput): WeeklyReport {
  const { runHashes: _runs, historyHashes: _history, earlierTimes: _earlier, ...scored } = score;
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
    dataThrough: dataThrough(agreement, coverage),
    definitionHash,
    softwareVersion,
    timeZoneDatabase,
    ...scored,
    exclusions: exclusionsIn(agreement.exclusions, agreement.timezone, week).map((time) => ({
      ...time,
      isRetroactive: false,
    })),
    changes: [],
    causes: [],
    notes: notesOn(agreement, week, asOf, coverage, quarantinedRows),
    holidayGaps: holidayGapsIn(agreement, week),
    inputs: inputsOf(score, { agreement, week, asOf, coverage }),
  };
}

/** Each file is judged by itself: that one goes on says nothing of another. */
function holidayGapsIn({ calendar: { holidays } }: Agreement, { end, timezone }: Week): HolidayGap[] {
  if (holidays === null) return [];
  if (holidays.unfollowed !== undefined) return [{ kind: "unfollowed", why: holidays.unfollowed }];
  const sunday = dateAt(new Date(end.getTime() - 1), timezone);
  return holidays.files.flatMap(({ path, events }): HolidayGap[] => {
    const file = holidays.files.length > 1 ? path : null;
    const last = lastHoliday(events);
    if (last === null) return [{ kind: "empty", file }];
    return last === "ever" || last >= sunday ? [] : [{ kind: "ended", file, last }];
  });
}

/** Up to when all of the agreement's pipelines are synced. */
function dataThrough(agreement: Agreement, { syncedThrough }: Coverage): Date | null {
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
      ...(gap === null ? [] : [{ pipeline, ...withUnseen(gap, stretchesIn(coverage, uuid, week)) }]),
      ...(rows === 0 ? [] : [{ pipeline, kind: "quarantined" as const, rows }]),
    ];
  });
}

function withUnseen(gap: DataGap, stretches: readonly Stretch[]): DataGap {
  if (gap.kind !== "disputed") return gap;
  const unseen = stretches.every(isCounted) ? totalOf(stretches.map((stretch) => stretch.unseen)) : null;
  return { ...gap, unseen };
}
