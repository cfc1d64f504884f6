// Load alone: task runs that are fetched and parsed already, into their table.
import { inTransaction, openHistory } from "@runledger/history";
import { YlemClient, type TaskRun } from "@runledger/ylem-client";
import { storeTaskRuns } from "../src/store/store-task-runs.ts";
import { toStored } from "../src/store/stored-task-run.ts";
import { PIPELINE_UUID } from "./made-up-runs.ts";
import type { Task } from "./task.ts";

const WINDOW_MS = 86_400_000;

const { databaseUrl, source, outputs }: Task = JSON.parse(process.argv[2] ?? "");
const logs = await fetchLogs();
await using history = await openHistory({ url: databaseUrl });

const startedAt = performance.now();
for (const taskRuns of logs) {
  const rows = taskRuns.map((taskRun) => toStored(taskRun, outputs));
  await inTransaction(history, (transaction) => storeTaskRuns(transaction, PIPELINE_UUID, rows));
}
process.send?.({ ms: performance.now() - startedAt });
process.disconnect();

/** The log in windows such as a sync asks for. */
async function fetchLogs(): Promise<TaskRun[][]> {
  const { url, clientId, clientSecret } = source;
  const client = new YlemClient({ baseUrl: url, clientId, clientSecret });
  const result: TaskRun[][] = [];
  const end = Date.parse(source.end);
  for (let from = Date.parse(source.from); from < end; from += WINDOW_MS) {
    const window = { from: new Date(from), to: new Date(Math.min(from + WINDOW_MS, end)) };
    result.push((await client.runLog(PIPELINE_UUID, window)).taskRuns);
  }
  await client.close();
  return result;
}
