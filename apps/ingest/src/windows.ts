/** A window of the run log: both ends are asked for, so that neighbours share their boundary second. */
export interface LogWindow {
  from: Date;
  to: Date;
}

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** Bodies of about this size are quick to load and small in memory, however many pipelines run at once. */
const IDEAL_BYTES = 4 * 1024 * 1024;

export const FIRST_SIZE_MS = DAY_MS;
const LARGEST_SIZE_MS = 32 * DAY_MS;

/** The window of at most `sizeMs` that starts at `from` and does not pass `until`. */
export function windowAt(from: Date, until: Date, sizeMs: number): LogWindow {
  return { from, to: new Date(Math.min(from.getTime() + sizeMs, until.getTime())) };
}

/** The size to try next, given that a window of `sizeMs` had a body of `bytes`: quiet ones grow, large ones shrink. */
export function sizeAfter(sizeMs: number, bytes: number): number {
  if (bytes < IDEAL_BYTES / 4) {
    return Math.min(sizeMs * 2, LARGEST_SIZE_MS);
  }
  return bytes > IDEAL_BYTES ? halved(sizeMs) : sizeMs;
}

/** Half the size in whole seconds; never under one, the API's precision. */
export function halved(sizeMs: number): number {
  return Math.max(SECOND_MS, Math.floor(sizeMs / 2 / SECOND_MS) * SECOND_MS);
}

/** Whether a window cannot be made smaller. */
export function isSmallest({ from, to }: LogWindow): boolean {
  return to.getTime() - from.getTime() <= SECOND_MS;
}

/** The instant without its fraction of a second. */
export function wholeSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / SECOND_MS) * SECOND_MS);
}
