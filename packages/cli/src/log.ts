import { pino, type Logger } from "pino";
import pretty from "pino-pretty";
import type { LogLevel } from "./environment.ts";

export type Log = Logger;

export interface LogOptions {
  level: LogLevel;
  isColorful: boolean;
  /** Where the lines go. Logs belong on stderr: stdout is for results. */
  stream: NodeJS.WritableStream;
}

/** One line per event on stderr: time in UTC, level, message, then its figures as JSON. */
export function createLog({ level, isColorful, stream }: LogOptions): Log {
  const lines = pretty({
    destination: stream,
    colorize: isColorful,
    singleLine: true,
    ignore: "pid,hostname",
    translateTime: "UTC:yyyy-mm-dd'T'HH:MM:ss'Z'",
    // Nothing is lost when the process ends right after a line.
    sync: true,
  });
  return pino({ level, base: null }, lines);
}
