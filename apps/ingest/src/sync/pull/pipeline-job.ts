import type { PipelineConfig, RunledgerConfig } from "@runledger/config";
import type { YlemClient } from "@runledger/ylem-client";
import type { Held } from "../../store/pipeline-leases.ts";
import type { Patience } from "./patience.ts";
import type { Tally } from "./tally.ts";

/** One pipeline's part of a command: what it works on and with. */
export interface PipelineJob extends Held {
  pipeline: PipelineConfig;
  config: RunledgerConfig;
  client: YlemClient;
  signal: AbortSignal;
  /** This machine's clock, not ahead of the source's. */
  now: () => Date;
  /** When the command began, by `now`, in whole seconds as the API has them. */
  begunAt: Date;
  /** What the pipeline may cost without any use. */
  patience: Patience;
  /** What was done is counted here. */
  tally: Tally;
  /** Told how far the log is pulled: a share from 0 to 1, and the instant. */
  onProgress: (share: number, at: Date) => void;
}
