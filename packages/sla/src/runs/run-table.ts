import type { RunFailure } from "./run.ts";

/** What runs are made of, a column each, in one order. */
export interface RunColumns {
  /** 16 bytes a run. */
  uuids: Uint8Array;
  finishedAt: Float64Array;
  elapsedMs: Float64Array;
  taskCounts: Uint32Array;
  /** 0 of a successful run, of a failed one its place among the failures, counted from 1. */
  failureOf: Uint32Array;
}

/** A pipeline's runs in columns, and what their numbers stand for. */
export interface RunTable extends RunColumns {
  pipelineUuid: string;
  failures: readonly RunFailure[];
  /** 0 of a run that counts, else the place of its exclusion, counted from 1. */
  exclusionOf: Uint32Array;
  /** Of the exclusions, by their place. */
  reasons: readonly string[];
}
