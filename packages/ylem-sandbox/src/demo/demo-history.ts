import { DateTime } from "luxon";
import { randomOf, type Random } from "../source/random.ts";
import { SourceHistory } from "../source/source-history.ts";
import type { TaskRunRow } from "../source/task-run-row.ts";
import { uuidFrom } from "../source/uuid.ts";
import { slotsOf } from "./schedule.ts";
import { playRun, type IdentifiedScript } from "./scripted-run.ts";
import { NORMAL, SCRIPTS, type Mood, type Script } from "./scripts.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

export interface DemoHistoryOptions {
  /** Same seed, same history. */
  readonly seed: number;
  /** First instant at which a run may be scheduled. The stories count weeks from the Monday (UTC) before it. */
  readonly from: Date;
  /** No run is scheduled at or after it; the last ones may end later. */
  readonly until: Date;
  /** After how many weeks the stories are told: their "last week" ends there. Default 13. */
  readonly storyWeeks?: number;
}

export interface DemoPipeline {
  readonly uuid: string;
  readonly name: string;
  readonly owner: string;
  readonly tags: readonly string[];
  /** Name by UUID, in the order in which they run. */
  readonly tasks: Readonly<Record<string, string>>;
  readonly story: string;
}

export interface DemoHistory {
  readonly history: SourceHistory;
  readonly pipelines: readonly DemoPipeline[];
}

/**
 * A believable past of a dozen pipelines. It is made day by day, each from a stream of its own, and its stories
 * are anchored on weeks after `from`: a later `until` adds runs and changes none.
 */
export function demoHistory(options: DemoHistoryOptions): DemoHistory {
  const history = new SourceHistory();
  const scripts = SCRIPTS.map(identify);
  for (const script of scripts) {
    history.add(rowsOf(script, options));
  }
  return { history, pipelines: scripts.map(describe) };
}

function* rowsOf(script: IdentifiedScript, options: DemoHistoryOptions): Generator<TaskRunRow> {
  for (const day of daysBetween(options.from, options.until, script.timezone)) {
    const random = randomOf(options.seed, script.name, day.toFormat("yyyy-MM-dd"));
    for (const start of slotsOf(script.schedule, day)) {
      const mood = moodAt(script, start, options);
      const rows = mood === null ? [] : playWithRetry(script, start.toMillis(), mood, random);
      if (options.from.getTime() <= start.toMillis() && start.toMillis() < options.until.getTime()) {
        yield* rows;
      }
    }
  }
}

/** Local days, by their first instant. */
function* daysBetween(from: Date, until: Date, zone: string): Generator<DateTime> {
  let day = DateTime.fromJSDate(from, { zone }).startOf("day");
  while (day.toJSDate() < until) {
    yield day;
    day = day.plus({ days: 1 });
  }
}

function moodAt(script: Script, start: DateTime, { from, storyWeeks = 13 }: DemoHistoryOptions): Mood | null {
  const week = (start.toMillis() - mondayOf(from).getTime()) / WEEK_MS;
  const mood = script.mood?.({ start, week, storyWeeks });
  return mood === null ? null : { ...NORMAL, ...mood };
}

/** 00:00 UTC of the instant's Monday. */
function mondayOf(instant: Date): Date {
  const daysSinceMonday = (instant.getUTCDay() + 6) % 7;
  return new Date(Math.floor(instant.getTime() / DAY_MS - daysSinceMonday) * DAY_MS);
}

function playWithRetry(script: IdentifiedScript, startMs: number, mood: Mood, random: Random): TaskRunRow[] {
  const first = playRun(script, startMs, mood, random);
  if (first.isSuccessful || script.retryAfterMinutes === undefined) {
    return first.rows;
  }
  const retryMs = first.endedAtMs + script.retryAfterMinutes * 60_000;
  return [...first.rows, ...playRun(script, retryMs, { ...mood, failureRate: 0 }, random).rows];
}

/** The UUIDs are made of the names alone: a configuration written for the demo fits every seed. */
function identify(script: Script): IdentifiedScript {
  const { name, tasks } = script;
  return {
    ...script,
    uuid: uuidFrom(randomOf("pipeline", name)),
    tasks: tasks.map((task) => Object.assign({ uuid: uuidFrom(randomOf("task", name, task.name)) }, task)),
  };
}

function describe({ uuid, name, owner, tags, story, tasks }: IdentifiedScript): DemoPipeline {
  return {
    uuid,
    name,
    owner,
    tags,
    tasks: Object.fromEntries(tasks.map((task) => [task.uuid, task.name])),
    story,
  };
}
