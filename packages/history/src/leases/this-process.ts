import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { hasCode } from "../connection/errors.ts";

/** What tells a process from all others, so that one on the same machine can find out that it has ended. */
export interface ProcessMark {
  /** One boot of one machine, and there one namespace of processes: containers do not see each other's. */
  machine: string;
  pid: number;
  /** What tells it from a later process with the same pid; null where the system does not say. */
  pidStarted: string | null;
}

/** A mark that was written down. */
export const processMark: z.ZodType<ProcessMark> = z.object({
  machine: z.string(),
  pid: z.int(),
  pidStarted: z.string().nullable(),
});

export function thisProcess(): ProcessMark {
  const { pid } = process;
  return { machine: thisMachine(), pid, pidStarted: statOf(pid)?.started ?? null };
}

/**
 * Whether a process has surely ended. False for one that only stands still, and for one of another machine: of those
 * nobody knows.
 */
export function hasEnded({ machine, pid, pidStarted }: ProcessMark): boolean {
  if (machine !== thisMachine()) {
    return false;
  }
  const stat = statOf(pid);
  if (stat !== null && pidStarted !== null) {
    return stat.isGone || stat.started !== pidStarted;
  }
  return !isThere(pid);
}

function thisMachine(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/** What Linux says of a process; null elsewhere, and when there is none. */
function statOf(pid: number): { isGone: boolean; started: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before it is in parentheses and can hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state = "", started = ""] = [fields[STATE], fields[START_TIME]];
    // A zombie is only waiting for its parent to look.
    return { isGone: state === "Z" || state === "X", started };
  } catch {
    return null;
  }
}

/** Positions after the name; proc_pid_stat(5). */
const STATE = 0;
const START_TIME = 19;

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}
