import { integerIn, pick, type Random } from "../source/random.ts";
import type { TaskRunRow } from "../source/task-run-row.ts";
import { uuidFrom } from "../source/uuid.ts";
import { EVERYDAY_FAILURES, type Failure } from "./failures.ts";
import { seal } from "./seal.ts";
import type { Mood, Script, ScriptedTask } from "./scripts.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export interface PlayedRun {
  readonly rows: TaskRunRow[];
  readonly isSuccessful: boolean;
  /** Milliseconds since the epoch. */
  readonly endedAtMs: number;
}

/** A script with the source's names for the pipeline and its tasks. */
export interface IdentifiedScript extends Script {
  readonly uuid: string;
  readonly tasks: readonly (ScriptedTask & { readonly uuid: string })[];
}

/**
 * Plays one run: its tasks follow each other with a short wait between, up to and with the one that fails.
 * Whatever varies is drawn from the stream.
 *
 * @param startMs milliseconds since the epoch.
 */
export function playRun(script: IdentifiedScript, startMs: number, mood: Mood, random: Random): PlayedRun {
  const runUuid = uuidFrom(random);
  const failing = random() < mood.failureRate ? failingPosition(script, mood, random) : null;
  const tasks = failing === null ? script.tasks : script.tasks.slice(0, failing + 1);
  let clockMs = startMs + integerIn(random, SECOND / 5, 20 * SECOND);
  const rows = tasks.flatMap((task, position) => {
    const durationMs = Math.round(task.milliseconds * mood.slowness * spread(random));
    clockMs += durationMs + integerIn(random, 50, 900);
    const executedAtMicros = BigInt(clockMs) * 1000n + BigInt(integerIn(random, 0, 999));
    const failure = position === failing ? (mood.failure ?? pick(random, EVERYDAY_FAILURES)) : null;
    return resultsOf(script, task, failure, random).map((result) => ({
      pipelineUuid: script.uuid,
      runUuid,
      taskUuid: task.uuid,
      taskType: task.type,
      isSuccessful: result.isSuccessful,
      durationMs,
      output: result.output,
      metricValue: result.metricValue,
      executedAtMicros,
      visibleAtMicros: executedAtMicros + BigInt(queueMs(script, random)) * 1000n,
    }));
  });
  return { rows, isSuccessful: failing === null, endedAtMs: clockMs };
}

/** A cause from outside hits the last task, where data leaves the house; everyday failures hit any. */
function failingPosition(script: Script, mood: Mood, random: Random): number {
  const last = script.tasks.length - 1;
  return mood.failure === null ? integerIn(random, 0, last) : last;
}

/** Within 10 % of the usual, but one time in two hundred twice as long. */
function spread(random: Random): number {
  return (0.9 + 0.2 * random()) * (random() < 0.005 ? 2 : 1);
}

type Result = Pick<TaskRunRow, "isSuccessful" | "output" | "metricValue">;

/** One result for each item of a loop, one of any other task; where the task fails, it is the last one. */
function resultsOf(script: Script, task: ScriptedTask, failure: Failure | null, random: Random): Result[] {
  const [least, most] = task.items ?? [1, 1];
  const count = integerIn(random, least, most);
  return Array.from({ length: count }, (_, item) =>
    failure !== null && item === count - 1
      ? { isSuccessful: false, output: encode(script, [failure], random), metricValue: 0 }
      : success(script, task, random),
  );
}

function success(script: Script, task: ScriptedTask, random: Random): Result {
  const value = integerIn(random, 1, 100_000);
  switch (task.type) {
    case "aggregator":
      return {
        isSuccessful: true,
        output: encode(script, { value: value / 100 }, random),
        metricValue: value / 100,
      };
    case "condition":
    case "notification":
      return { isSuccessful: true, output: "", metricValue: 0 };
    default:
      return { isSuccessful: true, output: encode(script, [{ rows: value }], random), metricValue: 0 };
  }
}

function encode(script: Script, value: unknown, random: Random): string {
  const plain = Buffer.from(JSON.stringify(value));
  return script.isEncrypted === true ? seal(random, plain) : plain.toString("base64");
}

/** How long the message queue takes: seconds, or, where results arrive late, one time in five much longer. */
function queueMs(script: Script, random: Random): number {
  const luck = random();
  if (script.arrivesLate !== true || luck < 0.8) {
    return integerIn(random, SECOND / 5, 4 * SECOND);
  }
  return luck < 0.95 ? integerIn(random, 2 * MINUTE, 30 * MINUTE) : integerIn(random, HOUR, 6 * HOUR);
}
