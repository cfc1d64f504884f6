/** The words that the history keeps of its own work: its check constraints have the same. */

/** Of a day, as it compares with the source: it agrees for good, may change yet, does not agree, could not be compared. */
export const COVERAGE_STATES = ["proven", "open", "disputed", "unverified"] as const;

export type CoverageState = (typeof COVERAGE_STATES)[number];

/** How a command that fetches has ended, or that it has not. */
export const SYNC_OUTCOMES = ["running", "done", "partial", "failed", "interrupted"] as const;

export type SyncOutcome = Exclude<(typeof SYNC_OUTCOMES)[number], "running">;

/** Of an output of a task: what it was opened to, or that it was not kept. */
export const OUTPUT_STATES = ["empty", "plain", "decrypted", "opaque", "dropped"] as const;

export type OutputState = (typeof OUTPUT_STATES)[number];

/** Of a message: somebody is at it, it was accepted, refused, handed over and never confirmed, or is not wanted. */
export const DELIVERY_STATUSES = ["claimed", "sent", "failed", "unknown", "suppressed"] as const;

export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];
