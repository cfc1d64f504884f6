import type { Objective } from "@runledger/config";
import type { RunEvidence, Week } from "../report-model.ts";
import type { PipelineHistory } from "./evaluation.ts";
import { itemsIn } from "./in-order.ts";
import type { ExaminedRun } from "./run.ts";

/** The week's runs of every pipeline that has an objective: pipelines in the order of the objectives, then by finish. */
export function runEvidence(
  objectives: readonly Objective[],
  histories: ReadonlyMap<string, PipelineHistory>,
  week: Week,
): RunEvidence[] {
  const names = new Map(objectives.map(({ pipeline }) => [pipeline.uuid, pipeline.name]));
  return Array.from(names).flatMap(([pipelineUuid, pipelineName]) =>
    itemsIn(histories.get(pipelineUuid)?.runs ?? [], ({ run }) => run.finishedAt, week).map((examined) =>
      toEvidence(examined, pipelineName),
    ),
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
