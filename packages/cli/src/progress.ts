import { stripVTControlCharacters, styleText } from "node:util";
import { createLogUpdate } from "log-update";

/** How far one of several jobs is. */
export interface JobProgress {
  name: string;
  /** From 0 to 1. */
  share: number;
  /** What it is at, for example `2026-03-01 · 1,204 rows`. */
  note: string;
  state: "running" | "done" | "failed";
}

export interface Progress {
  /** Shows how far a job is. */
  update(job: JobProgress): void;
  /** Leaves the last picture standing and gives the terminal back. */
  stop(): void;
}

const REFRESH_MS = 80;

/** Bars on a terminal, redrawn at most every 80 ms; nothing elsewhere, where log lines tell the same. */
export function createProgress(stream: NodeJS.WriteStream, isShown: boolean): Progress {
  if (!isShown) {
    return { update: () => {}, stop: () => {} };
  }
  const jobs = new Map<string, JobProgress>();
  const screen = createLogUpdate(stream);
  const draw = (): void => screen(drawProgress([...jobs.values()], stream.columns, stream.rows));
  const timer = setInterval(draw, REFRESH_MS).unref();
  return {
    update: (job) => jobs.set(job.name, job),
    stop: () => {
      clearInterval(timer);
      draw();
      screen.done();
    },
  };
}

const BAR_WIDTH = 24;

/** The picture: a line per job, running ones last so that they stay in sight when there are more than rows. */
export function drawProgress(jobs: readonly JobProgress[], columns = 80, rows = 24): string {
  const nameWidth = Math.min(28, Math.max(...jobs.map((job) => job.name.length), 0));
  const ordered = [
    ...jobs.filter((job) => job.state !== "running"),
    ...jobs.filter((job) => job.state === "running"),
  ];
  const shown = ordered.slice(-(rows - 2));
  const hidden = ordered.length - shown.length;
  const above = hidden > 0 ? [styleText("dim", `… ${hidden} more`)] : [];
  return [...above, ...shown.map((job) => clip(drawJob(job, nameWidth), columns))].join("\n");
}

const MARKS = {
  running: styleText("cyan", "•"),
  done: styleText("green", "✔"),
  failed: styleText("red", "✖"),
} as const;

function drawJob({ name, share, note, state }: JobProgress, nameWidth: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  const bar = "━".repeat(filled) + styleText("dim", "─".repeat(BAR_WIDTH - filled));
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `${MARKS[state]} ${name.slice(0, nameWidth).padEnd(nameWidth)} ${bar} ${percent}  ${styleText("dim", note)}`;
}

/** A line that wraps would break the redraw; one that is too long loses its colours and its end. */
function clip(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : `${plain.slice(0, columns - 1)}…`;
}
