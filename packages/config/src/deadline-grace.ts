/** How much grace fits into a deadline's window. Times of day are local `HH:mm`. */
interface Times {
  by: string;
  opens: string;
}

/**
 * The longest grace, in milliseconds: from `by` until the next window opens, by the clock. A run that finishes after
 * that serves the next day, so that a longer grace would promise what cannot count.
 */
export function longestGrace({ by, opens }: Times): number {
  const minutes = minuteOf(opens) - minuteOf(by);
  return (minutes < 0 ? minutes + 1440 : minutes) * 60_000;
}

/** What is wrong with a grace that is too long, and what to write instead. */
export function graceProblem(times: Times): string {
  const minutes = longestGrace(times) / 60_000;
  const cure = minutes === 0 ? "leave it out" : `write at most ${minutes}m`;
  return `the grace reaches beyond ${times.opens}, when the next day's window opens: ${cure}, or open it later`;
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
