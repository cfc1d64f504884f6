import type { TaskRunRow } from "@runledger/ylem-sandbox";

/** What happens at the source from 1 March 2026 on: `orders` runs every hour, `crm` every morning. */
export interface ScriptedRun {
  pipeline: "orders" | "crm";
  uuid: string;
  start: number;
  finish: number;
  isGood: boolean;
  /** When its rows can be seen, later than they should. */
  visibleFrom: number;
}

export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse("2026-03-01T00:00:00Z");

/** Its failures and the slow ones lie where they were put by hand: see the comments. */
export function runsInScript(): ScriptedRun[] {
  return [...ordersRuns(), ...crmRuns()];
}

function ordersRuns(): ScriptedRun[] {
  return Array.from({ length: 22 * 24 + 5 }, (_, hour) => {
    const start = START + hour * HOUR + 2 * MINUTE;
    const finish = start + (hour % 13 === 5 ? 12 * MINUTE : 5 * MINUTE);
    // Now and then; in the excluded hour of Wednesday and the five after it; in the last of the week.
    const isGood = !(hour % 41 === 0 || (hour >= 419 && hour <= 424) || hour === 526);
    // One of Wednesday evening.
    const visibleFrom = hour === 428 ? finish + 8 * HOUR : finish;
    return { pipeline: "orders", uuid: uuidOf(1, hour), start, finish, isGood, visibleFrom };
  });
}

/** At 05:30 in Berlin, for ten minutes. */
function crmRuns(): ScriptedRun[] {
  return Array.from({ length: 23 }, (_, day) => {
    // Tuesday the 17th late, Thursday failed, Friday none.
    const start = START + day * 24 * HOUR + 4 * HOUR + 30 * MINUTE + (day === 16 ? 50 * MINUTE + 400 : 0);
    const finish = start + 10 * MINUTE;
    return {
      pipeline: "crm" as const,
      uuid: uuidOf(2, day),
      start,
      finish,
      isGood: day !== 18,
      visibleFrom: finish,
    };
  }).filter((_, day) => day !== 19);
}

/** Each has two tasks, one after the other; the second is the one that fails. */
export function rowsOf(runs: readonly ScriptedRun[]): TaskRunRow[] {
  return runs.flatMap(({ pipeline, uuid, start, finish, isGood, visibleFrom }) =>
    [start + 2 * MINUTE, finish].map((end, index): TaskRunRow => {
      const isSuccessful = isGood || index === 0;
      return {
        pipelineUuid: pipelineUuids[pipeline],
        runUuid: uuid,
        taskUuid: `1f0d3b52-000${index}-4000-8000-${pipelineUuids[pipeline].slice(-12)}`,
        taskType: "query",
        isSuccessful,
        durationMs: index === 0 ? 2 * MINUTE : finish - start - 2 * MINUTE,
        output: isSuccessful
          ? ""
          : Buffer.from(JSON.stringify([{ code: 1, severity: "error", message: "no table" }])).toString(
              "base64",
            ),
        metricValue: 0,
        executedAtMicros: BigInt(end) * 1000n,
        visibleAtMicros: BigInt(end + visibleFrom - finish) * 1000n,
      };
    }),
  );
}

const pipelineUuids = {
  orders: "7b1c0f7e-0000-4000-8000-000000000001",
  crm: "7b1c0f7e-0000-4000-8000-000000000002",
};

function uuidOf(pipeline: number, index: number): string {
  return `00000000-000${pipeline}-4000-8000-${String(index).padStart(12, "0")}`;
}
