import {
  DEADLINE_COUNTS,
  DEADLINE_STATUSES,
  type DeadlineStatus,
  type ObjectiveKind,
  type ObjectiveResult,
  type RunEvidence,
  type TermsOf,
  type WeeklyReport,
  dateOf,
} from "@runledger/sla";
import { millisecondsPerDay } from "./cell.ts";
import { serialDay, wallClockIn } from "./wall-clock.ts";

/** An objective's counts, counted again from the rows of the workbook: by a formula, and here as its result. */
export interface Recount {
  /** `null` where no row stands for what is good: freshness counts time. */
  total: Recounted | null;
  bad: Recounted;
}

interface Recounted {
  formula: string;
  result: number;
}

/** Counts an objective's runs, one by one, the way the formulas do; then says what there is. */
export interface Recounter {
  add: (run: RunEvidence) => void;
  /** `runTables` are the tables that share the runs. */
  finish: (runTables: readonly string[]) => Recount | null;
}

export type EvidenceSheet = "Runs" | "Deadlines" | "Freshness";

/** The evidence of a kind: the sheet that has its rows, and how they are counted again. */
interface KindEvidence<Kind extends ObjectiveKind> {
  sheet: EvidenceSheet;
  /** `null` from `finish`: the rows cannot tell, because the agreement was not in force yet. */
  recounter: (terms: TermsOf<Kind>, objective: ObjectiveResult, report: WeeklyReport) => Recounter;
}

export function evidenceOfKind<Kind extends ObjectiveKind>({ kind }: { kind: Kind }): KindEvidence<Kind> {
  return kinds[kind];
}

const kinds: { [Kind in ObjectiveKind]: KindEvidence<Kind> } = {
  success: {
    sheet: "Runs",
    recounter: () =>
      countRuns(
        (run) => run.isCounted,
        (run) => run.isSuccessful,
        successFormulas,
      ),
  },
  duration: {
    sheet: "Runs",
    recounter: ({ atMostMs, failed }) => {
      const limit = atMostMs / millisecondsPerDay + sliver;
      return countRuns(
        (run) => run.isCounted && (failed === "count" || run.isSuccessful),
        (run) => run.isSuccessful && run.elapsedMs / millisecondsPerDay <= limit,
        (tables) => durationFormulas(tables, atMostMs, failed),
      );
    },
  },
  deadline: {
    sheet: "Deadlines",
    recounter: (_, { id }, report) => notByRuns(recountDeadlines(id, report)),
  },
  freshness: {
    sheet: "Freshness",
    recounter: (_, { id }, report) => notByRuns(recountFreshness(id, report)),
  },
  volume: {
    sheet: "Runs",
    recounter: (terms, { verdict }, report) =>
      verdict === "not_in_force" ? notByRuns(null) : countDays(terms, report),
  },
};

/** In days, just under a microsecond: durations and limits are binary fractions, so equal ones may differ by less. */
const sliver = 1e-11;

function countRuns(
  isCounted: (run: RunEvidence) => boolean,
  isGood: (run: RunEvidence) => boolean,
  formulas: (runTables: readonly string[]) => { total: string; bad: string },
): Recounter {
  let total = 0;
  let bad = 0;
  return {
    add: (run) => {
      if (!isCounted(run)) return;
      total += 1;
      if (!isGood(run)) bad += 1;
    },
    finish: (runTables) => {
      const formula = formulas(runTables);
      return { total: { formula: formula.total, result: total }, bad: { formula: formula.bad, result: bad } };
    },
  };
}

function successFormulas(tables: readonly string[]) {
  return {
    total: countRows(tables, ofPipeline, counted),
    bad: countRows(tables, ofPipeline, counted, ["State", '"failed"']),
  };
}

function durationFormulas(tables: readonly string[], atMostMs: number, failed: "count" | "exclude") {
  const inTime: Criterion = [
    "Duration",
    `"<="&(${atMostMs}/${millisecondsPerDay}+${sliver.toExponential()})`,
  ];
  const total =
    failed === "count"
      ? countRows(tables, ofPipeline, counted)
      : countRows(tables, ofPipeline, counted, successful);
  return { total, bad: `${total}-(${countRows(tables, ofPipeline, counted, successful, inTime)})` };
}

/** Days with enough successful runs, excluded ones too, by the date on which each finished. */
function countDays(
  { atLeast, days }: { atLeast: number; days: readonly string[] },
  { week }: WeeklyReport,
): Recounter {
  const wallClock = wallClockIn(week.timezone);
  const successes = new Map(days.map((day) => [serialDay(day), 0]));
  return {
    add: ({ isSuccessful, finishedAt }) => {
      const day = Math.floor(wallClock(dateOf(finishedAt)));
      const known = successes.get(day);
      if (isSuccessful && known !== undefined) successes.set(day, known + 1);
    },
    finish: (tables) => {
      if (days.length === 0) return { total: null, bad: { formula: "0", result: 0 } };
      const dates = `{${days.map(serialDay).join(";")}}`;
      const enough = countRows(
        tables,
        ofPipeline,
        successful,
        ["Finished", `">="&${dates}`],
        ["Finished", `"<"&${dates}+1`],
      );
      return {
        total: null,
        bad: {
          formula: `${days.length}-SUMPRODUCT(--(${enough}>=${atLeast}))`,
          result: Array.from(successes.values()).filter((count) => count < atLeast).length,
        },
      };
    },
  };
}

function notByRuns(recount: Recount | null): Recounter {
  return { add: () => {}, finish: () => recount };
}

function recountDeadlines(objective: string, { deadlines }: WeeklyReport): Recount {
  const counting = (statuses: readonly DeadlineStatus[]): Recounted => ({
    formula: `SUM(COUNTIFS(Deadlines[Objective number],${thisRow("Objective number")},Deadlines[Status],{${statuses.map((status) => `"${status}"`).join(",")}}))`,
    result: deadlines.filter((day) => day.objective === objective && statuses.includes(day.status)).length,
  });
  return {
    total: counting(DEADLINE_STATUSES.filter((status) => DEADLINE_COUNTS[status] !== null)),
    bad: counting(DEADLINE_STATUSES.filter((status) => DEADLINE_COUNTS[status] === "bad")),
  };
}

function recountFreshness(objective: string, { freshnessGaps }: WeeklyReport): Recount {
  const breachMs = freshnessGaps
    .filter((gap) => gap.objective === objective)
    .reduce((sum, gap) => sum + gap.breachMs, 0);
  const breach = `SUMIFS(Freshness[Breach],Freshness[Objective number],${thisRow("Objective number")})`;
  return { total: null, bad: { formula: `ROUND(${breach}*86400,6)`, result: breachMs / 1000 } };
}

/** Text from outside is never a test: see `numbers.ts`. */
type Criterion = readonly [column: string, test: string];

const ofPipeline: Criterion = ["Pipeline number", thisRow("Pipeline number")];
const counted: Criterion = ["Counted", '"yes"'];
const successful: Criterion = ["State", '"successful"'];

function countRows(tables: readonly string[], ...criteria: Criterion[]): string {
  return tables
    .map((table) => `COUNTIFS(${criteria.map(([column, test]) => `${table}[${column}],${test}`).join(",")})`)
    .join("+");
}

function thisRow(column: string): string {
  return `Objectives[[#This Row],[${column}]]`;
}
