/** What was done for one pipeline, counted while it is done, so that it stands also when it fails midway. */
export class Tally {
  rowsFetched = 0;
  rowsNew = 0;
  rowsQuarantined = 0;
  daysVerified = 0;
  daysRepaired = 0;
  /** The source has never shown anything of the pipeline: it does not know it, or it has not run yet. */
  isNeverSeen = false;
  /** Days that disagree with the source after all that was tried. */
  readonly disputed: DisputedDay[] = [];

  add(counts: Partial<Omit<Tally, "add" | "disputed" | "isNeverSeen">>): void {
    this.rowsFetched += counts.rowsFetched ?? 0;
    this.rowsNew += counts.rowsNew ?? 0;
    this.rowsQuarantined += counts.rowsQuarantined ?? 0;
    this.daysVerified += counts.daysVerified ?? 0;
    this.daysRepaired += counts.daysRepaired ?? 0;
  }
}

/** A day of `disagreements`. */
export interface DisputedDay {
  day: string;
  storedRuns: number;
  /** Null where the source's figures of the pipeline cannot be trusted. */
  sourceRuns: number | null;
  storedFailures: number;
  sourceFailures: number | null;
  storedTaskRuns: number;
  sourceTaskRuns: number;
  /** Rows of the day that could not be read, which the source counts. */
  quarantinedRows: number;
  /** Answers that touch the day and could not be read or stored at all. */
  setAsideAnswers: number;
}
