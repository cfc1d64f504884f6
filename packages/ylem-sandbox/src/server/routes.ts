import { randomUUID } from "node:crypto";
import { json, jsonText, empty, problem, type Answer } from "./answer.ts";
import { PERIODS, type Period } from "../source/calendar-period.ts";
import { DIALECTS, RUN_ANSWERS, type Dialect, type RunAnswer } from "./dialect.ts";
import { secondOf, ZERO_TIME } from "../source/micros-bigint.ts";
import { randomOf, shuffle } from "../source/random.ts";
import type { RunLogWriter } from "./run-log-writer.ts";
import type { LastRun, SourceHistory } from "../source/source-history.ts";
import type { SubjectKind } from "../source/run-figures.ts";
import { triggeredRun } from "./triggered-run.ts";
import type { FigureReader } from "./unsigned-figures.ts";
import { isUuid } from "../source/uuid.ts";
import { parseDateTime, toDateTime } from "./wire-time.ts";

/** What the answers are made from. */
interface Api {
  readonly history: SourceHistory;
  readonly dialect: Dialect;
  readonly runAnswer: RunAnswer;
  readonly logWriter: RunLogWriter;
  readonly reader: FigureReader;
  readonly now: Date;
}

export interface Route {
  readonly method: "GET" | "POST";
  /** Of the decoded path below the API root; its groups become the arguments of `answer`. */
  readonly path: RegExp;
  readonly scope: "run" | "read";
  /** @throws BadRequest when an argument cannot be read. */
  readonly answer: (api: Api, ...args: string[]) => Answer;
}

export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

export const ROUTES: readonly Route[] = [
  { method: "POST", path: /^\/pipelines\/([^/]+)\/runs\/?$/, scope: "run", answer: startRun },
  {
    method: "GET",
    path: /^\/stats\/pipelines\/([^/]+)\/(?:logs|last-runs-log)\/([^/]+)\/([^/]+)$/,
    scope: "read",
    answer: runLog,
  },
  {
    method: "GET",
    path: /^\/stats\/(pipelines|tasks)\/([^/]+)\/stats\/([^/]+)\/([^/]+)$/,
    scope: "read",
    answer: windowStats,
  },
  {
    method: "GET",
    path: /^\/stats\/(pipelines|tasks)\/([^/]+)\/aggregated-stats\/([^/]+)\/([^/]+)\/([^/]+)$/,
    scope: "read",
    answer: aggregatedStats,
  },
  {
    method: "GET",
    path: /^\/stats\/(pipelines|tasks)\/([^/]+)\/last-run\/stats$/,
    scope: "read",
    answer: lastRunStats,
  },
];

function startRun(api: Api, uuid: string): Answer {
  const pipelineUuid = readUuid(uuid);
  const tasks = api.history.tasks(pipelineUuid);
  if (tasks.length === 0) {
    return problem(404);
  }
  const runUuid = randomUUID();
  api.history.add(triggeredRun(pipelineUuid, runUuid, tasks, api.now));
  return RUN_ANSWERS[api.runAnswer](runUuid, tasks);
}

function runLog(api: Api, uuid: string, from: string, to: string): Answer {
  const rows = api.history.runLog(readUuid(uuid), readDateTime(from), readDateTime(to), api.now);
  return jsonText(rows.length === 0 ? [DIALECTS[api.dialect].emptyLog] : api.logWriter.write(rows));
}

function windowStats(api: Api, subjects: string, uuid: string, from: string, to: string): Answer {
  const stats = api.history.stats(
    kindOf(subjects),
    readUuid(uuid),
    readDateTime(from),
    readDateTime(to),
    api.now,
  );
  const figures = api.reader.ofWindow(stats);
  return json({
    num_of_successes: figures.successes,
    num_of_failures: figures.failures,
    average_duration: figures.averageDurationMs,
    is_last_run_successful: stats.lastRun?.isSuccessful ?? false,
    last_run_executed_at: executedAtOf(stats.lastRun),
    last_run_duration: stats.lastRun?.durationMs ?? 0,
  });
}

function aggregatedStats(
  api: Api,
  subjects: string,
  uuid: string,
  from: string,
  period: string,
  count: string,
): Answer {
  const periods = api.history.aggregatedStats(
    kindOf(subjects),
    readUuid(uuid),
    readDateFrom(api.dialect, from),
    readPeriod(period),
    readCount(count),
    api.now,
  );
  if (periods.length === 0) {
    return json(null);
  }
  const random = randomOf(uuid, from, period, count);
  const answered = api.reader.ofPeriods(shuffle(random, periods), random() < 0.5);
  return json(
    answered.map((stats) => ({
      date_from: toDateTime(stats.fromSec),
      date_to: toDateTime(stats.toSec),
      num_of_successes: stats.successes,
      num_of_failures: stats.failures,
      average_duration: stats.averageDurationMs,
    })),
  );
}

/** The server cannot tell what never ran from what belongs to somebody else: 403. */
function lastRunStats(api: Api, subjects: string, uuid: string): Answer {
  const lastRun = api.history.lastRun(kindOf(subjects), readUuid(uuid), api.now);
  if (lastRun === null) {
    return empty(403);
  }
  return json({
    is_successful: lastRun.isSuccessful,
    executed_at: executedAtOf(lastRun),
    duration: lastRun.durationMs,
  });
}

function executedAtOf(lastRun: LastRun | null): string {
  return toDateTime(secondOf(lastRun?.executedAtMicros ?? ZERO_TIME));
}

function kindOf(subjects: string): SubjectKind {
  return subjects === "tasks" ? "task" : "pipeline";
}

function readUuid(text: string): string {
  return isUuid(text) ? text.toLowerCase() : refuse(`invalid UUID: ${text}`);
}

function readDateTime(text: string): number {
  return parseDateTime(text) ?? refuse(`cannot parse "${text}" as YYYY-MM-DD HH:MM:SS`);
}

function readDateFrom(dialect: Dialect, text: string): number {
  const { parseDateFrom, dateFromFormat } = DIALECTS[dialect];
  return parseDateFrom(text) ?? refuse(`cannot parse "${text}" as ${dateFromFormat}`);
}

function readPeriod(text: string): Period {
  return PERIODS.find((period) => period === text) ?? refuse("must be a valid value");
}

function readCount(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : refuse("must contain digits only, four at most");
}

function refuse(reason: string): never {
  throw new BadRequest(reason);
}
