import { readFile as readFileFromDisk } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { RunledgerConfig } from "./config.ts";
import { crossCheck } from "./cross-checks.ts";
import { explain } from "./problems/issue-text.ts";
import { readHolidays } from "./holidays/read-holidays.ts";
import { findingsOf } from "./problems/issues.ts";
import { ConfigError, type Finding } from "./problems/problems.ts";
import { configSchema, type WrittenConfig } from "./schema.ts";
import { readSource } from "./source.ts";
import { toConfig } from "./to-config.ts";
import { clockProblems, warningsOf } from "./warnings.ts";

const HOW_TO_START = "start from the example: cp runledger.example.yaml runledger.yaml";

/**
 * Reads the configuration at `path` and the holiday calendars it names.
 *
 * @throws {ConfigError} when the file cannot be read or anything in it is wrong.
 */
export async function loadConfig(path: string, now = new Date()): Promise<RunledgerConfig> {
  return parseConfig(await readConfigFile(path), path, readText, now);
}

/**
 * Checks a configuration as a whole.
 *
 * @param file The path that messages name and that holiday calendars are relative to.
 * @param now What lies after it has not been.
 * @param readFile Gives the text of a holiday calendar by its resolved path; from disk by default.
 * @throws {ConfigError} with every problem found.
 */
export async function parseConfig(
  text: string,
  file: string,
  readFile: (path: string) => Promise<string> = readText,
  now = new Date(),
): Promise<RunledgerConfig> {
  const source = readSource(text, file);
  if (source.value === undefined) throw new ConfigError(source.problems);
  if (source.value === null) throw wholeFile(file, `the file is empty; ${HOW_TO_START}`);

  const parsed = configSchema.safeParse(source.value, { error: explain });
  const holidays = await readHolidays(source.value, (path) => readFile(resolve(dirname(file), path)));
  const findings = [
    ...findingsOf(parsed.error?.issues ?? []),
    ...crossCheck(source.value),
    ...holidays.findings,
    ...(parsed.success ? [...clockProblems(parsed.data), ...historyProblems(parsed.data, now)] : []),
  ];
  const inCalendars = holidays.problems.map((problem) => ({ ...problem, file: besides(file, problem.file) }));
  const problems = [...source.problems, ...findings.map(source.locate), ...inCalendars];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);

  return toConfig(parsed.data, {
    file,
    holidays: holidays.calendars,
    warnings: [...warningsOf(parsed.data), ...holidays.warnings].map(source.locate),
    lineOf: (agreement, exclusion) =>
      source.positionOf(["agreements", agreement, "exclusions", exclusion]).line,
  });
}

/** The path of a calendar from where the configuration's own is read, so that both can be opened from there. */
function besides(file: string, calendar: string): string {
  const folder = dirname(file);
  return folder === "." || isAbsolute(calendar) ? calendar : join(folder, calendar);
}

function historyProblems({ history_start: start }: WrittenConfig, now: Date): Finding[] {
  const today = now.toISOString().slice(0, 10);
  if (start <= today) return [];
  const message = `the history would start in the future: write a day up to today, ${today}, such as the first to report on`;
  return [{ path: ["history_start"], at: "value", message }];
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return decoded(await readFileFromDisk(path), path);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw wholeFile(
      path,
      isMissing ? `there is no such file; ${HOW_TO_START}` : `cannot be read: ${String(cause)}`,
      { cause },
    );
  }
}

/** A byte order mark stays: it has a column. */
function decoded(bytes: Uint8Array, path: string): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // Said below, as of a file with zeroes in it.
  }
  throw wholeFile(path, "it is not a text file in UTF-8");
}

function readText(path: string): Promise<string> {
  return readFileFromDisk(path, "utf8");
}

function wholeFile(file: string, message: string, options?: ErrorOptions): ConfigError {
  return new ConfigError([{ file, position: null, message }], options);
}
