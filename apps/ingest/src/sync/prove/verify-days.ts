import { chunksOf, dayOf, daysIn, endOf, startOf, type Day, type DayRange } from "../windows/days.ts";
import type { PipelineJob } from "../pull/pipeline-job.ts";
import { OutOfPatienceError, untilOutOfPatience } from "../pull/patience.ts";
import { pullLog } from "../pull/pull-log.ts";
import { setAsideDays } from "../../store/set-aside.ts";
import { fetchPeriodStats } from "../../statistics/fetch-period-stats.ts";
import { subjectsOf, type Subject } from "../../statistics/subject.ts";
import type { LogWindow } from "../windows/windows.ts";
import { disputedDays, enterDays, firstDoubtfulDay, recordDays, type ComparedDay } from "./coverage.ts";
import {
  areSame,
  countOf,
  disagreementsOf,
  figuresOn,
  isUnsound,
  mayBeUnsound,
  provesLittle,
  type DailyFigures,
  type Disagreement,
  type Figures,
} from "../../statistics/figures.ts";
import { missingWindows } from "./missing-windows.ts";
import { leaveUnverified, wasEverSeen } from "./never-seen.ts";
import { storedByDay } from "../../statistics/stored-figures.ts";
import { daysWithMore } from "./tell-days.ts";
import { unsoundDaysToRead } from "./unsound-days.ts";

export interface VerifyOptions {
  /** Up to when the log was pulled: what is later is not missing. */
  through: Date;
  /** Whether days that disagree are pulled again. */
  repairs: boolean;
  /** Whether proven days of which nothing has changed on either side are worked out anew, or only counted. */
  isThorough: boolean;
}

/** Days that one request asks for; a year and the rest of its last month. */
const DAYS_PER_REQUEST = 400;

/** Rows can arrive while a day is being repaired; more than this is no longer chance. */
const MAX_REPAIRS = 3;

/**
 * Compares the stored rows of some days with the source's daily statistics, pulls again what disagrees, and enters
 * the result in the ledger.
 */
export async function verifyDays(job: PipelineJob, days: DayRange, options: VerifyOptions): Promise<void> {
  for (const chunk of chunksOf(days, DAYS_PER_REQUEST)) {
    await verifyChunk(job, chunk, options);
  }
}

async function verifyChunk(job: PipelineJob, range: DayRange, options: VerifyOptions): Promise<void> {
  const { history, pipelineUuid, now, tally } = job;
  const { through, repairs } = options;
  await enterDays(job, range, now());
  if (!(await wasEverSeen(job))) {
    await leaveUnverified(job);
    tally.isNeverSeen = true;
    return;
  }
  let sides = await bothSides(job, range, options);
  const wrongAtFirst = daysOf(sides.disagreements);
  const tries = repairs ? MAX_REPAIRS : 0;
  const readAgain = new Set<Day>();
  let unread: Day[] = [];
  for (let count = 0; count < tries; count += 1) {
    unread = (await unsoundDaysToRead(job, comparedDays(sides, daysIn(range)))).filter(
      (day) => !readAgain.has(day),
    );
    const { disagreements } = sides;
    const rowsNew = await untilOutOfPatience(async () => {
      const rowsRepaired = await repair(job, disagreements, through);
      return unread.length === 0
        ? rowsRepaired
        : (rowsRepaired ?? 0) + (await readDays(job, unread, options, readAgain));
    });
    if (rowsNew === null) {
      break;
    }
    sides = await bothSides(job, range, options);
    if (rowsNew === 0 || rowsNew instanceof OutOfPatienceError) {
      break;
    }
  }
  // Of an answer that could not be read nobody knows what it held, whatever the figures say.
  const aside = new Set(await setAsideDays(job));
  const doubted = new Set([...aside, ...unread.filter((day) => !readAgain.has(day))]);
  const days = comparedDays(sides, daysIn(range)).map((day) =>
    doubted.has(day.day) ? { ...day, agrees: false } : day,
  );
  await recordDays(job, days, aside, { through, now: now() });
  tally.add({
    daysVerified: days.length,
    daysRepaired: days.filter(({ day, agrees }) => agrees && wrongAtFirst.has(day)).length,
  });
  tally.disputed.push(...(await disputedDays(history, pipelineUuid, range)));
}

/** Pulls days anew, and notes each in `done`. Returns how many rows were new. */
async function readDays(
  job: PipelineJob,
  days: readonly Day[],
  { through }: VerifyOptions,
  done: Set<Day>,
): Promise<number> {
  let rowsNew = 0;
  for (const day of days) {
    rowsNew += await pullLog(job, windowOf(day, through), { movesWatermark: false });
    done.add(day);
  }
  return rowsNew;
}

/** The part of a day whose log was pulled. */
function windowOf(day: Day, through: Date): LogWindow {
  return { from: startOf(day), to: endOf(day) < through ? endOf(day) : through };
}

interface Sides {
  subjects: Subject[];
  stored: DailyFigures;
  source: DailyFigures;
  /** The days whose stored figures were worked out; those before are as the source's. */
  doubtful: DayRange | null;
  disagreements: Disagreement[];
  /** Of these, the days whose own figures agree, or say nothing, though those of other windows show missing rows. */
  told: ReadonlySet<Day>;
}

const NO_FIGURES: DailyFigures = new Map();

async function bothSides(
  job: PipelineJob,
  range: DayRange,
  { through, isThorough }: VerifyOptions,
): Promise<Sides> {
  const { history, pipelineUuid } = job;
  const period = { period: "day", from: startOf(range.first), to: endOf(range.last) } as const;
  const answers = await fetchPeriodStats(job, await subjectsOf(history, pipelineUuid), period);
  const subjects = answers.map(({ subject }) => subject);
  const source = new Map(
    answers.map(({ subject, stats }) => [subject.uuid, new Map(stats.map((day) => [dayOf(day.from), day]))]),
  );
  const first = isThorough ? range.first : await firstDoubtfulDay(history, pipelineUuid, range);
  const doubtful = first === null ? null : { first, last: range.last };
  const stored = doubtful ? await storedByDay(history, pipelineUuid, doubtful) : NO_FIGURES;
  const disagreements = doubtful ? disagreementsOf(subjects, daysIn(doubtful), stored, source) : [];
  const sides = { subjects, stored, source, disagreements, doubtful };
  const told = doubtful ? await toldDisagreements(job, daysIn(range), sides, through) : [];
  return { ...sides, disagreements: [...disagreements, ...told], told: daysOf(told) };
}

/** Days that prove little by themselves, and of which other windows show that rows of the pipeline are missing. */
async function toldDisagreements(
  job: PipelineJob,
  days: readonly Day[],
  { subjects, stored, source, doubtful, disagreements }: Omit<Sides, "told">,
  through: Date,
): Promise<Disagreement[]> {
  const pipeline = subjects.find(({ kind }) => kind === "pipeline");
  if (pipeline === undefined) {
    return [];
  }
  const wrong = daysOf(disagreements);
  const asStored = days.map((day) => {
    const isWorkedOut = doubtful !== null && day >= doubtful.first;
    const figures = figuresOn(isWorkedOut ? stored : source, pipeline, day);
    return {
      day,
      stored: figures,
      isHazy: isWorkedOut && provesLittle(figures, source.get(pipeline.uuid)?.get(day) ?? null),
      isWhole: !wrong.has(day) && endOf(day) <= through,
    };
  });
  const found = await daysWithMore(job, asStored);
  return asStored
    .filter(({ day }) => found.has(day))
    .map((day) => ({ ...day, subject: pipeline, source: figuresOn(source, pipeline, day.day) }));
}

/**
 * Pulls again where rows are missing. Returns how many rows were new; null when nothing was worth pulling, as each
 * window's own statistics agree.
 */
async function repair(
  job: PipelineJob,
  disagreements: readonly Disagreement[],
  through: Date,
): Promise<number | null> {
  let rowsNew: number | null = null;
  for (const { day, subject, source } of disagreements.toSorted(byWorth)) {
    if (rowsNew !== null && rowsNew > 0 && areSame(await storedOn(job, subject, day), source)) {
      continue;
    }
    for (const missing of await missingWindows(job, subject, windowOf(day, through))) {
      rowsNew = (rowsNew ?? 0) + (await pullLog(job, missing, { movesWatermark: false }));
    }
  }
  return rowsNew;
}

/**
 * Tasks first: their figures count rows, so they tell for sure where one is missing, and a log brings the run's other
 * rows along. What is then left is of tasks never seen, and shows in the pipeline's figures.
 */
function byWorth(one: Disagreement, other: Disagreement): number {
  if (one.subject.kind !== other.subject.kind) {
    return one.subject.kind === "task" ? -1 : 1;
  }
  return one.day === other.day ? missingIn(other) - missingIn(one) : one.day < other.day ? -1 : 1;
}

function missingIn({ source, stored }: Disagreement): number {
  return countOf(source) - countOf(stored);
}

async function storedOn({ history, pipelineUuid }: PipelineJob, subject: Subject, day: Day) {
  return figuresOn(await storedByDay(history, pipelineUuid, { first: day, last: day }), subject, day);
}

function daysOf(disagreements: readonly Disagreement[]): Set<Day> {
  return new Set(disagreements.map(({ day }) => day));
}

function comparedDays(
  { subjects, stored, source, doubtful, disagreements, told }: Sides,
  days: readonly Day[],
): ComparedDay[] {
  const wrong = daysOf(disagreements);
  const { pipeline = [], task = [] } = Object.groupBy(subjects, ({ kind }) => kind);
  const sum = (of: Subject[], figures: DailyFigures, day: Day, value: (figures: Figures) => number): number =>
    of.reduce((total, subject) => total + value(figuresOn(figures, subject, day)), 0);
  const failuresOf = ({ failures }: Figures): number => failures;
  return days.map((day) => {
    const storedOrSame = doubtful && day >= doubtful.first ? stored : source;
    const isUsable = pipeline.every((subject) => {
      const figures = {
        stored: figuresOn(storedOrSame, subject, day),
        source: figuresOn(source, subject, day),
      };
      return (
        !isUnsound(figures) &&
        !told.has(day) &&
        !(wrong.has(day) && mayBeUnsound(figures.source, sum(task, source, day, failuresOf)))
      );
    });
    return {
      day,
      agrees: !wrong.has(day),
      storedRuns: sum(pipeline, storedOrSame, day, countOf),
      sourceRuns: isUsable ? sum(pipeline, source, day, countOf) : null,
      storedFailures: sum(pipeline, storedOrSame, day, failuresOf),
      sourceFailures: isUsable ? sum(pipeline, source, day, failuresOf) : null,
      storedTaskRuns: sum(task, storedOrSame, day, countOf),
      sourceTaskRuns: sum(task, source, day, countOf),
    };
  });
}
