import { once } from "node:events";
import { exitCode, printResult, UsageError, type Context, type ExitCode } from "@runledger/cli";
import { isEmailAddress, loadConfig } from "@runledger/config";
import { openConfiguredHistory, type History } from "@runledger/history";
import { z } from "zod";
import { asOfOption, askedWeek, weekOption } from "../weeks/asked-week.ts";
import { readNow } from "../weeks/clock.ts";
import { headline, weekDates } from "@runledger/wording";
import { composeReport } from "../files/print-report.ts";
import { makePreview, readDeliveries, revisionText, type Preview } from "../preview/make-preview.ts";
import { serve } from "../preview/serve.ts";
import { createSite } from "../preview/site.ts";
import { selectAgreements } from "../weeks/select-agreements.ts";
import { isDelivered } from "../delivery/send-report.ts";
import { createConfiguredMailer, letterheadOf } from "../delivery/email/email-channel.ts";
import { testDelivery } from "../json/delivery-documents.ts";
import type { DeliveryDocument, PreviewDocument } from "../json/report-documents.ts";
import { sendTest, type TestResult } from "../delivery/email/send-test.ts";
import { deliveryLine } from "../publish/weekly-summary.ts";

export const previewOptions = z.object({
  week: weekOption.optional(),
  agreement: z.array(z.string()).optional(),
  port: z.string().transform(portFrom).optional(),
  to: z.array(z.string().transform(addressFrom)).optional(),
  asOf: asOfOption.optional(),
});
export type PreviewOptions = z.output<typeof previewOptions>;

/** Shows the reports as they would go out, to a browser of this machine or as test mails. Stores nothing. */
export async function preview(context: Context, options: PreviewOptions): Promise<ExitCode> {
  const { environment, signal } = context;
  const config = await loadConfig(environment.configPath);
  const agreements = selectAgreements(config, options.agreement ?? []);
  // Whoever waits for a test mail is told at once that it was refused.
  using mailer = options.to ? createConfiguredMailer(context, agreements, { retryDelaysMs: [] }) : null;
  await using history = await openConfiguredHistory(environment.databaseUrl, "runledger-report");
  const asOf = options.asOf ?? (await readNow(context, history));
  const previews: Preview[] = [];
  for (const agreement of agreements) {
    signal.throwIfAborted();
    const week = askedWeek(agreement, options.week, asOf);
    const isAsOfAsked = options.asOf !== undefined;
    previews.push(await makePreview(context, { history, config, agreement, week, asOf, isAsOfAsked }));
  }
  if (mailer === null) {
    // Awaited here: the history is closed when this function returns.
    return await show(context, previews, history, options.port ?? null);
  }
  const tests: Test[] = [];
  for (const { report, agreement } of previews) {
    tests.push({ report, results: await sendTest(context, mailer, report, agreement, options.to ?? []) });
  }
  sayTests(context, tests);
  return tests.every(({ results }) => results.every(isDelivered)) ? exitCode.done : exitCode.partial;
}

/** Serves the previews until the command is interrupted. */
async function show(
  context: Context,
  previews: readonly Preview[],
  history: History,
  port: number | null,
): Promise<ExitCode> {
  const site = createSite(previews, {
    compose: ({ report, agreement }) => composeReport(report, agreement, letterheadOf(context, agreement)),
    readDeliveries: (shown) => readDeliveries(history, shown),
  });
  await using server = await serve(site, { port, log: context.log });
  sayPreviews(context, previews, server.url);
  if (!context.signal.aborted) {
    await once(context.signal, "abort");
  }
  return exitCode.done;
}

function sayPreviews(context: Context, previews: readonly Preview[], url: string): void {
  printResult<PreviewDocument>(context, {
    document: () => ({
      url,
      reports: previews.map(({ agreement, report, isStored, heldBack }) => ({
        agreement: agreement.id,
        week: report.week.id,
        revision: report.revision,
        isStored,
        heldBack,
        url: `${url}${agreement.id}/`,
      })),
    }),
    lines: () => [
      `Look at ${url}`,
      ...previews.map((shown) => {
        const { agreement, week, objectives } = shown.report;
        return `  ${agreement.title} — ${week.id} (${weekDates(week)}), ${revisionText(shown)}: ${headline(objectives)}`;
      }),
      "Ctrl-C ends it.",
    ],
  });
}

interface Test {
  report: Preview["report"];
  results: TestResult[];
}

function sayTests(context: Context, tests: readonly Test[]): void {
  printResult<DeliveryDocument[]>(context, {
    document: () =>
      tests.flatMap(({ report: { agreement, week, revision }, results }) =>
        results.map((result) => testDelivery({ agreement: agreement.id, week: week.id, revision }, result)),
      ),
    lines: () =>
      tests.flatMap(({ report, results }) => [
        `Test of ${report.agreement.title} — ${report.week.id}`,
        ...results.map(deliveryLine),
      ]),
  });
}

function addressFrom(text: string): string {
  if (!isEmailAddress(text)) {
    throw new UsageError(`--to ${text} is not an e-mail address; write it as name@example.com`);
  }
  return text;
}

function portFrom(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`--port ${text} is not a port; write a number up to 65535, 0 for any free one`);
  }
  return port;
}
