import type { ExitCode } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { dateRange } from "../date-range.ts";
import { endOf, startOf, type DayRange } from "../days.ts";
import type { PipelineJob } from "../pipeline-job.ts";
import { pullLog } from "../pull-log.ts";
import { runIngest } from "../run-ingest.ts";
import { selectPipelines } from "../select-pipelines.ts";
import { registerPipeline } from "../store/register-pipeline.ts";
import { verifyDays } from "../verification/verify-days.ts";
import { wholeSecond } from "../windows.ts";
import type { YlemContext } from "../ylem.ts";

export interface BackfillOptions {
  from: string;
  to: string;
  pipeline?: string[];
}

/** Pulls some days anew, whatever is stored of them, and proves them complete. */
export async function backfill(context: YlemContext, options: BackfillOptions): Promise<ExitCode> {
  const config = await loadConfig(context.environment.configPath);
  const pipelines = selectPipelines(config, options.pipeline ?? []);
  const now = wholeSecond(context.now());
  const days = dateRange(options, now);
  return runIngest(context, config, pipelines, {
    name: "backfill",
    work: (job) => backfillPipeline(job, days, now),
    isFailure: ({ quarantinedRows }) => quarantinedRows === 0,
  });
}

/** The watermark moves only where the days join on to what is synced: it never passes over a gap. */
async function backfillPipeline(job: PipelineJob, days: DayRange, now: Date): Promise<void> {
  const { pipeline, config } = job;
  const from = startOf(days.first);
  const to = endOf(days.last) < now ? endOf(days.last) : now;
  const syncedThrough = (await registerPipeline(job, pipeline)) ?? startOf(config.historyStart);
  await pullLog(job, { from, to }, { movesWatermark: from <= syncedThrough, onProgress: job.onProgress });
  await verifyDays(job, days, { through: to, repairs: true, isThorough: true });
}
