import { setTimeout as wait } from "node:timers/promises";
import { exitCode, printResult, UsageError, type Context, type ExitCode } from "@runledger/cli";
import { durationMs, loadConfig, type PipelineConfig, type RunledgerConfig } from "@runledger/config";
import { z } from "zod";
import type { TriggerDocument } from "../sync/sync-documents.ts";
import { followRun, tasksOfLastRun, type FollowedRun, type FollowOptions } from "./follow-run.ts";
import { selectPipelines } from "../sync/select-pipelines.ts";
import { createYlemClient, type YlemContext } from "../sync/ylem.ts";

export const triggerOptions = z.object({
  wait: z.boolean().optional(),
  timeout: z.string().transform(durationFrom).optional(),
});
export type TriggerOptions = z.output<typeof triggerOptions>;

const DEFAULT_TIMEOUT_MS = 3_600_000;

/**
 * Starts a pipeline, once, and with `--wait` follows its run to the end.
 *
 * @throws OutcomeUnknownError when it may or may not have been started.
 */
export async function trigger(
  context: YlemContext,
  options: TriggerOptions,
  [name = ""]: string[],
  sleep: FollowOptions["sleep"] = sleepByTimer,
): Promise<ExitCode> {
  const { signal, now } = context;
  const config = await loadConfig(context.environment.configPath);
  const pipeline = pipelineNamed(config, name);
  const timeoutMs = options.timeout ?? DEFAULT_TIMEOUT_MS;
  const client = createYlemClient(context, () => {});
  try {
    // Asked first: afterwards the last run may be the one that is started here.
    const expected = options.wait ? await tasksOfLastRun(client, pipeline.uuid, signal) : new Set<string>();
    const startedAt = now();
    const { runUuid } = await client.runPipeline(pipeline.uuid, { signal });
    if (!options.wait) {
      return say(context, resultOf(pipeline, runUuid, "started"));
    }
    if (runUuid === null) {
      return say(context, resultOf(pipeline, null, "unknown"));
    }
    context.log.info({ pipeline: pipeline.name, run: runUuid }, "started, waiting for its end");
    const run = { pipelineUuid: pipeline.uuid, runUuid, startedAt };
    const { outcome, taskRuns } = await followRun(client, run, expected, { signal, now, sleep, timeoutMs });
    return say(context, resultOf(pipeline, runUuid, outcome, taskRuns));
  } finally {
    await client.close();
  }
}

async function sleepByTimer(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}

/** One of the configuration; or any other by its UUID, which the API then knows or not. */
function pipelineNamed(
  config: RunledgerConfig,
  name: string,
): Pick<PipelineConfig, "uuid" | "name" | "tasks"> {
  const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/iu.test(name);
  const uuid = name.toLowerCase();
  if (isUuid && !config.pipelines.some((pipeline) => pipeline.uuid === uuid)) {
    return { uuid, name: uuid, tasks: {} };
  }
  const [pipeline] = selectPipelines(config, [name]);
  if (pipeline === undefined) {
    throw new UsageError("name the pipeline to start");
  }
  return pipeline;
}

function durationFrom(text: string): number {
  try {
    return durationMs(text);
  } catch (cause) {
    throw new UsageError(`--timeout ${text} is not a duration; write it like 90s, 10m or 2h`, { cause });
  }
}

function resultOf(
  { name, uuid, tasks }: Pick<PipelineConfig, "uuid" | "name" | "tasks">,
  runUuid: string | null,
  outcome: TriggerDocument["outcome"],
  taskRuns: FollowedRun["taskRuns"] = [],
): TriggerDocument {
  const failed = taskRuns
    .filter((taskRun) => !taskRun.isSuccessful)
    .toSorted((a, b) => (a.executedAt < b.executedAt ? -1 : 1))
    .at(0);
  return {
    pipeline: name,
    pipelineUuid: uuid,
    runUuid,
    outcome,
    taskCount: taskRuns.length,
    taskDurationMs: taskRuns.reduce((sum, taskRun) => sum + taskRun.durationMs, 0),
    firstFailedTask: failed ? (tasks[failed.taskUuid] ?? failed.taskUuid) : null,
    firstFailedTaskUuid: failed?.taskUuid ?? null,
    errorMessage: failed?.errorMessage ?? null,
  };
}

function say(context: Context, result: TriggerDocument): ExitCode {
  printResult<TriggerDocument>(context, { document: () => result, lines: () => [sentenceOf(result)] });
  return result.outcome === "failed" || result.outcome === "unknown" ? exitCode.partial : exitCode.done;
}

function sentenceOf(result: TriggerDocument): string {
  const { pipeline, runUuid, outcome, taskCount, firstFailedTask, errorMessage } = result;
  const run = `run ${runUuid} of ${pipeline}`;
  const tasks = `${taskCount} task run${taskCount === 1 ? "" : "s"}`;
  switch (outcome) {
    case "started":
      return runUuid === null
        ? `Started ${pipeline}; the API did not say the run's UUID.`
        : `Started ${run}.`;
    case "succeeded":
      return `✔ ${run} succeeded: ${tasks}, ${(result.taskDurationMs / 1000).toFixed(1)} s.`;
    case "failed":
      return `✖ ${run} failed at ${firstFailedTask}${errorMessage === null ? "" : `: ${errorMessage}`}.`;
    case "unknown":
      return runUuid === null
        ? `Started ${pipeline}; the API did not say the run's UUID, so its end cannot be waited for.`
        : `! ${run} has not been seen to end: ${tasks} so far. Its log will tell, or a longer --timeout.`;
  }
}
