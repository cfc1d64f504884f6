/** What was done for one pipeline, counted while it is done, so that it stands also when it fails midway. */
export class Tally {
  rowsFetched = 0;
  rowsNew = 0;
  rowsQuarantined = 0;
  daysVerified = 0;
  daysRepaired = 0;
  /** Days that disagree with the source after all that was tried. */
  readonly disputed: DisputedDay[] = [];

  add(counts: Partial<Omit<Tally, "add" | "disputed">>): void {
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
  sourceRuns: number;
  storedFailures: number;
  sourceFailures: number;
  storedTaskRuns: number;
  sourceTaskRuns: number;
  /** Rows of the day that could not be read, which the source counts. */
  quarantinedRows: number;
}
