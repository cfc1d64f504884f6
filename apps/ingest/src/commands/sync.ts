import { exitCode, instantFrom, UsageError, type ExitCode } from "@runledger/cli";
import { configWarnings, loadConfig } from "@runledger/config";
import { openConfiguredHistory, type History } from "@runledger/history";
import { z } from "zod";
import { dayOf } from "../sync/windows/days.ts";
import { runIngest } from "../sync/run-ingest.ts";
import { selectPipelines } from "../sync/select-pipelines.ts";
import { sayPlan } from "../sync/summary.ts";
import { rangeToPull, syncPipeline } from "../sync/sync-pipeline.ts";
import { wholeSecond } from "../sync/windows/windows.ts";
import type { YlemContext } from "../sync/ylem.ts";

export const syncOptions = z.object({
  pipeline: z.array(z.string()).optional(),
  until: z
    .string()
    .transform((text) => ({ text, instant: instantFrom("--until", text) }))
    .optional(),
  dryRun: z.boolean().optional(),
});
type SyncCommandOptions = z.output<typeof syncOptions>;

/** Pulls what is new of every pipeline and proves it complete. One that fails does not stop the others. */
export async function sync(context: YlemContext, options: SyncCommandOptions): Promise<ExitCode> {
  const { environment, now } = context;
  const until = untilOf(options, now());
  const config = await loadConfig(environment.configPath);
  for (const warning of configWarnings(config, dayOf(now()))) {
    context.log.warn(warning);
  }
  const pipelines = selectPipelines(config, options.pipeline ?? []);
  if (options.dryRun) {
    await using history = await openConfiguredHistory(environment.databaseUrl, "runledger-ingest");
    const ranges = await Promise.all(
      pipelines.map(async ({ uuid }) => rangeToPull(await watermarkOf(history, uuid), config, until)),
    );
    sayPlan(context, pipelines, ranges);
    return exitCode.done;
  }
  return runIngest(context, config, pipelines, {
    name: "sync",
    work: (job) => syncPipeline(job, until < job.begunAt ? until : job.begunAt),
    // Rows that could not be read are counted in the summary: the source has them, the history cannot.
    isFailure: ({ quarantinedRows, setAsideAnswers }) => quarantinedRows === 0 || setAsideAnswers > 0,
  });
}

async function watermarkOf({ db }: History, pipelineUuid: string): Promise<Date | null> {
  const row = await db
    .selectFrom("pipelines")
    .select("synced_through")
    .where("pipeline_uuid", "=", pipelineUuid)
    .executeTakeFirst();
  return row?.synced_through ?? null;
}

/** The end of what is pulled: now, or `--until`, in whole seconds as the API has them. */
function untilOf({ until }: SyncCommandOptions, now: Date): Date {
  if (until === undefined) {
    return wholeSecond(now);
  }
  const { text, instant } = until;
  if (instant > now) {
    throw new UsageError(
      `--until ${text} is in the future: what is not there yet would be passed over for good`,
    );
  }
  return wholeSecond(instant);
}
