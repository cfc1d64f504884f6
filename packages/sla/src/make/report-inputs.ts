import { createHash } from "node:crypto";
import type { Agreement, Exclusion } from "@runledger/config";
import { zoneOffsets } from "../calendar/zone-offsets.ts";
import type { Week } from "../calendar/week.ts";
import type { ReportInputs } from "../report/weekly-report.ts";
import { stretchesIn, type Coverage } from "../doubt/history-coverage.ts";
import { exclusionsIn } from "../scope/exclusions.ts";
import { earlier, later, type Interval } from "../calendar/interval.ts";
import type { AgreementScore } from "../score/score.ts";
import { pipelinesOf, trendWeeks } from "../scope/scoring-input.ts";

interface Basis {
  agreement: Pick<Agreement, "exclusions" | "timezone" | "objectives">;
  week: Week;
  asOf: Date;
  coverage: Coverage;
}

/**
 * Hashes of what a report's figures rest on beside the definition, each apart: what differs says why they do. An input
 * is hashed as it comes in and not as what follows from it with another, so that no two differ for the same reason.
 */
export function inputsOf(
  score: Pick<AgreementScore, "runHashes" | "historyHashes" | "earlierTimes" | "deadlines">,
  { agreement, week, asOf, coverage }: Basis,
): ReportInputs {
  const { exclusions, timezone } = agreement;
  const weeks = trendWeeks(week);
  const span = { start: weeks[0]?.start ?? week.start, end: week.end };
  const ofEach = (hash: (uuid: string) => string) =>
    Object.fromEntries(pipelinesOf(agreement).map((uuid) => [uuid, hash(uuid)]));

  // What exclusions and zone say of a time is the same for all pipelines.
  const ofTimes = new Map<string, Pick<ReportInputs, "excluded" | "zone">>();
  const ofTime = (time: Interval) => {
    const key = `${time.start.toISOString()} ${time.end.toISOString()}`;
    const hashes = ofTimes.get(key) ?? {
      excluded: hashOf(exclusions.filter((each) => reaches(each, timezone, time)).map(timesOf)),
      zone: hashOf(zoneOffsets(timezone, time)),
    };
    ofTimes.set(key, hashes);
    return { key, ...hashes };
  };
  const looked = (uuid: string) => ({ start: span.start, end: lastDue(uuid, agreement, week, score) });
  return {
    excluded: ofTime(span).excluded,
    runs: ofEach((uuid) => score.runHashes[uuid] ?? hashOf(null)),
    history: ofEach((uuid) => score.historyHashes[uuid] ?? hashOf(null)),
    known: ofEach((uuid) => hashOf(knownIn(looked(uuid), uuid, coverage, asOf))),
    seen: ofEach((uuid) => hashOf(coverage.neverSeen?.has(uuid) !== true)),
    zone: ofTime(span).zone,
    earlier: Object.fromEntries(
      Object.entries(score.earlierTimes).flatMap(([uuid, times]) =>
        times.map(({ runsHash, ...time }) => {
          const { key, excluded, zone } = ofTime(time);
          const known = hashOf(knownIn(time, uuid, coverage, asOf));
          return [`${uuid} ${key}`, { excluded, runs: runsHash, known, zone }];
        }),
      ),
    ),
  };
}

function reaches(exclusion: Exclusion, timezone: string, span: Interval): boolean {
  return exclusionsIn([exclusion], timezone, span).length > 0;
}

/** As it is entered, in local times: when these are is the time-zone database's affair. */
function timesOf(exclusion: Exclusion): unknown[] {
  return exclusion.kind === "once"
    ? [exclusion.from, exclusion.to]
    : [exclusion.weekdays, exclusion.at, exclusion.forMs];
}

/** The end of the week, or of the grace that a deadline of it still has then. */
function lastDue(
  pipelineUuid: string,
  { objectives }: Basis["agreement"],
  week: Week,
  { deadlines }: Pick<AgreementScore, "deadlines">,
): Date {
  const onPipeline = new Set(
    objectives.flatMap(({ id, pipeline }) => (pipeline.uuid === pipelineUuid ? [id] : [])),
  );
  return deadlines
    .filter(({ objective }) => onPipeline.has(objective))
    .map(({ dueAt }) => dueAt)
    .reduce(later, week.end);
}

/** Of a time what of its runs is known: from when and up to when where that is not all of it, and the days in dispute. */
function knownIn(time: Interval, pipelineUuid: string, coverage: Coverage, asOf: Date): unknown[] {
  const { historyStart, syncedThrough } = coverage;
  const through = earlier(syncedThrough.get(pipelineUuid) ?? time.start, asOf);
  return [
    historyStart > time.start ? historyStart : null,
    through < time.end ? through : null,
    stretchesIn(coverage, pipelineUuid, time),
  ];
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
