import { DAY_MS } from "./days.ts";

/** A window of the run log: both ends are asked for, so that neighbours share their boundary second. */
export interface LogWindow {
  from: Date;
  to: Date;
}

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
/** Bodies of about this size are quick to load and small in memory, however many pipelines run at once. */
const IDEAL_BYTES = 3 * 1024 * 1024;
/** Of a row of the log, roughly: only the first window's size depends on it. */
const ROW_BYTES = 500;
const LARGEST_SIZE_MS = 32 * DAY_MS;

/** The size to begin with: what an ideal body holds, or an hour where nothing is known. */
export function firstSize(rowsPerDay: number | null): number {
  if (rowsPerDay === null) {
    return HOUR_MS;
  }
  const size = (IDEAL_BYTES / ROW_BYTES / Math.max(rowsPerDay, 1)) * DAY_MS;
  return Math.min(LARGEST_SIZE_MS, inWholeSeconds(size));
}

/** The window of at most `sizeMs` that starts at `from` and does not pass `until`. */
export function windowAt(from: Date, until: Date, sizeMs: number): LogWindow {
  return { from, to: new Date(Math.min(from.getTime() + sizeMs, until.getTime())) };
}

/** The size to try next, given that a window of `sizeMs` had a body of `bytes`: quiet ones grow, large ones shrink. */
export function sizeAfter(sizeMs: number, bytes: number): number {
  if (bytes < IDEAL_BYTES / 2) {
    return Math.min(sizeMs * 2, LARGEST_SIZE_MS);
  }
  return bytes > IDEAL_BYTES ? halved(sizeMs) : sizeMs;
}

/** Half the size in whole seconds; never under one, the API's precision. */
export function halved(sizeMs: number): number {
  return inWholeSeconds(sizeMs / 2);
}

/** Both halves of a window, which share a whole second. */
export function halvesOf(window: LogWindow): LogWindow[] {
  const middle = new Date(window.from.getTime() + halved(lengthOf(window)));
  return [
    { from: window.from, to: middle },
    { from: middle, to: window.to },
  ];
}

/** Whether a window cannot be made smaller. */
export function isSmallest(window: LogWindow): boolean {
  return lengthOf(window) <= SECOND_MS;
}

/** Windows in order, those that share a bound made one. */
export function joined(windows: readonly LogWindow[]): LogWindow[] {
  const result: LogWindow[] = [];
  for (const window of windows) {
    const last = result.at(-1);
    if (last && last.to >= window.from) {
      result[result.length - 1] = { from: last.from, to: window.to };
    } else {
      result.push(window);
    }
  }
  return result;
}

/** The instant without its fraction of a second. */
export function wholeSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / SECOND_MS) * SECOND_MS);
}

export function lengthOf({ from, to }: LogWindow): number {
  return to.getTime() - from.getTime();
}

function inWholeSeconds(ms: number): number {
  return Math.max(SECOND_MS, Math.floor(ms / SECOND_MS) * SECOND_MS);
}
