import { asHolder } from "../../store/pipeline-leases.ts";
import type { PipelineJob } from "../pull/pipeline-job.ts";

/**
 * Whether anything shows that the source knows the pipeline: a row, also one that could not be read, or a last run. The
 * source answers of a UUID that it does not know as of a pipeline that never ran, so its figures prove nothing.
 */
export async function wasEverSeen({ history, pipelineUuid, client, signal }: PipelineJob): Promise<boolean> {
  const { rows } = await history.pool.query<{ hasRows: boolean }>(
    `select exists (select from runledger.pipelines where pipeline_uuid = $1 and first_run_at is not null)
         or exists (select from runledger.quarantined_rows where pipeline_uuid = $1)
         or exists (select from runledger.set_aside_answers where pipeline_uuid = $1) as "hasRows"`,
    [pipelineUuid],
  );
  return rows[0]?.hasRows === true || (await client.lastRun("pipeline", pipelineUuid, { signal })) !== null;
}

/** Says of all days of a pipeline that nothing is known of them, also of those that were once taken for proven. */
export async function leaveUnverified(job: PipelineJob): Promise<void> {
  await asHolder(job, ({ client }) =>
    client.query(
      `update runledger.coverage
       set state = 'unverified', stored_runs = null, source_runs = null, stored_failures = null, source_failures = null,
           stored_task_runs = null, source_task_runs = null, checked_at = $2
       where pipeline_uuid = $1 and state <> 'unverified'`,
      [job.pipelineUuid, job.now()],
    ),
  );
}

/** What to make of a pipeline of which the source has shown nothing. */
export function neverSeenText(name: string, uuid: string): string {
  return (
    `${name}: nothing was ever seen of it at the source. If it has run, check its uuid ${uuid} in runledger.yaml, ` +
    "and whose OAuth client this is. Until then its days stay unverified."
  );
}
