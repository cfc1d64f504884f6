import { exitCode, printResult, UsageError, type Context, type ExitCode, type Line } from "@runledger/cli";
import type { RunledgerConfig } from "@runledger/config";
import { ConfigurationError } from "@runledger/ylem-client";
import { dayOf } from "../sync/windows/days.ts";
import { checkApi } from "../doctor/check-api.ts";
import { checkClock } from "../doctor/check-clock.ts";
import { checkConfig } from "../doctor/check-config.ts";
import { checkDatabase } from "../doctor/check-database.ts";
import { checkMail } from "../doctor/check-mail.ts";
import { problem, type Finding } from "../doctor/finding.ts";
import type { DoctorDocument } from "../sync/sync-documents.ts";
import { createYlemClient, type YlemContext } from "../sync/ylem.ts";

/** Checks all that a sync depends on, starts nothing and changes nothing, and says how to mend what is wrong. */
export async function doctor(context: YlemContext): Promise<ExitCode> {
  const { environment, now, signal } = context;
  const { config, findings } = await checkConfig(environment.configPath, dayOf(now()));
  const fetch = context.ylemOptions?.fetch ?? globalThis.fetch;
  const others = await Promise.all([
    checkYlem(context, config),
    checkClock(environment.ylem.baseUrl, { fetch, now, signal }),
    checkDatabase(environment.databaseUrl),
    checkMail(environment),
  ]);
  const all = [...findings, ...others.flat()];
  say(context, all);
  return codeOf(all);
}

async function checkYlem(context: YlemContext, config: RunledgerConfig | null): Promise<Finding[]> {
  try {
    const client = createYlemClient(context, () => {});
    try {
      return await checkApi(client, config?.pipelines ?? [], context.signal);
    } finally {
      await client.close();
    }
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigurationError)) {
      throw error;
    }
    const mend = "Set YLEM_CLIENT_ID and YLEM_CLIENT_SECRET, and correct what is named.";
    return [problem("credentials", error.message, { mend, lies: "in the set-up" })];
  }
}

function codeOf(findings: readonly Finding[]): ExitCode {
  const problems = findings.filter((finding) => finding.state === "problem");
  if (problems.some((finding) => finding.lies === "in the set-up")) {
    return exitCode.usage;
  }
  return problems.length > 0 ? exitCode.partial : exitCode.done;
}

const MARKS = {
  ok: { text: "✔", style: "green" },
  warning: { text: "!", style: "yellow" },
  problem: { text: "✖", style: "red" },
} as const;

function say(context: Context, findings: readonly Finding[]): void {
  printResult<DoctorDocument>(context, {
    document: () => ({
      checks: findings.map(({ check, state, text, mend }) => ({ check, state, text, mend })),
    }),
    lines: () => {
      const width = Math.max(...findings.map((finding) => finding.check.length));
      return findings.flatMap((finding) => linesOf(finding, width));
    },
  });
}

function linesOf({ check, state, text, mend }: Finding, width: number): Line[] {
  const [first = "", ...more] = [...text.split("\n"), ...(mend === null ? [] : [`→ ${mend}`])];
  return [
    [MARKS[state], ` ${check.padEnd(width)}  ${first}`],
    ...more.map((line) => `${" ".repeat(width + 4)}${line}`),
  ];
}
