/**
 * The words that reports keep: the database's check constraints and the tables of words and colours have the same.
 */

/** Most concerning first. */
export const VERDICTS = ["missed", "at_risk", "insufficient_data", "met", "not_in_force"] as const;

export type Verdict = (typeof VERDICTS)[number];

/**
 * `on_time`: a successful run in time. `late`: one after the due time. `missed`: runs, none of them successful.
 * `no_run`: none. `pending`: not due yet, or not known because the history may lack runs. `excused`: the agreed time is
 * in excluded time.
 */
export const DEADLINE_STATUSES = ["on_time", "late", "missed", "no_run", "pending", "excused"] as const;

export type DeadlineStatus = (typeof DEADLINE_STATUSES)[number];

/** Whether a due day counts as good or as bad; one that is pending or excused counts neither way. */
export const DEADLINE_COUNTS: Record<DeadlineStatus, "good" | "bad" | null> = {
  on_time: "good",
  late: "bad",
  missed: "bad",
  no_run: "bad",
  pending: null,
  excused: null,
};

/**
 * Why a revision prints something else than the one before. `definition`: restated on purpose. `exclusions`: entered,
 * changed or taken back after the fact. `late_rows`: runs came in late or changed. `coverage`: other days are proven,
 * disputed or synced. `time_zones`: the time-zone database says otherwise of these weeks. `wording`: reasons, approvers
 * or names. `software`: all of these are the same, and yet the figures differ.
 */
export const REVISION_CAUSES = [
  "definition",
  "exclusions",
  "late_rows",
  "coverage",
  "time_zones",
  "wording",
  "software",
] as const;

export type RevisionCause = (typeof REVISION_CAUSES)[number];

/** The figures of `sla_results`. Shares are fractions of one; counts are runs, days or, for freshness, seconds. */
export const STORED_FIGURES = [
  "verdict",
  "target",
  "attained",
  "good",
  "total",
  "excluded",
  "attained_raw",
  "attained_4w",
] as const;

/** The figures that revisions are compared by, the most telling first. Means are in milliseconds. */
export const CHANGED_FIGURES = [
  ...STORED_FIGURES,
  "mean_time_to_recover",
  "mean_time_between_failures",
] as const;

export type ChangedFigure = (typeof CHANGED_FIGURES)[number];
