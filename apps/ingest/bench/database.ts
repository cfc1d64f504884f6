import type { History } from "@runledger/history";

/** Empties the tables: every round loads into empty ones. */
export async function empty({ pool }: History): Promise<void> {
  const { rows } = await pool.query<{ tables: string }>(
    `select string_agg(format('%I.%I', schemaname, tablename), ', ') as tables
     from pg_tables where schemaname = 'runledger' and tablename not like 'kysely%'`,
  );
  await pool.query(`truncate ${rows[0]?.tables}`);
}

export async function countTaskRuns({ pool }: History): Promise<number> {
  const { rows } = await pool.query<{ count: number }>("select count(*) from runledger.task_runs");
  return rows[0]?.count ?? 0;
}
