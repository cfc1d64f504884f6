/** One task run as the source keeps it: the truth that the API tells from. Never changes once written. */
export interface TaskRunRow {
  readonly pipelineUuid: string;
  readonly runUuid: string;
  readonly taskUuid: string;
  /** `query`, `transformer`, `for_each`, … */
  readonly taskType: string;
  readonly isSuccessful: boolean;
  /** Whole milliseconds. */
  readonly durationMs: number;
  /** Base64, as it is sent. */
  readonly output: string;
  readonly metricValue: number;
  /** End of the task, microseconds since the epoch (UTC). `null`: it never got a time and is sent as year one. */
  readonly executedAtMicros: bigint | null;
  /** When the message queue delivered the result, microseconds since the epoch: no answer shows it before. */
  readonly visibleAtMicros: bigint;
}
