/**
 * What `--json` prints, a type for each command; docs/json.md has an example of each. Instants are printed in ISO 8601,
 * days are UTC (`2026-03-14`), and what is not known is null.
 */
import type { SyncCounts } from "../store/sync-ledger.ts";
import type { DisputedDay } from "./pull/tally.ts";

/** A pipeline of the configuration, in every document the same. */
interface PipelineDocument {
  /** Its name. */
  pipeline: string;
  pipelineUuid: string;
}

/** `sync`, `backfill`, `verify`: all pipelines together, and each. */
export interface SyncDocument extends SyncCounts {
  rowsQuarantined: number;
  durationMs: number;
  pipelines: SyncedPipelineDocument[];
}

export interface SyncedPipelineDocument extends PipelineDocument, Omit<SyncCounts, "requests"> {
  rowsQuarantined: number;
  daysDisputed: number;
  /** The source has never shown anything of the pipeline: it does not know it, or it has not run yet. */
  isNeverSeen: boolean;
  /** Stored rows against the source's counts, day by day. */
  disputedDays: (Omit<DisputedDay, "quarantinedRows" | "setAsideAnswers"> & {
    rowsQuarantined: number;
    answersSetAside: number;
  })[];
  /** Why it was not worked through to its end. */
  error: string | null;
}

/** `sync --dry-run`: what would be pulled of each pipeline. */
export type PlanDocument = (PipelineDocument & { from: Date; to: Date })[];

/** `status`: how the history of each pipeline stands. */
export interface StatusDocument extends PipelineDocument {
  syncedThrough: Date | null;
  lagMs: number | null;
  runs: number;
  /** Task runs. */
  rows: number;
  lastRunAt: Date | null;
  rowsQuarantined: number;
  /** Answers of the log that cannot be read or stored, and are tried again each night. */
  answersSetAside: number;
  /** Why the last sync did not work it through to its end; null when it did. */
  lastError: string | null;
  /** Days that agree with the source and have settled. */
  daysProven: number;
  daysDisputed: number;
  /** Days of which the source gave no statistics. */
  daysUnverified: number;
  /** The source has never shown anything of the pipeline: it does not know it, or it has not run yet. */
  isNeverSeen: boolean;
}

/** `trigger`: the run that was started; `started` when it was not waited for. */
export interface TriggerDocument extends PipelineDocument {
  /** Null when the API did not name it. */
  runUuid: string | null;
  /** `unknown`: it was not seen to end in time. */
  outcome: "started" | "succeeded" | "failed" | "unknown";
  taskCount: number;
  taskDurationMs: number;
  /** The configured name, else the UUID, of the first task that failed. */
  firstFailedTask: string | null;
  firstFailedTaskUuid: string | null;
  errorMessage: string | null;
}

/** `doctor`: what each check found. */
export interface DoctorDocument {
  checks: { check: string; state: "ok" | "warning" | "problem"; text: string; mend: string | null }[];
}

/** `migrate`: the migrations that were applied now, oldest first. */
export interface MigrateDocument {
  applied: string[];
}
