export {
  openHistory,
  type DatabaseOptions,
  type History,
  type HistoryDatabase,
} from "./connection/database.ts";
export {
  definitionFor,
  foreseeDefinition,
  recordDefinition,
  type RecordedDefinition,
  type Sighting,
} from "./definitions.ts";
export { enlist, isAliveSql, LEASE_TIMING, type EnlistedProcess, type LeaseTiming } from "./leases/enlist.ts";
export { visitEmbeddedPostgres, type EmbeddedVisit } from "./embedded/embedded-visit.ts";
export {
  deleteEmbeddedPostgres,
  psqlCommand,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from "./embedded/embedded-postgres.ts";
export {
  DatabaseSetUpError,
  DatabaseUnreachableError,
  EmbeddedPostgresError,
  hasCode,
  HeldUpError,
  HistoryError,
  LeaseLostError,
  MigrationError,
  reasonOf,
  SchemaVersionError,
} from "./connection/errors.ts";
export { isRefusal, reasonAndRemedy, withRemedy } from "./connection/database-remedy.ts";
export {
  configuredUrl,
  EMBEDDED_FOLDER,
  openConfiguredHistory,
  openWritableHistory,
} from "./open-configured-history.ts";
export { orHeldUp } from "./connection/held-up.ts";
export { makeFolders } from "./embedded/make-folders.ts";
export { hasEnded, processMark, thisProcess } from "./leases/this-process.ts";
export { parseStored, parseStoredText, StoredValueError, type StoredPlace } from "./stored-value.ts";
export {
  COVERAGE_STATES,
  type CoverageState,
  DELIVERY_STATUSES,
  type DeliveryStatus,
  OUTPUT_STATES,
  type OutputState,
  SYNC_OUTCOMES,
  type SyncOutcome,
} from "./vocabulary.ts";
export { whyUnwritable, type Unwritable } from "./connection/may-write.ts";
export { migrate, pendingMigrations, rehearseMigration, type MigrationResult } from "./schema/migrate.ts";
export { settingsPinnedOver } from "./connection/odd-settings.ts";
export {
  inRolledBackTransaction,
  inTransaction,
  type Fence,
  type HistoryTransaction,
} from "./connection/transaction.ts";
