import { exitCode, type Context, type ExitCode } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { openWritableHistory } from "@runledger/history";
import { z } from "zod";
import { asOfOption, askedWeek, weekOption } from "../weeks/asked-week.ts";
import { assertClockNotBehind, readNow } from "../weeks/clock.ts";
import { printNumbered, sendPrinted } from "../publish/publish-report.ts";
import { reportWeeks } from "../weeks/report-week.ts";
import { selectAgreements } from "../weeks/select-agreements.ts";
import { sendDueReports } from "../due/send-due-reports.ts";
import { createConfiguredMailer } from "../delivery/email/email-channel.ts";
import { isWell, type PrintedReport, type WeeklyResult } from "../publish/weekly-result.ts";
import { Teller } from "../publish/weekly-summary.ts";

export const weeklyOptions = z.object({
  week: weekOption.optional(),
  agreement: z.array(z.string()).optional(),
  out: z.string(),
  send: z.boolean().optional(),
  restate: z.boolean().optional(),
  asOf: asOfOption.optional(),
});
export type WeeklyOptions = z.output<typeof weeklyOptions>;

/**
 * Makes the weekly report of each agreement, as files and, when asked, as mail. Which weeks are mailed when none is
 * named is a question of what was mailed before.
 */
export async function weekly(context: Context, options: WeeklyOptions): Promise<ExitCode> {
  const { environment, signal } = context;
  const asOfAsked = options.asOf ?? null;
  if (options.send && options.week === undefined && !options.restate) {
    return sendDueReports(context, { agreements: options.agreement ?? [], out: options.out, asOfAsked });
  }
  const config = await loadConfig(environment.configPath);
  const agreements = selectAgreements(config, options.agreement ?? []);
  using mailer = options.send ? createConfiguredMailer(context, agreements) : null;
  await using history = await openWritableHistory(environment.databaseUrl, "runledger-report");
  const asOf = asOfAsked ?? (await readNow(context, history));
  if (mailer !== null) {
    await assertClockNotBehind(context, history);
  }
  const isRestated = options.restate ?? false;
  const weeks = agreements.map((agreement) => {
    const week = askedWeek(agreement, options.week, asOf);
    return { history, config, agreement, week, asOf, isAsOfAsked: asOfAsked !== null, isRestated };
  });
  const teller = new Teller(context);
  const printed: PrintedReport[] = [];
  let failure: unknown = null;
  try {
    for await (const { agreement, report } of reportWeeks(context, weeks)) {
      signal.throwIfAborted();
      const made = await printNumbered(context, options.out, agreement, report);
      teller.made(made);
      printed.push(made);
    }
  } catch (error) {
    // What was made before it is sent all the same.
    failure = error;
  }
  const results: WeeklyResult[] = [];
  for (const report of printed) {
    signal.throwIfAborted();
    const result = await sendPrinted(context, { history, mailer }, report);
    if (mailer !== null) teller.sent(result);
    results.push(result);
  }
  if (failure !== null) throw failure;
  await teller.end(history, results);
  return results.every(isWell) ? exitCode.done : exitCode.partial;
}
