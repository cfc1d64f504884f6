import type { RunEvidence, WeeklyReport } from "../report-model.ts";

/**
 * A report whose runs may be too many to be held at once. They are gone through several times, and are the same each
 * time: by pipeline, then by finish.
 */
export type PrintableReport = Omit<WeeklyReport, "runs"> & { runs: Iterable<RunEvidence> };
