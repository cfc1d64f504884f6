import { ConfigError, parseConfig, type RunledgerConfig } from "../src/index.ts";

export const HEAD = `version: 1
history_start: 2026-01-01
pipelines:
  - { uuid: 7b1c0f7e-0000-4000-8000-000000000001, name: orders }
`;

const HOLIDAYS = `BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260101
SUMMARY:Neujahr
END:VEVENT
END:VCALENDAR
`;

/** A configuration whose only agreement, from line 5 on, has these objectives: one flow mapping a line. */
export function withObjectives(...objectives: string[]): string {
  return `${HEAD}agreements:
  - agreement: daily
    title: Daily
    objectives:
${objectives.map((objective) => `      - ${objective}\n`).join("")}`;
}

/** A configuration whose only agreement has one objective and this line (line 9). */
export function withAgreementLine(line: string): string {
  return `${withObjectives("{ id: ok, pipeline: orders, success: {}, target: 98% }")}    ${line}\n`;
}

/** Every holiday calendar that `text` names exists, but for `missing.ics`. */
export function parse(text: string): Promise<RunledgerConfig> {
  return parseConfig(text, "runledger.yaml", (path) =>
    path.endsWith("missing.ics") ? Promise.reject(new Error("gone")) : Promise.resolve(HOLIDAYS),
  );
}

/** The problems as the user sees them: `line:column message`. Empty when the text is in order. */
export async function problemsOf(text: string): Promise<string[]> {
  try {
    await parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(
      ({ position, message }) => `${position ? `${position.line}:${position.column}` : "file"} ${message}`,
    );
  }
}
