import { createHash, type Hash } from "node:crypto";
import type { Agreement } from "@runledger/config";
import type { ReportInputs, RunEvidence, Week, WeeklyReport } from "./report-model.ts";
import { gapIn, type Coverage } from "./sla/coverage.ts";
import { excludedIntervals } from "./sla/exclusions.ts";
import { trendWeeks } from "./sla/scoring-input.ts";

interface Basis {
  agreement: Agreement;
  week: Week;
  asOf: Date;
  coverage: Coverage;
}

/** Hashes of what a report's figures rest on beside the definition, each apart: what differs says why they do. */
export function inputsOf(
  { runs, durations }: Pick<WeeklyReport, "runs" | "durations">,
  { agreement: { exclusions, timezone, objectives }, week, asOf, coverage }: Basis,
): ReportInputs {
  const weeks = trendWeeks(week);
  const span = { start: weeks[0]?.start ?? week.start, end: week.end };
  const pipelines = [...new Set(objectives.map(({ pipeline }) => pipeline.uuid))];
  const ofEach = (hash: (uuid: string) => string) =>
    Object.fromEntries(pipelines.map((uuid) => [uuid, hash(uuid)]));

  const runHashes = hashesOfRuns(runs);
  const durationsOf = Map.groupBy(durations, ({ pipelineUuid }) => pipelineUuid);
  const excluded = excludedIntervals(exclusions, timezone, span).map(({ start, end }) => [start, end]);
  return {
    exclusions: hashOf(excluded),
    runs: ofEach((uuid) => runHashes.get(uuid) ?? hashOf(null)),
    weeks: ofEach((uuid) => hashOf(durationsOf.get(uuid))),
    coverage: ofEach((uuid) => hashOf(weeks.map((each) => gapIn(coverage, uuid, each, asOf)))),
  };
}

/** By pipeline: the hash of all that is printed of its runs and was not made up by a definition or an exclusion. */
function hashesOfRuns(runs: Iterable<RunEvidence>): Map<string, string> {
  const hashes = new Map<string, Hash>();
  for (const { pipelineUuid, ...run } of runs) {
    const hash = hashes.get(pipelineUuid) ?? createHash("sha256");
    hashes.set(pipelineUuid, hash);
    const { runUuid, startedAt, finishedAt, elapsedMs, isSuccessful } = run;
    const { taskCount, failedTaskCount, errorMessage } = run;
    hash.update(
      JSON.stringify([
        [runUuid, startedAt, finishedAt, elapsedMs, isSuccessful],
        [taskCount, failedTaskCount, errorMessage],
      ]),
    );
  }
  return new Map(Array.from(hashes, ([uuid, hash]) => [uuid, hash.digest("hex")]));
}

function hashOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("hex");
}
