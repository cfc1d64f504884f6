import {
  inRolledBackTransaction,
  inTransaction,
  parseStored,
  type History,
  type HistoryTransaction,
  type StoredPlace,
} from "@runledger/history";
import { sql } from "kysely";
import {
  type ExcludedTime,
  type FigureChange,
  type Figures,
  type ObjectiveResult,
  type RevisionCause,
  type Share,
  STORED_FIGURES,
  type WeeklyReport,
  changesBetween,
  isScored,
} from "@runledger/sla";
import { english } from "@runledger/wording";
import { contentHashLike, contentHashOf, isInForm1 } from "./content-hash.ts";
import { excludedTimes, inWords, wordsOf } from "./printed-words.ts";
import { causesBetween, isSameReport, type Basis } from "./revision-cause.ts";
import { printedWords, reportInputs, revisionCauses } from "./stored-report.ts";
import { storeIncidents } from "./store-incidents.ts";

/** A week that is not closed yet is printed with this number, and stored until the first revision takes its place. */
const PROVISIONAL = 0;

/**
 * Numbers a report and stores its figures for SQL users. A closed week whose printed figures are those of its latest
 * revision is that revision again, as it was printed; otherwise it becomes the next one.
 */
export async function storeRevision(
  history: History,
  report: WeeklyReport,
  isClosed: boolean,
): Promise<WeeklyReport> {
  return inTransaction(history, (transaction) => numberAndStore(transaction, report, isClosed));
}

/** The report as `storeRevision` would number it now; nothing is stored. */
export async function foreseeRevision(
  history: History,
  report: WeeklyReport,
  isClosed: boolean,
): Promise<WeeklyReport> {
  return inRolledBackTransaction(history, (transaction) => numberAndStore(transaction, report, isClosed));
}

async function numberAndStore(
  transaction: HistoryTransaction,
  report: WeeklyReport,
  isClosed: boolean,
): Promise<WeeklyReport> {
  await lockWeek(transaction, report);
  const latest = await readRevision(transaction, report, "latest");
  const contentHash = contentHashOf(report);
  const basis = {
    ...report,
    contentHash:
      latest !== undefined && isInForm1(latest.contentHash)
        ? contentHashLike(latest.contentHash, report)
        : contentHash,
    printed: wordsOf(report),
  };
  if (latest !== undefined && isSameReport(latest, basis)) {
    // Earlier weeks may have been reported since, with incidents that this one saw close.
    await storeIncidents(transaction, report);
    return withChanges(transaction, asPrinted(report, latest), latest.contentHash);
  }
  const first = latest && (await readRevision(transaction, report, "first"));
  const numbered = {
    ...report,
    revision: isClosed ? (latest?.revision ?? PROVISIONAL) + 1 : PROVISIONAL,
    exclusions: flagged(report.exclusions, first),
    causes: isClosed && latest !== undefined ? causesBetween(latest, basis) : [],
  };
  await storeResults(transaction, numbered);
  if (isClosed) {
    await storeReport(transaction, numbered, contentHash);
  }
  await storeIncidents(transaction, numbered);
  return withChanges(transaction, numbered, contentHash);
}

/**
 * Two machines that report the same week at once take turns, so that they agree on its number: whoever writes the week's
 * row has it until the transaction ends.
 */
async function lockWeek({ db }: HistoryTransaction, { agreement, week }: WeeklyReport): Promise<void> {
  await db
    .insertInto("report_turns")
    .values({ agreement: agreement.id, week: week.id })
    .onConflict((conflict) => conflict.constraint("report_turns_pkey").doUpdateSet({ taken_at: sql`now()` }))
    .execute();
}

/** A stored revision. What came to be kept later is `null` in those that are older. */
interface StoredRevision
  extends
    Basis,
    Pick<WeeklyReport, "revision" | "asOf" | "dataThrough" | "softwareVersion" | "timeZoneDatabase"> {
  causes: RevisionCause[] | null;
}

async function readRevision(
  { db }: HistoryTransaction,
  { agreement, week }: WeeklyReport,
  which: "first" | "latest",
): Promise<StoredRevision | undefined> {
  const row = await db
    .selectFrom("reports")
    .select([
      "revision",
      "as_of as asOf",
      "data_through as dataThrough",
      "definition_hash as definitionHash",
      "software_version as softwareVersion",
      "time_zone_database as timeZoneDatabase",
      "content_hash as contentHash",
      "causes",
      "inputs",
      "printed",
    ])
    .where("agreement", "=", agreement.id)
    .where("week", "=", week.id)
    .orderBy("revision", which === "first" ? "asc" : "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const place = (column: string) => placeOf({ agreement, week, revision: row.revision }, column);
  return {
    ...row,
    causes: parseStored(revisionCauses.nullable(), row.causes, place("causes")),
    inputs: parseStored(reportInputs.nullable(), row.inputs, place("inputs")),
    printed: parseStored(printedWords.nullable(), row.printed, place("printed")),
  };
}

function placeOf(
  { agreement, week, revision }: Pick<WeeklyReport, "agreement" | "week" | "revision">,
  column: string,
): StoredPlace {
  const row = `revision ${revision} of ${week.id} for agreement ${agreement.id}`;
  return { name: `${column} of ${row} (runledger.reports)`, remedy: "restore that row from a backup" };
}

/** The figures are the same; what was printed around them is taken from the first time. */
function asPrinted(report: WeeklyReport, stored: StoredRevision): WeeklyReport {
  const { revision, asOf, dataThrough, definitionHash, softwareVersion, timeZoneDatabase, printed } = stored;
  const told = { revision, asOf, dataThrough, definitionHash, softwareVersion, timeZoneDatabase };
  const numbered = { ...report, ...told, causes: stored.causes ?? [] };
  return printed === null ? numbered : inWords(numbered, printed);
}

/** Excluded times that the first revision did not have were entered after the fact. */
function flagged(times: readonly ExcludedTime[], first: StoredRevision | undefined): ExcludedTime[] {
  const known = first?.printed && new Set(excludedTimes(first.printed).map(spanOf));
  return times.map((time) => ({ ...time, isRetroactive: known ? !known.has(spanOf(time)) : false }));
}

function spanOf({ start, end }: ExcludedTime): string {
  return `${start.toISOString()} ${end.toISOString()}`;
}

/** A report with what its revision changed: its stored figures beside those of the one before. */
async function withChanges(
  transaction: HistoryTransaction,
  report: WeeklyReport,
  contentHash: string,
): Promise<WeeklyReport> {
  if (report.revision < 2) return report;
  return { ...report, changes: await readChanges(transaction, report, contentHash) };
}

async function readChanges(
  transaction: HistoryTransaction,
  report: WeeklyReport,
  contentHash: string,
): Promise<FigureChange[]> {
  const { agreement, week, revision, objectives } = report;
  const rows = await transaction.db
    .selectFrom("sla_results")
    .select(["revision", "objective", ...STORED_FIGURES])
    .where("agreement", "=", agreement.id)
    .where("week", "=", week.id)
    .where("revision", "in", [revision - 1, revision])
    .execute();
  const order = objectives.map(({ id }) => id);
  const inOrder = rows.toSorted((a, b) => order.indexOf(a.objective) - order.indexOf(b.objective));
  // Of its means a revision in the first form does not tell whether they changed.
  const before = isInForm1(contentHash) ? null : await readObjectives(transaction, report, revision - 1);
  const figuresOf = (number: number, printed: readonly ObjectiveResult[]): Figures[] => {
    const means = new Map(printed.map(({ id, recovery }) => [id, recovery]));
    return inOrder
      .filter((row) => row.revision === number)
      .map((row) => ({
        ...row,
        mean_time_to_recover: means.get(row.objective)?.meanTimeToRecoverMs ?? null,
        mean_time_between_failures: means.get(row.objective)?.meanTimeBetweenFailuresMs ?? null,
      }));
  };
  return changesBetween(
    figuresOf(revision - 1, before ?? []),
    figuresOf(revision, before === null ? [] : objectives),
  );
}

/** An earlier revision's objectives as it printed them; `null` where it did not keep them. */
async function readObjectives(
  { db }: HistoryTransaction,
  { agreement, week }: WeeklyReport,
  revision: number,
): Promise<readonly ObjectiveResult[] | null> {
  const row = await db
    .selectFrom("reports")
    .select("printed")
    .where("agreement", "=", agreement.id)
    .where("week", "=", week.id)
    .where("revision", "=", revision)
    .executeTakeFirst();
  const place = placeOf({ agreement, week, revision }, "printed");
  return parseStored(printedWords.nullable(), row?.printed ?? null, place)?.objectives ?? null;
}

async function storeReport(
  { db }: HistoryTransaction,
  report: WeeklyReport,
  contentHash: string,
): Promise<void> {
  await db
    .insertInto("reports")
    .values({
      agreement: report.agreement.id,
      week: report.week.id,
      revision: report.revision,
      as_of: report.asOf,
      data_through: report.dataThrough,
      definition_hash: report.definitionHash,
      content_hash: contentHash,
      software_version: report.softwareVersion,
      time_zone_database: report.timeZoneDatabase,
      notes: report.notes.map(english.note),
      causes: report.revision === 1 ? null : [...report.causes],
      inputs: JSON.stringify(report.inputs),
      printed: JSON.stringify(wordsOf(report)),
    })
    .execute();
}

async function storeResults({ db }: HistoryTransaction, report: WeeklyReport): Promise<void> {
  await db
    .deleteFrom("sla_results")
    .where("agreement", "=", report.agreement.id)
    .where("week", "=", report.week.id)
    .where("revision", "=", PROVISIONAL)
    .execute();
  const rows = report.objectives.map((objective) => toResultRow(report, objective));
  // A statement may have 65,535 parameters.
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await db
      .insertInto("sla_results")
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
  }
}

const ROWS_AT_ONCE = 1000;

function toResultRow(report: WeeklyReport, objective: ObjectiveResult) {
  return {
    agreement: report.agreement.id,
    week: report.week.id,
    revision: report.revision,
    objective: objective.id,
    pipeline_uuid: objective.pipelineUuid,
    kind: objective.kind,
    target: sql<number>`trim_scale(${objective.target.numerator}::numeric / ${objective.target.denominator}::numeric)`,
    good: objective.share.good,
    total: objective.share.total,
    excluded: objective.excluded,
    attained: isScored(objective) ? quotient(objective.share) : null,
    attained_raw: isScored(objective) ? quotient(objective.raw) : null,
    allowed_bad: objective.allowedBad,
    budget_left: objective.budgetLeft,
    burn_rate: objective.burnRate,
    attained_4w: quotient(objective.fourWeeks),
    verdict: objective.verdict,
    reason: english.reason(objective.reason, objective.definition),
  };
}

function quotient({ good, total }: Share): number | null {
  return total === 0 ? null : good / total;
}
