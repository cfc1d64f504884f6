#!/usr/bin/env node
import { dirname } from "node:path";
import { exitCode, Program } from "@runledger/cli";
import { ConfigError } from "@runledger/config";
import { HistoryError } from "@runledger/history";
import {
  ConfigurationError,
  CredentialsRefusedError,
  ForbiddenError,
  UnavailableError,
  YlemError,
} from "@runledger/ylem-client";
import { migrate } from "./commands/migrate.ts";
import { status } from "./commands/status.ts";
import { sync, type SyncCommandOptions } from "./commands/sync.ts";
import { LockedError } from "./lock.ts";

const SYNC_HELP = `
Each window of a log is stored together with the pipeline's watermark, so a sync can be stopped at any time and
the next one goes on from there.

Examples:
  runledger-ingest sync                                   every pipeline, up to now
  runledger-ingest sync --pipeline orders-to-warehouse    only this one
  runledger-ingest sync --dry-run                         what would be pulled

Exit codes: 0 done, 1 some pipelines failed, 2 configuration or credentials, 75 another sync runs,
130/143 interrupted.`;

const program = new Program({
  name: "runledger-ingest",
  description:
    "Pulls run logs and statistics of Ylem pipelines into Postgres (schema runledger).\n\n" +
    "Environment: YLEM_CLIENT_ID, YLEM_CLIENT_SECRET, YLEM_BASE_URL, YLEM_OUTPUT_KEY, YLEM_OUTPUT_CIPHER,\n" +
    "DATABASE_URL (default: an embedded Postgres in .runledger/postgres), RUNLEDGER_CONFIG, LOG_LEVEL, NO_COLOR.\n" +
    "Secrets also read NAME_FILE.",
  folder: dirname(import.meta.dirname),
  exitCodes: [
    [ConfigError, exitCode.usage],
    [ConfigurationError, exitCode.usage],
    [CredentialsRefusedError, exitCode.usage, "Check YLEM_CLIENT_ID and YLEM_CLIENT_SECRET"],
    [ForbiddenError, exitCode.usage, "Grant the OAuth client that scope in Ylem, then run again"],
    [
      UnavailableError,
      exitCode.partial,
      "Check YLEM_BASE_URL and the network; the next run goes on from here",
    ],
    [YlemError, exitCode.partial],
    [HistoryError, exitCode.partial],
    [LockedError, exitCode.locked],
  ],
});

program
  .command<SyncCommandOptions>(
    "sync",
    "Pull what is new of every pipeline: the nightly job (default command).",
    (command) =>
      command
        .option("--pipeline <name...>", "only these pipelines, by name or UUID (default: all)")
        .option("--until <time>", "pull up to this time, such as 2026-03-01T06:00:00Z (default: now)")
        .option("--dry-run", "say what would be pulled, pull nothing")
        .addHelpText("after", SYNC_HELP),
    sync,
    { isDefault: true },
  )
  .command(
    "status",
    "Show per pipeline how far it is synced, and what is in doubt.",
    (command) => command,
    status,
  )
  .command(
    "migrate",
    "Create or update the database schema. sync does it too.",
    (command) => command,
    migrate,
  );

process.exitCode = await program.run(process.argv.slice(2));
