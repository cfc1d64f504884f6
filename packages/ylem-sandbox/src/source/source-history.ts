import { addPeriods, startOfPeriod, type Period } from "./calendar-period.ts";
import { microsOfDate, microsOfSecond, secondOf, type Micros } from "./micros-bigint.ts";
import { figuresOf, type RunFigures, type SubjectKind } from "./run-figures.ts";
import type { TaskRunRow } from "./task-run-row.ts";
import { byExecutedAt, executedAt, TimeIndex } from "./time-index.ts";

export interface LastRun {
  readonly isSuccessful: boolean;
  readonly executedAtMicros: Micros;
  /** Of a pipeline: the sum over the run's rows. */
  readonly durationMs: number;
}

/** Figures of a window, and the last run up to its end, which may lie before its start. */
export interface WindowStats extends RunFigures {
  readonly lastRun: LastRun | null;
}

/** Figures of one calendar period, first and last second since the epoch. */
export interface PeriodStats extends RunFigures {
  readonly fromSec: number;
  readonly toSec: number;
}

export interface KnownTask {
  readonly taskUuid: string;
  readonly taskType: string;
}

/**
 * What really happened at the source, and the questions its API answers about it. Every question is put "as of"
 * an instant: rows that become visible later do not exist yet. Bounds are whole seconds since the epoch, both
 * inclusive, and mean that instant: with `[a, b]` and `[b + 1, c]` a row at `b + 0.4 s` is in neither.
 */
export class SourceHistory {
  readonly #pipelines = new Map<string, PipelineRecord>();
  readonly #tasks = new Map<string, TimeIndex>();

  add(rows: Iterable<TaskRunRow>): void {
    for (const row of rows) {
      const pipeline = entry(this.#pipelines, row.pipelineUuid, emptyRecord);
      pipeline.index.add(row);
      entry(pipeline.runs, row.runUuid, () => []).push(row);
      entry(pipeline.tasks, row.taskUuid, () => ({ taskUuid: row.taskUuid, taskType: row.taskType }));
      entry(this.#tasks, row.taskUuid, () => new TimeIndex()).add(row);
    }
  }

  /** UUIDs of the pipelines, in the order first added. */
  pipelines(): string[] {
    return [...this.#pipelines.keys()];
  }

  /** Tasks of the pipeline in the order first added, which is the order in which they run. */
  tasks(pipelineUuid: string): KnownTask[] {
    return [...(this.#pipelines.get(pipelineUuid)?.tasks.values() ?? [])];
  }

  /** All rows of the pipeline, visible or not, oldest first. */
  rows(pipelineUuid: string): readonly TaskRunRow[] {
    return this.#index("pipeline", pipelineUuid).all();
  }

  /** All rows of every run with a row in the window, also the rows outside it; newest first. */
  runLog(pipelineUuid: string, fromSec: number, toSec: number, asOf: Date): TaskRunRow[] {
    const runs = this.#pipelines.get(pipelineUuid)?.runs;
    const found = new Set(this.#window("pipeline", pipelineUuid, fromSec, toSec, asOf).map(runUuidOf));
    return [...found]
      .flatMap((runUuid) => runs?.get(runUuid) ?? [])
      .filter(isVisible(asOf))
      .toSorted(byExecutedAt)
      .toReversed();
  }

  stats(kind: SubjectKind, uuid: string, fromSec: number, toSec: number, asOf: Date): WindowStats {
    return {
      ...figuresOf(kind, this.#window(kind, uuid, fromSec, toSec, asOf)),
      lastRun: this.#lastRunUntil(kind, uuid, microsOfSecond(toSec), asOf),
    };
  }

  /**
   * Figures of the calendar periods touched by `[day of dateFromSec, that + count periods − 1 s]`, in no
   * promised order and without empty ones. Only rows in this range are seen; a run counts in the period of its
   * latest one. The first period can start before the range.
   */
  aggregatedStats(
    kind: SubjectKind,
    uuid: string,
    dateFromSec: number,
    period: Period,
    count: number,
    asOf: Date,
  ): PeriodStats[] {
    const fromSec = startOfPeriod("day", dateFromSec);
    const toSec = addPeriods(period, fromSec, count) - 1;
    const rows = this.#window(kind, uuid, fromSec, toSec, asOf);
    return [...groupByPeriod(kind, rows, period)].map(([start, members]) =>
      periodStats(kind, period, start, members),
    );
  }

  /** The newest row's outcome, `null` when nothing ever ran. */
  lastRun(kind: SubjectKind, uuid: string, asOf: Date): LastRun | null {
    return this.#lastRunUntil(kind, uuid, microsOfDate(asOf), asOf);
  }

  #lastRunUntil(kind: SubjectKind, uuid: string, until: Micros, asOf: Date): LastRun | null {
    const newest = this.#index(kind, uuid).newestUntil(until, isVisible(asOf));
    if (newest === null) {
      return null;
    }
    const rowsOfRun = this.#pipelines.get(newest.pipelineUuid)?.runs.get(newest.runUuid) ?? [];
    const counted = kind === "task" ? [newest] : rowsOfRun.filter(isVisible(asOf)).filter(ranBy(until));
    return {
      isSuccessful: newest.isSuccessful,
      executedAtMicros: executedAt(newest),
      durationMs: counted.reduce((sum, row) => sum + row.durationMs, 0),
    };
  }

  #window(kind: SubjectKind, uuid: string, fromSec: number, toSec: number, asOf: Date): TaskRunRow[] {
    return this.#index(kind, uuid)
      .between(microsOfSecond(fromSec), microsOfSecond(toSec))
      .filter(isVisible(asOf));
  }

  #index(kind: SubjectKind, uuid: string): TimeIndex {
    const found = kind === "pipeline" ? this.#pipelines.get(uuid)?.index : this.#tasks.get(uuid);
    return found ?? new TimeIndex();
  }
}

interface PipelineRecord {
  readonly index: TimeIndex;
  readonly runs: Map<string, TaskRunRow[]>;
  readonly tasks: Map<string, KnownTask>;
}

function emptyRecord(): PipelineRecord {
  return { index: new TimeIndex(), runs: new Map(), tasks: new Map() };
}

function isVisible(asOf: Date): (row: TaskRunRow) => boolean {
  const now = microsOfDate(asOf);
  return (row) => row.visibleAtMicros <= now;
}

function ranBy(until: Micros): (row: TaskRunRow) => boolean {
  return (row) => executedAt(row) <= until;
}

/** @param rows oldest first, so that the last row of a run to be met decides its period. */
function groupByPeriod(
  kind: SubjectKind,
  rows: readonly TaskRunRow[],
  period: Period,
): Map<number, TaskRunRow[]> {
  const startOfDay = new Map<number, number>();
  const periodOf = (row: TaskRunRow) => {
    const day = startOfUtcDay(secondOf(executedAt(row)));
    return entry(startOfDay, day, () => startOfPeriod(period, day));
  };
  if (kind === "task") {
    return Map.groupBy(rows, periodOf);
  }
  const periodOfRun = new Map(rows.map((row) => [row.runUuid, periodOf(row)]));
  return Map.groupBy(rows, (row) => periodOfRun.get(row.runUuid) ?? periodOf(row));
}

function periodStats(
  kind: SubjectKind,
  period: Period,
  fromSec: number,
  rows: readonly TaskRunRow[],
): PeriodStats {
  return { fromSec, toSec: addPeriods(period, fromSec, 1) - 1, ...figuresOf(kind, rows) };
}

function startOfUtcDay(seconds: number): number {
  return Math.floor(seconds / 86_400) * 86_400;
}

function runUuidOf(row: TaskRunRow): string {
  return row.runUuid;
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const existing = map.get(key);
  if (existing !== undefined) {
    return existing;
  }
  const created = create();
  map.set(key, created);
  return created;
}
