import { createHash } from "node:crypto";
import { isoOf, microsOf, type Micros } from "../calendar/micros.ts";
import type { RunEvidence } from "../report/weekly-report.ts";
import type { PipelineHistory } from "../kinds/evaluation.ts";
import type { ExcludedInterval } from "../scope/exclusions.ts";
import type { Interval } from "../calendar/interval.ts";
import type { Runs } from "../runs/runs.ts";

/** The runs of one pipeline in a time that counts, in order of finish: each is made when it is asked for. */
export interface PipelineEvidence {
  pipelineName: string;
  runs: Runs;
  /** By index of the run: the number of its exclusion among `exclusions`, from 1 on; 0 when it counts. */
  exclusionOf: Uint32Array;
  exclusions: readonly ExcludedInterval[];
}

export function evidenceOf(
  pipelineName: string,
  { runs, exclusionOf }: PipelineHistory,
  exclusions: readonly ExcludedInterval[],
  { start, end }: Interval<Micros>,
): PipelineEvidence {
  const from = runs.firstFrom(start);
  const to = Math.max(runs.firstFrom(end), from);
  return { pipelineName, runs: runs.slice(from, to), exclusionOf: exclusionOf.slice(from, to), exclusions };
}

/** All pipelines' runs, one after the other; they can be gone through any number of times. */
export function runEvidence(
  pipelines: readonly PipelineEvidence[],
): Iterable<RunEvidence> & { readonly length: number } {
  return {
    length: pipelines.reduce((sum, { runs }) => sum + runs.length, 0),
    *[Symbol.iterator]() {
      for (const pipeline of pipelines) {
        for (let index = 0; index < pipeline.runs.length; index += 1) yield toEvidence(pipeline, index);
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
  const [first, end] = [runs.firstFrom(microsOf(from)), runs.firstFrom(microsOf(through) + 1)];
  for (const piece of runs.outcomes(first, Math.max(first, end))) hash.update(piece);
  return hash.digest("hex");
}

/** A time before the 13 weeks in which it was looked where an incident began. */
export interface EarlierTime extends Interval {
  /** SHA-256 (hex) of what the pipeline's runs of it add. */
  runsHash: string;
}

export function earlierTimeOf(runs: Runs, { start, end }: Interval): EarlierTime {
  const hash = createHash("sha256");
  for (const piece of runs.outcomes(runs.firstFrom(microsOf(start)), runs.firstFrom(microsOf(end)))) {
    hash.update(piece);
  }
  return { start, end, runsHash: hash.digest("hex") };
}

/** SHA-256 (hex) of which runs count. */
export function hashOfCounted(pipelines: readonly PipelineEvidence[]): string {
  const hash = createHash("sha256");
  for (const { runs, exclusionOf } of pipelines) {
    hash.update(`${runs.pipelineUuid} ${runs.length}\n`);
    hash.update(isCounted(exclusionOf));
  }
  return hash.digest("hex");
}

/** A byte a run: an exclusion's number tells more than is printed. */
function isCounted(exclusionOf: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(exclusionOf.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = exclusionOf[index] === 0 ? 1 : 0;
  return bytes;
}

function toEvidence(
  { pipelineName, runs, exclusionOf, exclusions }: PipelineEvidence,
  index: number,
): RunEvidence {
  const { runUuid, pipelineUuid, startedAt, finishedAt, elapsedMs, isSuccessful, ...run } = runs.at(index);
  const exclusion = exclusions[(exclusionOf[index] ?? 0) - 1];
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
    isCounted: exclusion === undefined,
    whyNot: exclusion?.reason ?? null,
    errorMessage: run.errorMessage,
  };
}
