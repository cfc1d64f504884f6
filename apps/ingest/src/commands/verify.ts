import type { ExitCode } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { z } from "zod";
import { dateRange, fromOption, toOption } from "../sync/windows/date-range.ts";
import { dayOf, endOf, startOf, type DayRange } from "../sync/windows/days.ts";
import type { PipelineJob } from "../sync/pull/pipeline-job.ts";
import { pullSetAside } from "../sync/pull/pull-log.ts";
import { runIngest } from "../sync/run-ingest.ts";
import { selectPipelines } from "../sync/select-pipelines.ts";
import { registerPipeline } from "../store/register-pipeline.ts";
import { windowsToTryAgain } from "../store/set-aside.ts";
import { verifyDays } from "../sync/prove/verify-days.ts";
import { wholeSecond } from "../sync/windows/windows.ts";
import type { YlemContext } from "../sync/ylem.ts";

export const verifyOptions = z.object({
  from: fromOption.optional(),
  to: toOption.optional(),
  pipeline: z.array(z.string()).optional(),
  repair: z.boolean().optional(),
});

/** Compares stored rows with the source's statistics, day by day, and with `--repair` pulls again what disagrees. */
export async function verify(
  context: YlemContext,
  options: z.output<typeof verifyOptions>,
): Promise<ExitCode> {
  const config = await loadConfig(context.environment.configPath);
  const pipelines = selectPipelines(config, options.pipeline ?? []);
  const now = wholeSecond(context.now());
  const { from = config.historyStart, to = dayOf(now), repair = false } = options;
  const days = dateRange({ from, to }, now);
  return runIngest(context, config, pipelines, {
    name: "verify",
    work: (job) => verifyPipeline(job, days, repair),
    isFailure: () => true,
  });
}

/** Days that no sync has reached are not the history's yet: there is nothing to compare. */
async function verifyPipeline(job: PipelineJob, { first, last }: DayRange, repairs: boolean): Promise<void> {
  const through = await registerPipeline(job, job.pipeline);
  if (through === null || first > dayOf(through)) {
    return;
  }
  const days = { first, last: last < dayOf(through) ? last : dayOf(through) };
  if (repairs) {
    const window = { from: startOf(days.first), to: endOf(days.last) };
    await pullSetAside(job, await windowsToTryAgain(job, window));
  }
  await verifyDays(job, days, { through, repairs, isThorough: true });
}
