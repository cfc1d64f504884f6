import type { Digest, IncidentLine, ObjectiveLine } from "./digest.ts";

/** Mail programs and terminals show 78 columns without breaking lines. */
const lineLength = 78;

/** The text part: what the HTML says, in lines of at most 78 characters. */
export function mailText(digest: Digest): string {
  const blocks = [
    [
      digest.title,
      `${digest.customer} · ${digest.period}`,
      "",
      digest.headline.toUpperCase(),
      digest.revised,
    ],
    section("Needs attention", [...digest.concerns.flatMap(concern), more(digest.omitted.concerns)]),
    section("All objectives", [...table(digest.objectives), more(digest.omitted.objectives)]),
    section("Incidents", [...incidents(digest.incidents), more(digest.omitted.incidents)]),
    section("About the data", [...digest.notes.map((note) => `- ${note}`), more(digest.omitted.notes)]),
    [
      ...digest.provenance.map(([name, value]) => `${name}: ${value}`),
      "Everything behind these figures is in the attached workbook.",
      'To stop these mails, reply with the subject "unsubscribe".',
    ],
  ];
  return `${blocks
    .map((block) =>
      block
        .filter((line) => line !== null)
        .flatMap(wrapped)
        .join("\n"),
    )
    .filter((block) => block !== "")
    .join("\n\n")}\n`;
}

type Lines = readonly (string | null)[];

function section(heading: string, lines: Lines): Lines {
  return lines.some((line) => line !== null)
    ? [heading.toUpperCase(), "-".repeat(heading.length), ...lines]
    : [];
}

function concern(objective: ObjectiveLine): string[] {
  return [
    `* ${objective.id} (${objective.pipeline}): ${objective.verdictLabel}`,
    `  ${objective.standing}`,
    `  ${objective.reason}`,
  ];
}

function incidents(lines: readonly IncidentLine[]): string[] {
  if (lines.length === 0) return ["None this week."];
  return lines.flatMap(({ objective, pipeline, when, what, error }) => [
    `* ${objective} (${pipeline})`,
    `  ${when}`,
    `  ${what}`,
    ...(error === null ? [] : [`  ${error}`]),
  ]);
}

const names = { heading: "Objective", cell: ({ id }: ObjectiveLine) => id };
const figures = [
  { heading: "Attained", cell: ({ attained }: ObjectiveLine) => attained },
  { heading: "Target", cell: ({ target }: ObjectiveLine) => target },
  { heading: "4 weeks", cell: ({ fourWeeks }: ObjectiveLine) => fourWeeks },
  { heading: "Change", cell: ({ change }: ObjectiveLine) => change },
];
const verdicts = { heading: "Verdict", cell: ({ verdictLabel }: ObjectiveLine) => verdictLabel };
/** The figures and the longest verdict leave this much; a longer name takes a line of its own. */
const mostName = 24;

/** Right-aligned figures between names and verdicts. */
function table(objectives: readonly ObjectiveLine[]): string[] {
  const cellsOf = ({ heading, cell }: typeof names) => [heading, ...objectives.map(cell)];
  const nameCells = cellsOf(names);
  const shortNames = nameCells.map((name) => (name.length > mostName ? "" : name));
  const columns = [
    padded(shortNames, "padEnd"),
    ...figures.map((figure) => padded(cellsOf(figure), "padStart")),
    cellsOf(verdicts),
  ];
  return nameCells.flatMap((name, row) => {
    const line = columns.map((column) => column[row]).join("  ");
    return name.length > mostName ? [name, line] : [line];
  });
}

function padded(cells: readonly string[], pad: "padStart" | "padEnd"): string[] {
  const width = Math.max(...cells.map((cell) => cell.length));
  return cells.map((cell) => cell[pad](width));
}

function more(count: number): string | null {
  return count === 0 ? null : `… and ${count} more in the workbook`;
}

/** Breaks a line at spaces, or within a word that is longer than a line; what follows is indented like it. */
function wrapped(line: string): string[] {
  if (line.length <= lineLength) return [line];
  const indent = /^(?:[*-] | *)/.exec(line)?.[0].length ?? 0;
  const space = line.lastIndexOf(" ", lineLength);
  const cut = space > indent ? space : lineLength;
  return [line.slice(0, cut), ...wrapped(" ".repeat(indent) + line.slice(cut).trimStart())];
}
