import { PostgresAdapter, PostgresDialect } from "kysely";

/**
 * Postgres, but without Kysely's lock on migrations, which is one of the session with a number that everybody knows: any
 * reader could take it and hold up all others, and behind a pooler it would stay with a session that the next client
 * gets. `migrate` locks a row.
 */
export class HistoryDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new WithoutSessionLock();
  }
}

class WithoutSessionLock extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}
