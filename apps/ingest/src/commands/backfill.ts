import type { ExitCode } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { z } from "zod";
import { dateRange, fromOption, toOption } from "../sync/windows/date-range.ts";
import { dayOf, endOf, startOf, type DayRange } from "../sync/windows/days.ts";
import type { PipelineJob } from "../sync/pull/pipeline-job.ts";
import { pullLog, pullSetAside } from "../sync/pull/pull-log.ts";
import { runIngest } from "../sync/run-ingest.ts";
import { selectPipelines } from "../sync/select-pipelines.ts";
import { registerPipeline } from "../store/register-pipeline.ts";
import { windowsToTryAgain } from "../store/set-aside.ts";
import { verifyDays } from "../sync/prove/verify-days.ts";
import type { YlemContext } from "../sync/ylem.ts";

export const backfillOptions = z.object({
  from: fromOption,
  to: toOption,
  pipeline: z.array(z.string()).optional(),
});

/** Pulls some days anew, whatever is stored of them, and proves them complete. */
export async function backfill(
  context: YlemContext,
  options: z.output<typeof backfillOptions>,
): Promise<ExitCode> {
  const config = await loadConfig(context.environment.configPath);
  const pipelines = selectPipelines(config, options.pipeline ?? []);
  const days = dateRange(options, context.now());
  return runIngest(context, config, pipelines, {
    name: "backfill",
    work: (job) => backfillPipeline(job, days),
    isFailure: ({ quarantinedRows, setAsideAnswers }) => quarantinedRows === 0 || setAsideAnswers > 0,
  });
}

/** The watermark moves only where the days join on to what is synced: it never passes over a gap. */
async function backfillPipeline(job: PipelineJob, { first, last }: DayRange): Promise<void> {
  const { pipeline, config, begunAt } = job;
  const from = startOf(first);
  const to = endOf(last) < begunAt ? endOf(last) : begunAt;
  if (from > to) {
    return;
  }
  const syncedThrough = (await registerPipeline(job, pipeline)) ?? startOf(config.historyStart);
  const setAsideBefore = await windowsToTryAgain(job, { from, to });
  await pullLog(job, { from, to }, { movesWatermark: from <= syncedThrough, onProgress: job.onProgress });
  await pullSetAside(job, setAsideBefore);
  const days = { first, last: last < dayOf(to) ? last : dayOf(to) };
  await verifyDays(job, days, { through: to, repairs: true, isThorough: true });
}
