#!/usr/bin/env -S node --max-semi-space-size=8
import { dirname } from "node:path";
import { exitCode, Program } from "@runledger/cli";
import { ConfigError } from "@runledger/config";
import { DatabaseSetUpError, HistoryError } from "@runledger/history";
import {
  ConfigurationError,
  CredentialsRefusedError,
  ForbiddenError,
  OutcomeUnknownError,
  UnavailableError,
  YlemError,
} from "@runledger/ylem-client";
import { z } from "zod";
import { backfill, backfillOptions } from "./commands/backfill.ts";
import { doctor } from "./commands/doctor.ts";
import { migrate } from "./commands/migrate.ts";
import { status } from "./commands/status.ts";
import { sync, syncOptions } from "./commands/sync.ts";
import { trigger, triggerOptions } from "./commands/trigger.ts";
import { verify, verifyOptions } from "./commands/verify.ts";
import { LockedError } from "./store/pipeline-leases.ts";

const SYNC_HELP = `
Each window of a log is stored together with the pipeline's watermark, so a sync can be stopped at any time and
the next one goes on from there. Then the last 35 days are compared with the source's statistics, and what they show
to be missing is pulled again, however late it came.

Examples:
  runledger-ingest sync                                   every pipeline, up to now
  runledger-ingest sync --pipeline orders-to-warehouse    only this one
  runledger-ingest sync --dry-run                         what would be pulled

Exit codes: 0 done, 1 some pipelines failed or days disagree with the source, 2 configuration or credentials,
75 another command works on these pipelines, 130/143 interrupted.`;

const BACKFILL_HELP = `
Days are UTC and both are counted in. What is stored already stays. How far the pipelines are synced only moves when
the days join on to it.

Examples:
  runledger-ingest backfill --from 2026-01-01 --to 2026-01-31
  runledger-ingest backfill --from 2026-01-01 --to 2026-01-31 --pipeline orders-to-warehouse

Exit codes: as of sync.`;

const VERIFY_HELP = `
Days are UTC and both are counted in. Prints the days that disagree; they are in runledger.disagreements, too.

Examples:
  runledger-ingest verify                                      the whole history
  runledger-ingest verify --from 2026-03-01 --to 2026-03-31    a month
  runledger-ingest verify --repair                             pull again what is missing

Exit codes: as of sync; 1 whenever a day disagrees.`;

const TRIGGER_HELP = `
Starts the pipeline once. With --wait the log is read until a task of the run has failed, until every task of the
pipeline's last successful run has its row, or until no row has come for five minutes: the API does not say when a
run has ended.

Examples:
  runledger-ingest trigger orders-to-warehouse
  runledger-ingest trigger orders-to-warehouse --wait --timeout 30m

Exit codes: 0 started, or succeeded; 1 failed, or not seen to end in time, or unknown whether it started;
2 configuration or credentials.`;

const DOCTOR_HELP = `
Checks configuration, credentials, scopes, each pipeline, clock, database, rights and the mail server's login; rehearses
migrations in a transaction that is rolled back. Starts no pipeline, sends nothing, changes nothing. ✔ is well, ! is worth a look, ✖ has to be mended.

Exit codes: 0 nothing to mend, 1 API, database, mail server or clock, 2 configuration, credentials or rights.`;

const program = new Program({
  name: "runledger-ingest",
  script: "ingest",
  description:
    "Pulls run logs and statistics of Ylem pipelines into Postgres (schema runledger).\n\n" +
    "Environment: YLEM_CLIENT_ID, YLEM_CLIENT_SECRET, YLEM_BASE_URL, YLEM_OUTPUT_KEY, YLEM_OUTPUT_CIPHER, " +
    "DATABASE_URL (default: an embedded Postgres in .runledger/postgres), RUNLEDGER_CONFIG, LOG_LEVEL, NO_COLOR. " +
    "Secrets also read NAME_FILE.",
  folder: dirname(import.meta.dirname),
  exitCodes: [
    [ConfigError, exitCode.usage],
    [ConfigurationError, exitCode.usage],
    [CredentialsRefusedError, exitCode.usage, "Check YLEM_CLIENT_ID and YLEM_CLIENT_SECRET"],
    [ForbiddenError, exitCode.usage, "Grant the OAuth client that scope in Ylem, then run again"],
    [
      OutcomeUnknownError,
      exitCode.partial,
      "The pipeline may or may not have been started: look at its runs in Ylem before you trigger it again",
    ],
    [
      UnavailableError,
      exitCode.partial,
      "Check YLEM_BASE_URL and the network; the next run goes on from here",
    ],
    [YlemError, exitCode.partial],
    [DatabaseSetUpError, exitCode.usage],
    [HistoryError, exitCode.partial],
    [LockedError, exitCode.locked],
  ],
});

program
  .command(
    "sync",
    "Pull what is new of every pipeline: the nightly job (default command).",
    (command) =>
      command
        .option("--pipeline <name...>", "only these pipelines, by name or UUID (default: all)")
        .option("--until <time>", "pull up to this time, such as 2026-03-01T06:00:00Z (default: now)")
        .option("--dry-run", "say what would be pulled, pull nothing"),
    syncOptions,
    sync,
    { isDefault: true, help: SYNC_HELP },
  )
  .command(
    "backfill",
    "Pull some days anew and verify them.",
    (command) =>
      command
        .requiredOption("--from <day>", "first day, such as 2026-01-01")
        .requiredOption("--to <day>", "last day")
        .option("--pipeline <name...>", "only these pipelines, by name or UUID (default: all)"),
    backfillOptions,
    backfill,
    { help: BACKFILL_HELP },
  )
  .command(
    "verify",
    "Compare stored rows with the source's statistics, day by day.",
    (command) =>
      command
        .option("--from <day>", "first day (default: history_start)")
        .option("--to <day>", "last day (default: as far as the pipelines are synced)")
        .option("--pipeline <name...>", "only these pipelines, by name or UUID (default: all)")
        .option("--repair", "pull again what disagrees"),
    verifyOptions,
    verify,
    { help: VERIFY_HELP },
  )
  .command(
    "trigger",
    "Start a pipeline.",
    (command) =>
      command
        .argument("<pipeline>", "its name or UUID")
        .option("--wait", "follow the run until it has ended")
        .option("--timeout <duration>", "how long to wait, such as 10m (default: 1h)"),
    triggerOptions,
    trigger,
    { help: TRIGGER_HELP },
  )
  .command(
    "doctor",
    "Check everything a sync depends on, and say how to mend it.",
    (command) => command,
    z.object({}),
    doctor,
    { help: DOCTOR_HELP },
  )
  .command(
    "status",
    "Show per pipeline how far it is synced, and what is in doubt.",
    (command) => command,
    z.object({}),
    status,
  )
  .command(
    "migrate",
    "Create or update the database schema. sync does it too.",
    (command) => command,
    z.object({}),
    migrate,
  );

process.exitCode = await program.run(process.argv.slice(2));
