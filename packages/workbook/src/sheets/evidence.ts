import type { ObjectiveResult, WeeklyReport } from "@runledger/sla";
import { numbersOf, type Numbers } from "./reference-numbers.ts";
import { evidenceOfKind, type EvidenceSheet, type Recount, type Recounter } from "./recount.ts";
import { tableName } from "./sheet.ts";

/** Where the rows are that prove each objective's figures, and what counting them again gives. */
export interface Evidence {
  /** The sheets that share the runs, at least one. */
  runSheets: readonly RunSheet[];
  /** By objective. */
  of: ReadonlyMap<string, ObjectiveEvidence>;
  numbers: Numbers;
}

export interface RunSheet {
  name: string;
  /** Which of the runs, in their order: `[from, to)`. */
  from: number;
  to: number;
}

interface ObjectiveEvidence {
  /** Defined name of the rows. */
  name: string;
  rows: Rows;
  /** `null` where the rows cannot tell. */
  recount: Recount | null;
}

/** Rows of a sheet, the first and the last of them; row 1, the header, where there is none. */
interface Rows {
  sheet: string;
  first: number;
  last: number;
  count: number;
}

/** Goes through the runs once. */
export function gatherEvidence(report: WeeklyReport, rowsPerSheet: number): Evidence {
  const { objectives, deadlines, freshnessGaps } = report;
  const recounters = new Map(
    objectives.map((objective) => {
      const { recounter } = evidenceOfKind(objective.terms);
      return [objective.id, recounter(objective.terms, objective, report)];
    }),
  );
  const { count, spans } = examineRuns(report, recounters);
  const runSheets = splitRuns(count, rowsPerSheet);
  const runTables = runSheets.map(({ name }) => tableName(name));

  const rowsOf = {
    Runs: ({ pipelineUuid }) => runRows(runSheets, spans.get(pipelineUuid)),
    Deadlines: ({ id }) => listRows("Deadlines", spanOf(deadlines, id)),
    Freshness: ({ id }) => listRows("Freshness", spanOf(freshnessGaps, id)),
  } satisfies Record<EvidenceSheet, (objective: ObjectiveResult) => Rows>;
  const names = definedNames("Evidence", objectives);
  return {
    runSheets,
    numbers: numbersOf(report),
    of: new Map(
      objectives.map((objective) => {
        const recount = recounters.get(objective.id)?.finish(runTables) ?? null;
        return [
          objective.id,
          { name: names(objective), rows: rowsOf[evidenceOfKind(objective).sheet](objective), recount },
        ];
      }),
    ),
  };
}

/**
 * Defined names of the objectives: letters, digits, `.` and `_`. They know no difference of case, `-` becomes `_`, and
 * Excel takes no more than 255 characters: those that would be the same are numbered.
 */
export function definedNames(
  prefix: string,
  objectives: readonly Pick<ObjectiveResult, "id">[],
): (objective: Pick<ObjectiveResult, "id">) => string {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id } of objectives) {
    const plain = `${prefix}_${id.replaceAll("-", "_")}`.slice(0, 240);
    let name = plain;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${plain}_${number}`;
    taken.add(name.toLowerCase());
    names.set(id, name);
  }
  return ({ id }) => names.get(id) ?? `${prefix}_`;
}

/** Positions in a list: `[from, to)`. */
interface Span {
  from: number;
  to: number;
}

/** Counts the runs for every objective and finds where each pipeline's are. */
function examineRuns(
  { runs, objectives }: WeeklyReport,
  recounters: ReadonlyMap<string, Recounter>,
): { count: number; spans: ReadonlyMap<string, Span> } {
  const byPipeline = Map.groupBy(objectives, ({ pipelineUuid }) => pipelineUuid);
  const spans = new Map<string, Span>();
  let count = 0;
  for (const run of runs) {
    const span = spans.get(run.pipelineUuid);
    if (span === undefined) spans.set(run.pipelineUuid, { from: count, to: count + 1 });
    else span.to = count + 1;
    for (const { id } of byPipeline.get(run.pipelineUuid) ?? []) recounters.get(id)?.add(run);
    count += 1;
  }
  return { count, spans };
}

function splitRuns(count: number, rowsPerSheet: number): RunSheet[] {
  return Array.from({ length: Math.max(1, Math.ceil(count / rowsPerSheet)) }, (_, index) => ({
    name: index === 0 ? "Runs" : `Runs ${index + 1}`,
    from: index * rowsPerSheet,
    to: Math.min(count, (index + 1) * rowsPerSheet),
  }));
}

/** A pipeline's rows on the first of the sheets that has any. */
function runRows(runSheets: readonly RunSheet[], span: Span = { from: 0, to: 0 }): Rows {
  const home = runSheets.find(({ from, to }) => from <= span.from && span.from < to);
  if (home === undefined) return listRows("Runs", span);
  const { from, to } = { from: span.from - home.from, to: Math.min(span.to, home.to) - home.from };
  return { ...listRows(home.name, { from, to }), count: span.to - span.from };
}

function spanOf(rows: readonly { objective: string }[], objective: string): Span {
  const from = rows.findIndex((row) => row.objective === objective);
  const to = rows.findLastIndex((row) => row.objective === objective) + 1;
  return from === -1 ? { from: 0, to: 0 } : { from, to };
}

function listRows(sheet: string, { from, to }: Span): Rows {
  const count = to - from;
  return count === 0 ? { sheet, first: 1, last: 1, count } : { sheet, first: from + 2, last: to + 1, count };
}
