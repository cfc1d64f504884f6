import type { History } from "@runledger/history";
import pMap from "p-map";
import { readRuns } from "./read-runs.ts";
import {
  type AgreementScore,
  type PipelineScore,
  type ScoringInput,
  agreementScore,
  furtherBack,
  pipelineScorer,
  pipelinesOf,
  runsNeeded,
  weeksBeforeAtFirst,
} from "@runledger/sla";

/**
 * Reads and scores an agreement's pipelines, some to a query, and each as soon as it has come: of all runs but the
 * week's only figures are kept. While one pipeline is scored Postgres sends the next. Pipelines with an incident that may
 * have begun before what was read are read again from further back, by twice as much each time.
 */
export async function scoreHistory(history: History, input: ScoringInput): Promise<AgreementScore> {
  const scoreAtFirst = pipelineScorer(input);
  const read = async (uuids: string[], weeksBefore = weeksBeforeAtFirst): Promise<PipelineScore[]> => {
    const score = weeksBefore === weeksBeforeAtFirst ? scoreAtFirst : pipelineScorer(input, weeksBefore);
    const scores: PipelineScore[] = [];
    for await (const runs of readRuns(history, uuids, runsNeeded(input, weeksBefore))) {
      scores.push(score(runs));
    }
    const toFollow = scores.filter(({ needsEarlierRuns }) => needsEarlierRuns).map(pipelineOf);
    if (toFollow.length === 0) return scores;
    const followed = await read(toFollow, furtherBack(weeksBefore));
    const byPipeline = new Map(followed.map((each) => [pipelineOf(each), each]));
    return scores.map((each) => byPipeline.get(pipelineOf(each)) ?? each);
  };
  const uuids = pipelinesOf(input.agreement);
  const parts = Array.from({ length: Math.ceil(uuids.length / pipelinesPerQuery) }, (_, part) =>
    uuids.slice(part * pipelinesPerQuery, (part + 1) * pipelinesPerQuery),
  );
  const scores = await pMap(parts, (part) => read(part), { concurrency: queriesAtOnce });
  return agreementScore(input.agreement.objectives, scores.flat());
}

function pipelineOf({ evidence }: PipelineScore): string {
  return evidence.runs.pipelineUuid;
}

/** Planning a query takes as long as reading a thousand runs. */
const pipelinesPerQuery = 10;

/** Enough to keep two cores busy; each more takes memory for a pipeline's 13 weeks. */
const queriesAtOnce = 2;
