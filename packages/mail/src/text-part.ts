import type { MailWords } from "@runledger/wording";
import type { Digest } from "./digest.ts";
import type { IncidentLine } from "./incident-line.ts";
import type { Line, Truncated } from "./truncated.ts";
import type { ObjectiveLine } from "./objective-line.ts";

/** Mail programs and terminals show 78 columns without breaking lines. */
const lineLength = 78;

/** The text part: what the HTML says, in lines of at most 78 characters. */
export function mailText(digest: Digest): string {
  const { language, revision, concerns, objectives, sinceLastWeek, incidents, exclusions, notes } = digest;
  const { mail, notation } = language;
  const { headings } = mail;
  const section = (heading: string, lines: readonly string[], omitted = 0): Lines => {
    if (lines.length === 0) return [];
    const more = omitted === 0 ? [] : [mail.more(omitted)];
    return [heading.toLocaleUpperCase(notation.locale), "-".repeat(heading.length), ...lines, ...more];
  };
  const list = (heading: string, listing: Truncated<Line> | null): Lines =>
    listing === null ? [] : section(heading, listing.items.map(lineText), listing.omitted);
  const blocks: Lines[] = [
    [digest.headline.toLocaleUpperCase(notation.locale), ...(revision === null ? [] : [revision.replaces])],
    [digest.title, `${digest.customer} · ${digest.period}`],
    revision === null ? [] : list(revision.heading, revision.changes),
    section(headings.concerns, concerns.items.flatMap(concern), concerns.omitted),
    section(headings.objectives, table(objectives.items, mail.columns), objectives.omitted),
    list(headings.sinceLastWeek, sinceLastWeek),
    section(digest.chart.heading, [digest.chart.alt]),
    section(
      headings.incidents,
      incidents.items.length === 0 ? [mail.noIncidents] : incidents.items.flatMap(incident),
      incidents.omitted,
    ),
    list(headings.exclusions, exclusions),
    list(headings.notes, notes),
    [...digest.provenance.map(([name, value]) => `${name}: ${value}`), digest.workbook],
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.flatMap(wrapped).join("\n"));
  // An address is never broken, however long.
  return `${text.join("\n\n")}\n${mail.unsubscribe}: ${digest.unsubscribeUrl}\n`;
}

type Lines = readonly string[];

function lineText({ lead, rest }: Line): string {
  return lead === null ? rest : `* ${lead}: ${rest}`;
}

function concern(objective: ObjectiveLine): string[] {
  return [
    `* ${objective.id} (${objective.pipeline}): ${objective.verdictLabel}`,
    `  ${objective.standing}`,
    `  ${objective.reason}`,
    ...(objective.cause === null ? [] : [`  ${objective.cause}`]),
    `  ${objective.definition}`,
  ];
}

function incident({ objective, pipeline, when, what, error }: IncidentLine): string[] {
  return [
    `* ${objective} (${pipeline})`,
    `  ${when}`,
    `  ${what}`,
    ...(error === null ? [] : [`  ${error}`]),
  ];
}

/** Right-aligned figures between names and verdicts; a name that finds no room takes a line of its own. */
function table(objectives: readonly ObjectiveLine[], columns: MailWords["columns"]): string[] {
  const names = [columns.objective, ...objectives.map(({ id }) => id)];
  const figures = (["attained", "target", "fourWeeks", "change"] as const).map((figure) =>
    padded([columns[figure], ...objectives.map((objective) => objective[figure])], "padStart"),
  );
  const verdicts = [columns.verdict, ...objectives.map(({ verdictLabel }) => verdictLabel)];
  const rests = names.map((_, row) => [...figures, verdicts].map((column) => column[row]).join("  "));
  const mostName = lineLength - 2 - Math.max(...rests.map((rest) => rest.length));
  const shortNames = padded(
    names.map((name) => (name.length > mostName ? "" : name)),
    "padEnd",
  );
  return names.flatMap((name, row) => [
    ...(name.length > mostName ? [name] : []),
    `${shortNames[row]}  ${rests[row]}`,
  ]);
}

function padded(cells: readonly string[], pad: "padStart" | "padEnd"): string[] {
  const width = Math.max(...cells.map((cell) => cell.length));
  return cells.map((cell) => cell[pad](width));
}

/** Breaks a line at spaces, or within a word that is longer than a line; what follows is indented like it. */
function wrapped(line: string): string[] {
  if (line.length <= lineLength) return [line];
  const indent = /^(?:[*-] | *)/.exec(line)?.[0].length ?? 0;
  const space = line.lastIndexOf(" ", lineLength);
  const cut = space > indent ? space : lineLength;
  return [line.slice(0, cut), ...wrapped(" ".repeat(indent) + line.slice(cut).trimStart())];
}
