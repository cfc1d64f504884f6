export { openHistory, type DatabaseOptions, type History, type HistoryDatabase } from "./database.ts";
export {
  definitionFor,
  foreseeDefinition,
  recordDefinition,
  type RecordedDefinition,
  type Sighting,
} from "./definitions.ts";
export { enlist, isAliveSql, LEASE_TIMING, type EnlistedProcess, type LeaseTiming } from "./enlist.ts";
export { visitEmbeddedPostgres, type EmbeddedVisit } from "./embedded-visit.ts";
export {
  deleteEmbeddedPostgres,
  psqlCommand,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from "./embedded-postgres.ts";
export {
  DatabaseSetUpError,
  DatabaseUnreachableError,
  EmbeddedPostgresError,
  hasCode,
  HistoryError,
  LeaseLostError,
  MigrationError,
  reasonOf,
  SchemaVersionError,
} from "./errors.ts";
export { isRefusal, reasonAndRemedy } from "./database-remedy.ts";
export {
  configuredUrl,
  EMBEDDED_FOLDER,
  openConfiguredHistory,
  openWritableHistory,
} from "./open-configured-history.ts";
export { makeFolders } from "./make-folders.ts";
export { hasEnded, thisProcess, type ProcessMark } from "./this-process.ts";
export { whyUnwritable, type Unwritable } from "./may-write.ts";
export { migrate, pendingMigrations, rehearseMigration, type MigrationResult } from "./migrate.ts";
export { settingsPinnedOver } from "./odd-settings.ts";
export {
  inRolledBackTransaction,
  inTransaction,
  type Fence,
  type HistoryTransaction,
} from "./transaction.ts";
