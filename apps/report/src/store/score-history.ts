import type { History } from "@runledger/history";
import pMap from "p-map";
import { readRuns } from "./read-runs.ts";
import {
  type AgreementScore,
  type PipelineScore,
  type ScoringInput,
  agreementScore,
  pipelineScorer,
  pipelinesOf,
  runsNeeded,
} from "@runledger/sla";

/**
 * Reads and scores an agreement's pipelines, some to a query, and each as soon as it has come: of all runs but the
 * week's only figures are kept. While one pipeline is scored Postgres sends the next.
 */
export async function scoreHistory(history: History, input: ScoringInput): Promise<AgreementScore> {
  const range = runsNeeded(input);
  const score = pipelineScorer(input);
  const read = async (uuids: string[]) => {
    const scores: PipelineScore[] = [];
    for await (const runs of readRuns(history, uuids, range)) scores.push(score(runs));
    return scores;
  };
  const uuids = pipelinesOf(input.agreement);
  const parts = Array.from({ length: Math.ceil(uuids.length / pipelinesPerQuery) }, (_, part) =>
    uuids.slice(part * pipelinesPerQuery, (part + 1) * pipelinesPerQuery),
  );
  const scores = await pMap(parts, read, { concurrency: queriesAtOnce });
  return agreementScore(input.agreement.objectives, scores.flat());
}

/** Planning a query takes as long as reading a thousand runs. */
const pipelinesPerQuery = 10;

/** Enough to keep two cores busy; each more takes memory for a pipeline's 13 weeks. */
const queriesAtOnce = 2;
