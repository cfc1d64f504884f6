import { exitCode, type Context, type ExitCode } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { openConfiguredHistory } from "@runledger/history";
import { asOfInstant, askedWeek } from "../asked-week.ts";
import { printReport, type ReportFiles } from "../print-report.ts";
import type { WeeklyReport } from "../report-model.ts";
import { reportWeek } from "../report-week.ts";
import { selectAgreements } from "../select-agreements.ts";
import {
  createConfiguredMailer,
  isDelivered,
  letterheadOf,
  recipientsOf,
  sendReport,
  whyNotToSend,
  type RecipientResult,
} from "../send-report.ts";
import { sayReports } from "../weekly-summary.ts";

export interface WeeklyOptions {
  week?: string;
  agreement?: string[];
  out: string;
  send?: boolean;
  restate?: boolean;
  asOf?: string;
}

/** One agreement's report: where its files are, how its messages fared, why it was not sent. */
export interface WeeklyResult {
  report: WeeklyReport;
  files: ReportFiles;
  deliveries: RecipientResult[];
  notSent: string | null;
}

/** Makes the weekly report of each agreement, as files and, when asked, as mail. */
export async function weekly(context: Context, options: WeeklyOptions): Promise<ExitCode> {
  const { environment, signal } = context;
  const config = await loadConfig(environment.configPath);
  const agreements = selectAgreements(config, options.agreement ?? []);
  const asOf = asOfInstant(options.asOf, context.now());
  using mailer = options.send ? createConfiguredMailer(context, agreements) : null;
  await using history = await openConfiguredHistory(environment.databaseUrl, "runledger-report");
  const results: WeeklyResult[] = [];
  for (const agreement of agreements) {
    signal.throwIfAborted();
    const week = askedWeek(agreement, options.week, asOf);
    const isRestated = options.restate ?? false;
    const report = await reportWeek(context, { history, config, agreement, week, asOf, isRestated });
    const { files, mail } = await printReport(
      report,
      agreement,
      letterheadOf(context, agreement),
      options.out,
    );
    const notSent = mailer && whyNotToSend(report);
    const sending = mailer && notSent === null ? { history, mailer, isResend: false } : null;
    const deliveries = sending
      ? await sendReport(context, sending, report, mail, recipientsOf(agreement))
      : [];
    results.push({ report, files, deliveries, notSent });
  }
  sayReports(context, results);
  return results.every(isWell) ? exitCode.done : exitCode.partial;
}

function isWell({ deliveries, notSent }: WeeklyResult): boolean {
  return notSent === null && deliveries.every(isDelivered);
}
