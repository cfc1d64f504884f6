import type { PipelineJob } from "./pull/pipeline-job.ts";
import type { DisputedDay } from "./pull/tally.ts";

/** A command that pulls from the source into the history. */
export interface IngestCommand {
  name: "sync" | "backfill" | "verify";
  /** What is done for each pipeline. Where it rejects, the other pipelines go on. */
  work: (job: PipelineJob) => Promise<void>;
  /** Whether a day that stays in dispute makes the command fail. */
  isFailure: (day: DisputedDay) => boolean;
}
