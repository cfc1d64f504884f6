import type { WeeklyReport } from "@runledger/sla";

/**
 * Numbers that stand for objectives and pipelines wherever a formula looks for them, both counted from 1 in the order of
 * the configuration. Names will not do: a spreadsheet reads them as patterns, as comparisons and without regard to case.
 */
export interface Numbers {
  /** By id. */
  ofObjective: ReadonlyMap<string, number>;
  /** By UUID. */
  ofPipeline: ReadonlyMap<string, number>;
}

export function numbersOf({ objectives }: Pick<WeeklyReport, "objectives">): Numbers {
  return {
    ofObjective: numbered(objectives.map(({ id }) => id)),
    ofPipeline: numbered(objectives.map(({ pipelineUuid }) => pipelineUuid)),
  };
}

function numbered(keys: readonly string[]): Map<string, number> {
  return new Map(Array.from(new Set(keys), (key, index) => [key, index + 1]));
}
