import type { History } from "./database.ts";
import { hasCode, HeldUpError } from "./errors.ts";

/** The same error, but where a statement waited for a lock in vain, one that says who has locks on that table. */
export async function orHeldUp(history: History, table: string, error: unknown): Promise<unknown> {
  if (!hasCode(error, LOCK_NOT_AVAILABLE)) return error;
  const holders = await readHolders(history, table).catch(() => []);
  const who = holders.map(
    ({ pid, user, application, since }) =>
      `pid ${pid} (user ${user}, ${application || "no name"}), in a transaction since ${since.toISOString()}`,
  );
  const end = holders.map(({ pid }) => `select pg_terminate_backend(${pid})`);
  return new HeldUpError(
    `rows of runledger.${table} are locked by ${who.join(", ") || "a session that has ended by now"}. The next run goes on; ` +
      `nothing that was done is lost.${end.length === 0 ? "" : ` Wait for it to end, or end it: ${end.join("; ")}`}`,
    { cause: error },
  );
}

const LOCK_NOT_AVAILABLE = "55P03";

interface Holder {
  pid: number;
  user: string;
  application: string;
  since: Date;
}

/** Those that have changed rows of a table, have not ended their transactions and are not at work, longest first. */
async function readHolders({ pool }: History, table: string): Promise<Holder[]> {
  const { rows } = await pool.query<Holder>(
    `select distinct a.pid, a.usename as "user", a.application_name as application, a.xact_start as since
     from pg_locks l join pg_stat_activity a using (pid)
     where l.granted and l.relation = to_regclass($1) and l.mode in ('RowExclusiveLock', 'RowShareLock')
       and a.pid <> pg_backend_pid() and a.wait_event = 'ClientRead'
     order by since`,
    [`runledger.${table}`],
  );
  return rows;
}
