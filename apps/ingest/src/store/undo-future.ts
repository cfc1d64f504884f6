import { asHolder, type Held } from "./pipeline-leases.ts";
import { dayOf } from "../sync/windows/days.ts";

/** What was taken back of a pipeline: where its watermark stood, and where it stands now; null at its beginning. */
export interface UndoneFuture {
  from: Date;
  to: Date | null;
}

/**
 * Takes back what a sync wrote whose machine's clock was ahead of the source's: a watermark beyond `latest`, the latest
 * instant that can have been, and days compared that have not been. All that the log had by then is stored, so it is
 * pulled, and its days compared, from the latest stored row on. Null when there is nothing of the kind.
 */
export async function undoFuture(held: Held, latest: Date): Promise<UndoneFuture | null> {
  const { history, pipelineUuid } = held;
  const { rows } = await history.pool.query<{ from: Date }>(
    "select synced_through as from from runledger.pipelines where pipeline_uuid = $1 and synced_through > $2",
    [pipelineUuid, latest],
  );
  const [poisoned] = rows;
  if (!poisoned) return null;
  return asHolder(held, async ({ client }) => {
    await client.query("delete from runledger.coverage where pipeline_uuid = $1 and day > $2", [
      pipelineUuid,
      dayOf(latest),
    ]);
    const stored = await client.query<{ latest: Date | null }>(
      `select max(executed_at) as latest from runledger.task_runs
       where pipeline_uuid = $1 and executed_at <= $2`,
      [pipelineUuid, latest],
    );
    const to = stored.rows[0]?.latest ?? null;
    await client.query(
      "update runledger.pipelines set synced_through = $2, stats_through = null where pipeline_uuid = $1",
      [pipelineUuid, to],
    );
    return { from: poisoned.from, to };
  });
}
