import { exitCode, type Context, type ExitCode } from "@runledger/cli";
import { ConfigError, loadConfig, readOutlines, type Agreement } from "@runledger/config";
import { HistoryError, openWritableHistory, type History } from "@runledger/history";
import { assertClockNotBehind, readNow } from "../weeks/clock.ts";
import { dueWeeks } from "./due-weeks.ts";
import { readKnownWeeks } from "./known-weeks.ts";
import { noteWell } from "./lasting-trouble.ts";
import type { Mailer } from "../delivery/email/mailer.ts";
import { makeDueWeek, sendDueWeek, type DueWeek, type MadeWeek } from "./report-due-week.ts";
import { selectAgreements } from "../weeks/select-agreements.ts";
import { createConfiguredMailer } from "../delivery/email/email-channel.ts";
import { tellOfTrouble } from "./tell-of-trouble.ts";
import { troubleOf } from "./trouble.ts";
import { isWell, type WeeklyResult } from "../publish/weekly-result.ts";
import { Teller } from "../publish/weekly-summary.ts";

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
  const teller = new Teller(context);
  const made: MadeDueWeek[] = [];
  for (const agreement of agreements) {
    const shared = { out, asOf, history, mailer, config, agreement };
    const weeks = await makeDueWeeks(context, shared, teller);
    if (weeks.every((week) => week.made.outcome !== "missing")) {
      await noteWell(context, out, agreement.id, asOf);
    }
    made.push(...weeks);
  }
  const results: WeeklyResult[] = [];
  for (const { due, made: report } of made) {
    context.signal.throwIfAborted();
    const result = await sendDueWeek(context, due, report);
    if (report.outcome === "printed" && result.outcome !== "unchanged") teller.sent(result);
    results.push(result);
  }
  await teller.end(history, results);
  return results.every(isWell) ? exitCode.done : exitCode.partial;
}

interface MadeDueWeek {
  due: DueWeek;
  made: MadeWeek;
}

async function openHistory({ environment }: Context): Promise<History> {
  return openWritableHistory(environment.databaseUrl, "runledger-report");
}

/** Makes all reports of an agreement that are due, and tells their figures before any mail is sent: that may take long. */
async function makeDueWeeks(
  context: Context,
  of: Omit<DueWeek, "week" | "isSent">,
  teller: Teller,
): Promise<MadeDueWeek[]> {
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
  const made: MadeDueWeek[] = [];
  for (const week of due) {
    context.signal.throwIfAborted();
    const dueWeek = { ...of, week, isSent: known.sent.includes(week.id) };
    const report = await makeDueWeek(context, dueWeek);
    if (report === null) continue;
    teller.made(report);
    made.push({ due: dueWeek, made: report });
  }
  return made;
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
