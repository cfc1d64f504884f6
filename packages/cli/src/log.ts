import { levels, pino, type Logger } from "pino";
import { z } from "zod";
import type { LogLevel } from "./environment.ts";
import { painted, type Style } from "./styled-text.ts";
import { visibleJson, visibleText } from "./visible-text.ts";

export type Log = Logger;

export interface LogOptions {
  level: LogLevel;
  isColorful: boolean;
  /** Where the lines go. Logs belong on stderr: stdout is for results. */
  stream: NodeJS.WritableStream;
}

/**
 * One line per event on stderr: time in UTC, level, message, then its figures as JSON. Whatever a message or a figure
 * holds from outside is made visible.
 */
export function createLog({ level, isColorful, stream }: LogOptions): Log {
  return pino({ level, base: null }, { write: (event) => stream.write(toLine(event, isColorful)) });
}

const STYLES: Readonly<Record<string, Style>> = {
  fatal: "red",
  error: "red",
  warn: "yellow",
  info: "green",
};

/** What pino makes of an event. A figure that has one of these names takes its place. */
const EVENT = z.looseObject({
  level: z.number(),
  time: z.number().pipe(z.coerce.date()),
  msg: z.string().default(""),
});

function toLine(event: string, isColorful: boolean): string {
  const { data } = EVENT.safeParse(JSON.parse(event));
  // Better a line that is hard to read than a command that ends for it.
  if (data === undefined) return `${visibleText(event.trimEnd())}\n`;
  const { level, time, msg, ...figures } = data;
  const name = levels.labels[level] ?? "info";
  const shown = name.toUpperCase();
  const marked = isColorful ? painted(STYLES[name] ?? "cyan", shown) : shown;
  const at = time.toISOString().replace(/\.\d+Z$/u, "Z");
  const rest = Object.keys(figures).length === 0 ? "" : ` ${visibleJson(figures)}`;
  return `[${at}] ${marked}: ${visibleText(msg)}${rest}\n`;
}
