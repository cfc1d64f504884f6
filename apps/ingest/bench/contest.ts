import { join } from "node:path";
import type { ScratchDatabase } from "@runledger/history/testing/scratch-database";
import { countTaskRuns, empty } from "./database.ts";
import { exportTaskRuns, findFloor } from "./floor.ts";
import { inProcess } from "@runledger/testing/in-process";
import type { SyncTimes } from "./sync-process.ts";
import type { Task } from "./task.ts";

/** What one round took, in milliseconds. */
export interface Round {
  floor: number;
  load: number;
  sync: number;
  again: number;
}

export interface Contest {
  floorName: string;
  rounds: Round[];
}

/**
 * Lets the contestants have their turns, round after round, each on empty tables and in a fresh process. A round
 * before the first is not counted: it makes the floor's file, the source's answers and Postgres's log files.
 */
export async function contest(
  { history, url, folder }: ScratchDatabase,
  task: Task,
  { count, rounds, onRound }: { count: number; rounds: number; onRound: (round: Round) => void },
): Promise<Contest> {
  const file = join(folder, "task_runs.tsv");
  await inProcess<SyncTimes>(new URL("./sync-process.ts", import.meta.url), task);
  await exportTaskRuns(history, file);
  const floor = await findFloor(url, history, file);

  const onEmptyTables = async <T>(work: () => Promise<T>): Promise<T> => {
    await empty(history);
    const result = await work();
    const stored = await countTaskRuns(history);
    if (stored !== count) {
      throw new Error(`${stored} task runs are stored, not ${count}`);
    }
    return result;
  };
  const results: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const floorMs = await onEmptyTables(() => timed(floor.copy));
    const load = await onEmptyTables(() =>
      inProcess<{ ms: number }>(new URL("./load-process.ts", import.meta.url), task),
    );
    const sync = await onEmptyTables(() =>
      inProcess<SyncTimes>(new URL("./sync-process.ts", import.meta.url), task),
    );
    const result = { floor: floorMs, load: load.ms, sync: sync.firstMs, again: sync.secondMs };
    onRound(result);
    results.push(result);
  }
  return { floorName: floor.name, rounds: results };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
