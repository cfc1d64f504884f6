import type { PipelineConfig } from "@runledger/config";
import type { HistoryTransaction } from "@runledger/history";
import { sql } from "kysely";
import { asHolder, type Held } from "../pipeline-leases.ts";

/** Brings a pipeline's row, and the names of its tasks, in line with the configuration. Returns its watermark. */
export async function registerPipeline(held: Held, pipeline: PipelineConfig): Promise<Date | null> {
  return asHolder(held, async (transaction) => register(transaction, pipeline));
}

async function register({ db }: HistoryTransaction, pipeline: PipelineConfig): Promise<Date | null> {
  const { uuid, name, owner, tags } = pipeline;
  const row = await db
    .insertInto("pipelines")
    .values({ pipeline_uuid: uuid, name, owner, tags })
    .onConflict((conflict) => conflict.column("pipeline_uuid").doUpdateSet({ name, owner, tags }))
    .returning("synced_through")
    .executeTakeFirstOrThrow();
  const tasks = Object.entries(pipeline.tasks);
  if (tasks.length > 0) {
    await db
      .insertInto("tasks")
      .values(tasks.map(([task_uuid, taskName]) => ({ pipeline_uuid: uuid, task_uuid, name: taskName })))
      .onConflict((conflict) =>
        conflict.columns(["pipeline_uuid", "task_uuid"]).doUpdateSet({ name: sql`excluded.name` }),
      )
      .execute();
  }
  return row.synced_through;
}
