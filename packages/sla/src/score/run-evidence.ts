import { createHash } from "node:crypto";
import { isoOf, microsOf } from "../calendar/micros.ts";
import type { RunEvidence } from "../report/weekly-report.ts";
import type { PipelineHistory } from "../kinds/evaluation.ts";
import type { RunView } from "../runs/run-view.ts";
import { inMicros, type Interval } from "../calendar/interval.ts";
import type { Runs } from "../runs/runs.ts";

/** The runs of one pipeline in a time that counts, in order of finish: each is made when it is asked for. */
export interface PipelineEvidence {
  pipelineName: string;
  runs: Runs;
}

/** All pipelines' runs, one after the other; they can be gone through any number of times. */
export function runEvidence(
  pipelines: readonly PipelineEvidence[],
): Iterable<RunEvidence> & { readonly length: number } {
  return {
    length: pipelines.reduce((sum, { runs }) => sum + runs.length, 0),
    *[Symbol.iterator]() {
      for (const { pipelineName, runs } of pipelines) {
        for (const run of runs) yield toEvidence(run, pipelineName);
      }
    },
  };
}

/** By pipeline: SHA-256 (hex) of all that is printed of its runs and was not made up by an exclusion. */
export function hashesOfRuns(pipelines: readonly PipelineEvidence[]): Record<string, string> {
  return Object.fromEntries(
    pipelines.map(({ runs }) => {
      const hash = createHash("sha256");
      for (const piece of runs.content()) hash.update(piece);
      return [runs.pipelineUuid, hash.digest("hex")];
    }),
  );
}

/**
 * SHA-256 (hex) of what a pipeline's runs of the 13 weeks, and of the grace after them, add to the figures: both ends
 * included, for later ones make no difference, and earlier ones only by their last success.
 */
export function hashOfHistory(
  { runs, latestSuccessBefore }: PipelineHistory,
  { from, through }: { from: Date; through: Date },
): string {
  const carried = runs.latestSuccessBefore(microsOf(from)) ?? latestSuccessBefore;
  const hash = createHash("sha256").update(`${carried === null ? "none" : isoOf(carried)}\n`);
  const time = { start: microsOf(from), end: microsOf(through) + 1 };
  for (const piece of runs.between(time).outcomes()) hash.update(piece);
  return hash.digest("hex");
}

/** A time before the 13 weeks in which it was looked where an incident began. */
export interface EarlierTime extends Interval {
  /** SHA-256 (hex) of what the pipeline's runs of it add. */
  runsHash: string;
}

export function earlierTimeOf(runs: Runs, time: Interval): EarlierTime {
  const hash = createHash("sha256");
  for (const piece of runs.between(inMicros(time)).outcomes()) hash.update(piece);
  return { ...time, runsHash: hash.digest("hex") };
}

/** SHA-256 (hex) of which runs count. */
export function hashOfCounted(pipelines: readonly PipelineEvidence[]): string {
  const hash = createHash("sha256");
  for (const { runs } of pipelines) {
    hash.update(`${runs.pipelineUuid} ${runs.length}\n`);
    hash.update(runs.counted());
  }
  return hash.digest("hex");
}

function toEvidence(view: RunView, pipelineName: string): RunEvidence {
  const { runUuid, pipelineUuid, startedAt, finishedAt, elapsedMs, isSuccessful, ...run } = view.toRun();
  return {
    runUuid,
    pipelineUuid,
    pipelineName,
    startedAt,
    finishedAt,
    elapsedMs,
    isSuccessful,
    taskCount: run.taskCount,
    failedTaskCount: run.failedTaskCount,
    isCounted: view.isCounted,
    whyNot: view.whyNot,
    errorMessage: run.errorMessage,
  };
}
