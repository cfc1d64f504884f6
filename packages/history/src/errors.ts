/** Base of what this package throws. */
export class HistoryError extends Error {
  override name = "HistoryError";
}

/** The database does not answer or refuses the login: mend `DATABASE_URL` or the server, then run again. */
export class DatabaseUnreachableError extends HistoryError {
  override name = "DatabaseUnreachableError";
}

/** A migration failed; the schema is as it was before it. */
export class MigrationError extends HistoryError {
  override name = "MigrationError";
}

/** The embedded Postgres could not be set up or started. */
export class EmbeddedPostgresError extends HistoryError {
  override name = "EmbeddedPostgresError";
}

/** Another process has taken over, or may have: this one must not write any more. What was committed stays. */
export class LeaseLostError extends HistoryError {
  override name = "LeaseLostError";
}

/** Whether an error carries one of these codes: a system error's (`EPERM`) or Postgres's (`42P04`). */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
