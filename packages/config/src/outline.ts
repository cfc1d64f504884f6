import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Agreement, ReportConfig } from "./config.ts";
import { durationMs } from "./duration-text.ts";
import { DEFAULTS } from "./schema.ts";
import { readPartially } from "./source.ts";
import { agreementId, date, duration, emailAddress, oneLine, timezone } from "./values.ts";

/** Whom an agreement's report goes to, and when. */
export interface AgreementOutline extends Pick<Agreement, "id" | "title" | "timezone" | "effectiveFrom"> {
  report: Pick<ReportConfig, "to" | "cc" | "failuresTo" | "settleMs">;
}

/**
 * The agreements of a configuration that may be invalid, as far as they can be made out: to tell somebody that it is.
 * What cannot be read has its default; an agreement without a readable name is left out. Never rejects.
 */
export async function readOutlines(path: string): Promise<AgreementOutline[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const file = outlineFile.parse(readPartially(text));
  return file.agreements
    .flatMap((agreement) => agreement ?? [])
    .map((agreement) => toOutline(agreement, file));
}

function optional<T extends z.ZodType>(value: T) {
  return value.optional().catch(undefined);
}

const addresses = z
  .array(optional(emailAddress))
  .catch([])
  .transform((list) => list.filter((address) => address !== undefined));

const outlineReport = z.object({
  to: addresses,
  cc: addresses,
  failures_to: addresses,
  settle: duration.prefault(DEFAULTS.settle).catch(durationMs(DEFAULTS.settle)),
});

const outlineAgreement = z.object({
  agreement: agreementId,
  title: optional(oneLine),
  timezone: optional(timezone),
  effective_from: optional(date),
  report: outlineReport.catch(outlineReport.parse({})),
});

const outlineFile = z
  .object({
    timezone: timezone.catch(DEFAULTS.timezone),
    history_start: date.catch("1970-01-01"),
    agreements: z.array(optional(outlineAgreement)).catch([]),
  })
  .catch({ timezone: DEFAULTS.timezone, history_start: "1970-01-01", agreements: [] });

function toOutline(
  { agreement, title, timezone: zone, effective_from, report }: z.output<typeof outlineAgreement>,
  file: z.output<typeof outlineFile>,
): AgreementOutline {
  const { to, cc, failures_to, settle } = report;
  return {
    id: agreement,
    title: title ?? agreement,
    timezone: zone ?? file.timezone,
    effectiveFrom: effective_from ?? file.history_start,
    report: { to, cc, failuresTo: failures_to, settleMs: settle },
  };
}
