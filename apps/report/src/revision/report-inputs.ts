import { createHash } from "node:crypto";
import type { Agreement } from "@runledger/config";
import type { ReportInputs, Week } from "../report-model.ts";
import { gapIn, type Coverage } from "../sla/coverage.ts";
import { excludedIntervals } from "../sla/exclusions.ts";
import type { AgreementScore } from "../sla/score.ts";
import { trendWeeks } from "../sla/scoring-input.ts";

interface Basis {
  agreement: Agreement;
  week: Week;
  asOf: Date;
  coverage: Coverage;
}

/** Hashes of what a report's figures rest on beside the definition, each apart: what differs says why they do. */
export function inputsOf(
  { runHashes, durations }: Pick<AgreementScore, "runHashes" | "durations">,
  { agreement: { exclusions, timezone, objectives }, week, asOf, coverage }: Basis,
): ReportInputs {
  const weeks = trendWeeks(week);
  const span = { start: weeks[0]?.start ?? week.start, end: week.end };
  const pipelines = [...new Set(objectives.map(({ pipeline }) => pipeline.uuid))];
  const ofEach = (hash: (uuid: string) => string) =>
    Object.fromEntries(pipelines.map((uuid) => [uuid, hash(uuid)]));

  const durationsOf = Map.groupBy(durations, ({ pipelineUuid }) => pipelineUuid);
  const excluded = excludedIntervals(exclusions, timezone, span).map(({ start, end }) => [start, end]);
  return {
    exclusions: hashOf(excluded),
    runs: ofEach((uuid) => runHashes[uuid] ?? hashOf(null)),
    weeks: ofEach((uuid) => hashOf(durationsOf.get(uuid))),
    coverage: ofEach((uuid) => hashOf(weeks.map((each) => gapIn(coverage, uuid, each, asOf)))),
  };
}

function hashOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("hex");
}
