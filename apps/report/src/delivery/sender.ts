import { randomUUID } from "node:crypto";
import type { History } from "@runledger/history";
import { sql } from "kysely";

/** Who claims messages: a name of its own for each sending, and a lock that is held as long as it goes on. */
export interface Sender extends AsyncDisposable {
  id: string;
}

/** Takes a random name and its lock. The lock belongs to a database session: it ends with the process, however that ends. */
export async function enlistSender({ pool }: History): Promise<Sender> {
  const id = randomUUID();
  const session = await pool.connect();
  // A session that did not do as asked is ended, and its lock with it.
  const ask = (statement: string): Promise<unknown> =>
    session.query(statement, [lockName(id)]).catch((error: Error) => {
      session.release(error);
      throw error;
    });
  await ask("select pg_advisory_lock(hashtextextended($1, 0))");
  return {
    id,
    async [Symbol.asyncDispose]() {
      await ask("select pg_advisory_unlock(hashtextextended($1, 0))").then(
        () => session.release(),
        () => {},
      );
    },
  };
}

/** Whether a sender's lock is still held. One that is cut off from the database is taken for dead. */
export async function isAlive({ db }: History, id: string): Promise<boolean> {
  const { rows } = await sql<{ isFree: boolean }>`
    select pg_try_advisory_xact_lock_shared(hashtextextended(${lockName(id)}, 0)) as "isFree"`.execute(db);
  return rows[0]?.isFree !== true;
}

function lockName(id: string): string {
  return `runledger sender ${id}`;
}
