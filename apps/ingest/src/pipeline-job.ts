import type { PipelineConfig, RunledgerConfig } from "@runledger/config";
import type { History } from "@runledger/history";
import type { YlemClient } from "@runledger/ylem-client";
import type { Tally } from "./tally.ts";

/** One pipeline's part of a command: what it works on and with. */
export interface PipelineJob {
  pipeline: PipelineConfig;
  pipelineUuid: string;
  config: RunledgerConfig;
  history: History;
  client: YlemClient;
  signal: AbortSignal;
  now: () => Date;
  /** What was done is counted here. */
  tally: Tally;
  /** Told how far the log is pulled: a share from 0 to 1, and the instant. */
  onProgress: (share: number, at: Date) => void;
}
