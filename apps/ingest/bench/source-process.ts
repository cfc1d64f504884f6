// Serves made-up runs over HTTP: a process of its own, so that its work is not counted as ours.
import { startSandbox } from "@runledger/ylem-sandbox";
import { HISTORY_START, madeUpRuns, PIPELINE_UUID } from "./made-up-runs.ts";
import { PreparedHistory } from "./prepared-history.ts";
import type { Source } from "./source.ts";

const history = new PreparedHistory();
history.add(madeUpRuns(Number(process.argv[2])));
const newest = history.rows(PIPELINE_UUID).at(-1)?.executedAtMicros ?? 0n;
const end = new Date(Number(newest / 1000n) + 1000);
const { url, clientId, clientSecret } = await startSandbox({ history, clock: () => end });
const source: Source = {
  url,
  clientId,
  clientSecret,
  from: HISTORY_START.toISOString(),
  end: end.toISOString(),
};
process.send?.(source);
process.once("disconnect", () => process.exit());
