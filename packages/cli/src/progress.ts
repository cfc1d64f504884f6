import { createLogUpdate } from "log-update";
import stringWidth from "string-width";
import { toText, type Line, type Span } from "./styled-text.ts";
import { visibleText } from "./visible-text.ts";
import { wrapped } from "./wrap.ts";

/** How far a job is, of several that run at the same time. */
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

export interface ProgressOptions {
  /** Whether it is shown at all. */
  isShown: boolean;
  isColorful: boolean;
}

/** Bars on a terminal, redrawn at most every 80 ms; nothing elsewhere, where log lines tell the same. */
export function createProgress(
  stream: NodeJS.WriteStream,
  { isShown, isColorful }: ProgressOptions,
): Progress {
  if (!isShown) {
    return { update: () => {}, stop: () => {} };
  }
  const jobs = new Map<string, JobProgress>();
  const screen = createLogUpdate(stream);
  const draw = (): void => {
    const lines = drawProgress([...jobs.values()], stream.columns, stream.rows);
    screen(toText(lines, isColorful).trimEnd());
  };
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
const WIDEST_NAME = 28;

/** The picture: a line per job, running ones last so that they stay in sight when there are more than rows. */
export function drawProgress(jobs: readonly JobProgress[], columns = 80, rows = 24): Line[] {
  const names = jobs.map((job) => stringWidth(visibleText(job.name)));
  const nameWidth = Math.min(WIDEST_NAME, Math.max(...names, 0));
  const ordered = [
    ...jobs.filter((job) => job.state !== "running"),
    ...jobs.filter((job) => job.state === "running"),
  ];
  const shown = ordered.slice(-(rows - 2));
  const hidden = ordered.length - shown.length;
  const above: Line[] = hidden > 0 ? [[{ text: `… ${hidden} more`, style: "dim" }]] : [];
  return [...above, ...shown.map((job) => drawJob(job, nameWidth, columns))];
}

const MARKS = {
  running: { text: "•", style: "cyan" },
  done: { text: "✔", style: "green" },
  failed: { text: "✖", style: "red" },
} as const satisfies Record<JobProgress["state"], Span>;

/** A line that wraps would break the redraw, so that the note loses its end, and where there is no room the bar. */
function drawJob({ name, share, note, state }: JobProgress, nameWidth: number, columns: number): Line {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const shownName = clipped(visibleText(name), Math.min(nameWidth, columns - 8));
  const named = `${shownName}${" ".repeat(Math.max(0, nameWidth - stringWidth(shownName)))}`;
  const left = columns - 2 - stringWidth(named);
  if (left < BAR_WIDTH + 8) {
    return [MARKS[state], " ", clipped(`${named} ${percent}`, columns - 2)];
  }
  return [
    MARKS[state],
    ` ${named} ${"━".repeat(filled)}`,
    { text: "─".repeat(BAR_WIDTH - filled), style: "dim" },
    ` ${percent}  `,
    { text: clipped(visibleText(note), left - BAR_WIDTH - 8), style: "dim" },
  ];
}

function clipped(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  return `${wrapped(text, Math.max(1, width - 1))[0] ?? ""}…`;
}
