/** Base of what this package throws. */
export class HistoryError extends Error {
  override name = "HistoryError";
}

/** The database does not answer or refuses the login: mend `DATABASE_URL` or the server, then run again. */
export class DatabaseUnreachableError extends HistoryError {
  override name = "DatabaseUnreachableError";
}

/** The database cannot be used as it is set up, or not with this `DATABASE_URL`. Waiting does not mend it. */
export class DatabaseSetUpError extends HistoryError {
  override name = "DatabaseSetUpError";
}

/** The schema is of a newer version than this code, or of one that it has never seen. Nothing was touched. */
export class SchemaVersionError extends DatabaseSetUpError {
  override name = "SchemaVersionError";
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

/** Another session keeps locked what is needed. A later run goes on from here. */
export class HeldUpError extends HistoryError {
  override name = "HeldUpError";
}

/** What went wrong at the bottom of it, in one line: `AggregateError`s of several addresses say nothing themselves. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return reasonOf(error.errors[0]);
  }
  return (error instanceof Error ? error.message || error.name : String(error)).replace(/\.$/u, "");
}

/** Whether an error carries one of these codes: a system error's (`EPERM`) or Postgres's (`42P04`). */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
