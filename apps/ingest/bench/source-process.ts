// Serves made-up runs over HTTP: a process of its own, so that its work is not counted as ours.
import { SourceHistory, startSandbox } from "@runledger/ylem-sandbox";
import { HISTORY_START, madeUpRuns, PIPELINE_UUID } from "./made-up-runs.ts";
import { prepareAnswers } from "./prepared-answers.ts";
import type { Source } from "./source.ts";

const [count, isAskedAgain] = process.argv.slice(2);
const history = new SourceHistory();
history.add(madeUpRuns(Number(count)));
const newest = history.rows(PIPELINE_UUID).at(-1)?.executedAtMicros ?? 0n;
const end = new Date(Number(newest / 1000n) + 1000);
const { url, clientId, clientSecret } = await startSandbox({ history, clock: () => end });
const source: Source = {
  url: isAskedAgain === "true" ? await prepareAnswers(url) : url,
  clientId,
  clientSecret,
  from: HISTORY_START.toISOString(),
  end: end.toISOString(),
};
process.send?.(source);
process.once("disconnect", () => process.exit());
