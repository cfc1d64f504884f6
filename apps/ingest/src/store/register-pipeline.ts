import type { PipelineConfig } from "@runledger/config";
import type { HistoryTransaction } from "@runledger/history";
import { asHolder, type Held } from "./pipeline-leases.ts";

/** Brings a pipeline's row, and the names of its tasks, in line with the configuration. Returns its watermark. */
export async function registerPipeline(held: Held, pipeline: PipelineConfig): Promise<Date | null> {
  return asHolder(held, async (transaction) => register(transaction, pipeline));
}

async function register({ client, db }: HistoryTransaction, pipeline: PipelineConfig): Promise<Date | null> {
  const { uuid, name, owner, tags } = pipeline;
  const row = await db
    .insertInto("pipelines")
    .values({ pipeline_uuid: uuid, name, owner, tags })
    .onConflict((conflict) => conflict.column("pipeline_uuid").doUpdateSet({ name, owner, tags }))
    .returning("synced_through")
    .executeTakeFirstOrThrow();
  const tasks = Object.entries(pipeline.tasks);
  if (tasks.length > 0) {
    await client.query(
      `insert into runledger.tasks (pipeline_uuid, task_uuid, name)
       select $1, * from unnest($2::uuid[], $3::text[])
       on conflict (pipeline_uuid, task_uuid) do update set name = excluded.name`,
      [uuid, tasks.map(([taskUuid]) => taskUuid), tasks.map(([, taskName]) => taskName)],
    );
  }
  return row.synced_through;
}
