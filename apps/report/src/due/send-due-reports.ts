import { exitCode, type Context, type ExitCode } from "@runledger/cli";
import { ConfigError, loadConfig, readOutlines, type Agreement } from "@runledger/config";
import { HistoryError, openWritableHistory, type History } from "@runledger/history";
import { assertClockNotBehind, readNow } from "../weeks/clock.ts";
import { dueWeeks } from "./due-weeks.ts";
import { readKnownWeeks } from "./known-weeks.ts";
import type { Mailer } from "../delivery/mailer.ts";
import { reportDueWeek, type DueWeek } from "./report-due-week.ts";
import { selectAgreements } from "../weeks/select-agreements.ts";
import { createConfiguredMailer } from "../delivery/send-report.ts";
import { tellOfTrouble } from "./tell-of-trouble.ts";
import { troubleOf } from "./trouble.ts";
import { isWell, type WeeklyResult } from "../publish/weekly-result.ts";
import { sayReports } from "../publish/weekly-summary.ts";

export interface SendDueOptions {
  /** Ids; none for all. */
  agreements: readonly string[];
  /** Where the files go. */
  out: string;
  /** The instant that plays now; null when none was asked for. */
  asOfAsked: Date | null;
}

/**
 * What a timer runs every hour: sends the reports that are due and not sent, missed ones first, and tells of those that
 * cannot be made.
 */
export async function sendDueReports(context: Context, options: SendDueOptions): Promise<ExitCode> {
  const config = await loadConfig(context.environment.configPath).catch(async (error: unknown) => {
    await tellOfConfig(context, options, error);
    throw error;
  });
  const agreements = selectAgreements(config, options.agreements);
  using mailer = createConfiguredMailer(context, agreements);
  await using history = await openHistory(context).catch(async (error: unknown) => {
    await tellOfHistory(context, options, { agreements, mailer, error });
    throw error;
  });
  await assertClockNotBehind(context, history);
  const asOf = options.asOfAsked ?? (await readNow(context, history));
  const { out } = options;
  const results: WeeklyResult[] = [];
  for (const agreement of agreements) {
    results.push(...(await reportDueWeeks(context, { out, asOf, history, mailer, config, agreement })));
  }
  await sayReports(context, history, results);
  return results.every(isWell) ? exitCode.done : exitCode.partial;
}

async function openHistory({ environment }: Context): Promise<History> {
  return openWritableHistory(environment.databaseUrl, "runledger-report");
}

async function reportDueWeeks(
  context: Context,
  of: Omit<DueWeek, "week" | "isSent">,
): Promise<WeeklyResult[]> {
  const { history, agreement, asOf } = of;
  const known = await readKnownWeeks(history, agreement);
  const { due, lapsed } = dueWeeks(agreement, asOf, known);
  for (const week of lapsed) {
    const command = `report weekly --week ${week.id} --agreement ${agreement.id} --send`;
    context.log.warn(
      { agreement: agreement.id, week: week.id },
      `missed too long ago; to send it: ${command}`,
    );
  }
  const results: WeeklyResult[] = [];
  for (const week of due) {
    context.signal.throwIfAborted();
    const result = await reportDueWeek(context, { ...of, week, isSent: known.sent.includes(week.id) });
    if (result !== null) results.push(result);
  }
  return results;
}

async function tellOfConfig(
  context: Context,
  { agreements: wanted, out, asOfAsked }: SendDueOptions,
  error: unknown,
): Promise<void> {
  if (!(error instanceof ConfigError)) {
    return;
  }
  const outlines = await readOutlines(context.environment.configPath);
  const agreements = outlines.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  using mailer = createConfiguredMailer(context, []);
  await using history = await openHistory(context).catch(() => null);
  await tellOfTrouble(
    context,
    { mailer, history, out },
    {
      agreements,
      trouble: troubleOf(error),
      asOf: asOfAsked ?? context.now(),
    },
  );
}

async function tellOfHistory(
  context: Context,
  { out, asOfAsked }: SendDueOptions,
  { agreements, mailer, error }: { agreements: readonly Agreement[]; mailer: Mailer; error: unknown },
): Promise<void> {
  if (error instanceof HistoryError) {
    const trouble = troubleOf(error);
    const asOf = asOfAsked ?? context.now();
    await tellOfTrouble(context, { mailer, history: null, out }, { agreements, trouble, asOf });
  }
}
