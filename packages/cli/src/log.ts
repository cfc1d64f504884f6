import { levels, pino, type Logger } from "pino";
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

function toLine(event: string, isColorful: boolean): string {
  const { level, time, msg, ...figures } = JSON.parse(event);
  const name = levels.labels[level] ?? "info";
  const shown = name.toUpperCase();
  const marked = isColorful ? painted(STYLES[name] ?? "cyan", shown) : shown;
  const at = new Date(time).toISOString().replace(/\.\d+Z$/u, "Z");
  const rest = Object.keys(figures).length === 0 ? "" : ` ${visibleJson(figures)}`;
  return `[${at}] ${marked}: ${visibleText(String(msg ?? ""))}${rest}\n`;
}
