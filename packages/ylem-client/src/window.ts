import { ConfigurationError } from "./errors.ts";
import { toServerTime } from "./micro-instant-text.ts";

/**
 * A stretch of time. The server counts both ends in and knows whole seconds only, so `from` is rounded down
 * and `to` up: a row in the last fraction of a second is asked for too. Neighbouring windows share their
 * boundary second.
 */
export interface Window {
  from: Date;
  to: Date;
}

/** `FROM/TO`, the last two segments of a path. */
export function windowPath({ from, to }: Window): string {
  if (!(from.getTime() <= to.getTime())) {
    throw new ConfigurationError("A window needs two valid dates, the later one last");
  }
  const wholeTo = new Date(Math.ceil(to.getTime() / 1000) * 1000);
  return `${toServerTime(from)}/${toServerTime(wholeTo)}`;
}
