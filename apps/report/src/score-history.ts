import type { History } from "@runledger/history";
import pMap from "p-map";
import { readRuns } from "./read-runs.ts";
import { agreementScore, pipelineScorer, type AgreementScore } from "./sla/score.ts";
import { pipelinesOf, runsNeeded, type ScoringInput } from "./sla/scoring-input.ts";

/**
 * Reads and scores an agreement's pipelines, one after the other: of all runs but the week's only figures are kept.
 * While one pipeline is scored Postgres sends the next.
 */
export async function scoreHistory(history: History, input: ScoringInput): Promise<AgreementScore> {
  const range = runsNeeded(input);
  const score = pipelineScorer(input);
  const pipelines = await pMap(
    pipelinesOf(input.agreement),
    async (uuid) => score(await readRuns(history, uuid, range)),
    { concurrency: pipelinesAtOnce },
  );
  return agreementScore(input.agreement.objectives, pipelines);
}

/** Enough to keep two cores busy; each more takes memory for its 13 weeks. */
const pipelinesAtOnce = 4;
