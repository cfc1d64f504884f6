import type { Objective } from "@runledger/config";
import type { RunEvidence, Week } from "../report-model.ts";
import { holds } from "../week.ts";
import type { ExaminedRun } from "./run.ts";

/** The week's runs of every pipeline that has an objective: pipelines in the order of the objectives, then by finish. */
export function runEvidence(
  objectives: readonly Objective[],
  runsOf: ReadonlyMap<string, readonly ExaminedRun[]>,
  week: Week,
): RunEvidence[] {
  const names = new Map(objectives.map(({ pipeline }) => [pipeline.uuid, pipeline.name]));
  return Array.from(names).flatMap(([pipelineUuid, pipelineName]) =>
    (runsOf.get(pipelineUuid) ?? [])
      .filter(({ run }) => holds(week, run.finishedAt))
      .map((examined) => toEvidence(examined, pipelineName)),
  );
}

function toEvidence({ run, exclusion }: ExaminedRun, pipelineName: string): RunEvidence {
  return {
    runUuid: run.runUuid,
    pipelineUuid: run.pipelineUuid,
    pipelineName,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    elapsedMs: run.elapsedMs,
    isSuccessful: run.isSuccessful,
    taskCount: run.taskCount,
    failedTaskCount: run.failedTaskCount,
    isCounted: exclusion === null,
    whyNot: exclusion,
    errorMessage: run.errorMessage,
  };
}
