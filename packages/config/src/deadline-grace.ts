/** How much grace fits into a deadline's window. Times of day are local `HH:mm`. */
interface Times {
  by: string;
  opens: string;
}

/**
 * Whether a grace, in milliseconds, ends before the next window opens, by the clock: a run that finishes then serves the
 * next day, so that a longer grace would promise what cannot count. Without a grace the window may end at `by`.
 */
export function isGraceInWindow(grace: number, times: Times): boolean {
  return grace === 0 || grace < minutesOpen(times) * 60_000;
}

/** What is wrong with a grace that is too long, and what to write instead. */
export function graceProblem(times: Times): string {
  const minutes = minutesOpen(times);
  const longest = minutes === 1 ? "59s" : `${minutes - 1}m`;
  const cure = minutes === 0 ? "leave it out" : `write at most ${longest}`;
  return `the grace reaches ${times.opens}, when the next day's window opens: ${cure}, or open it later`;
}

/** From `by` until the next window opens. */
function minutesOpen({ by, opens }: Times): number {
  const minutes = minuteOf(opens) - minuteOf(by);
  return minutes < 0 ? minutes + 1440 : minutes;
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
