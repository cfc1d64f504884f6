#!/usr/bin/env -S node --max-semi-space-size=8
import { dirname } from "node:path";
import { exitCode, Program } from "@runledger/cli";
import { ConfigError } from "@runledger/config";
import { DatabaseSetUpError, HeldUpError, HistoryError } from "@runledger/history";
import { ClockBehindError } from "./weeks/clock.ts";
import { check, checkOptions } from "./commands/check.ts";
import { deliveries, deliveriesOptions } from "./commands/deliveries.ts";
import { explain, explainOptions } from "./commands/explain.ts";
import { preview, previewOptions } from "./commands/preview.ts";
import { resend, resendOptions } from "./commands/resend.ts";
import { suppress, suppressOptions } from "./commands/suppress.ts";
import { weekly, weeklyOptions } from "./commands/weekly.ts";
import { SmtpUrlError } from "@runledger/smtp";
import { DkimKeyError } from "@runledger/mail";

const WEEKLY_HELP = `
Writes DIR/<agreement>-<week>-r<revision>.xlsx, .eml and .html. Run again, it writes the same files, unless data
that came in later changed a printed figure: then it is the next revision. A changed definition applies from the
next week on, unless --restate says otherwise.

With --send and no --week it is made for an hourly timer: what was sent is not sent again, missed weeks are made up for
(at most four, oldest first), and failures_to is told once of what keeps a report from being made for more than 26 hours.

Examples:
  runledger-report weekly                            last closed week, every agreement, to files
  runledger-report weekly --send                     what is due, by mail, to each recipient once
  runledger-report weekly --week 2026-W12 --agreement finance-daily-close

A week that is not closed is reported as far as all of its pipelines are synced. It gets no revision and is not mailed.

Exit codes: 0 done, 1 something could not be sent, 2 command line or configuration, 75 another session holds it up and the
next run goes on.`;

const PREVIEW_HELP = `
Shows what report weekly would make now: the mail on a desktop and a phone, its text part, the workbook, and how its
messages fare. The page is for browsers of this machine only. Nothing is stored, numbered or sent; with --to, a test
mail goes to the given addresses and to nobody else.

Examples:
  runledger-report preview                               last closed week, every agreement, on http://127.0.0.1:4178/
  runledger-report preview --agreement finance-daily-close --week 2026-W12
  runledger-report preview --agreement finance-daily-close --to me@acme.example

Exit codes: 0 done, 1 a test mail could not be sent, 2 command line or configuration, 130 Ctrl-C.`;

const AS_OF =
  "the instant that plays now, such as 2026-03-23T06:00:00Z (default: now; for a week that is not closed, up to " +
  "when all of the agreement's pipelines are synced)";

const program = new Program({
  name: "runledger-report",
  script: "report",
  description:
    "Turns the run history into weekly SLA workbooks and mails.\n\n" +
    "Environment: DATABASE_URL (default: an embedded Postgres in .runledger/postgres), SMTP_URL, MAIL_FROM, MAIL_MAX_SIZE, " +
    "DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY, UNSUBSCRIBE_SECRET, RUNLEDGER_CONFIG, LOG_LEVEL, NO_COLOR. " +
    "Secrets also read NAME_FILE.",
  folder: dirname(import.meta.dirname),
  exitCodes: [
    [ConfigError, exitCode.usage],
    [SmtpUrlError, exitCode.usage],
    [DkimKeyError, exitCode.usage],
    [DatabaseSetUpError, exitCode.usage],
    [HeldUpError, exitCode.locked],
    [HistoryError, exitCode.partial],
    [ClockBehindError, exitCode.partial],
  ],
});

program
  .command(
    "check",
    "Validate the configuration and show what it means: next deadlines, exclusions, last week's score.",
    (command) =>
      command
        .option("--agreement <id...>", "only these agreements (default: all)")
        .option("--openslo", "print the agreements as OpenSLO v1 documents instead; needs no database"),
    checkOptions,
    check,
  )
  .command(
    "weekly",
    "Report a week: workbook and mail per agreement.",
    (command) =>
      command
        .option("--week <week>", "ISO week, such as 2026-W12 (default: the last closed week)")
        .option("--agreement <id...>", "only these agreements (default: all)")
        .option("--out <dir>", "where the files go", "reports")
        .option("--send", "send each recipient the mail over SMTP, once per revision")
        .option("--restate", "a changed definition applies to this week already, and to those after it")
        .option("--as-of <time>", AS_OF),
    weeklyOptions,
    weekly,
    { help: WEEKLY_HELP },
  )
  .command(
    "preview",
    "Show the reports before they are sent, in a browser or as test mails.",
    (command) =>
      command
        .option("--week <week>", "ISO week, such as 2026-W12 (default: the last closed week)")
        .option("--agreement <id...>", "only these agreements (default: all)")
        .option(
          "--port <number>",
          "where to serve on 127.0.0.1 (default: 4178, or a free one while it is taken)",
        )
        .option("--to <address...>", "send a test mail to these addresses instead of serving")
        .option("--as-of <time>", AS_OF),
    previewOptions,
    preview,
    { help: PREVIEW_HELP },
  )
  .command(
    "explain <agreement> <objective>",
    "Show step by step how an objective's figures come about, with the runs behind them.",
    (command) =>
      command
        .option("--week <week>", "ISO week, such as 2026-W12 (default: the last closed week)")
        .option("--as-of <time>", AS_OF),
    explainOptions,
    explain,
  )
  .command(
    "deliveries",
    "Show which message went to whom, and how it fared.",
    (command) => command.option("--week <week>", "only this ISO week"),
    deliveriesOptions,
    deliveries,
  )
  .command(
    "resend",
    "Send again what was refused, to those recipients only.",
    (command) =>
      command
        .option("--failed", "the messages that surely did not arrive; unconfirmed ones are left alone")
        .option("--out <dir>", "where the files go", "reports"),
    resendOptions,
    resend,
  )
  .command(
    "suppress [address]",
    "Stop the mails to an address, and show whose are stopped.",
    (command) =>
      command
        .option("--agreement <id>", "only this agreement's (default: all)")
        .option("--token <token>", "instead of an address: what a one-click link carries")
        .option("--remove", "let them through again"),
    suppressOptions,
    suppress,
  );

process.exitCode = await program.run(process.argv.slice(2));
