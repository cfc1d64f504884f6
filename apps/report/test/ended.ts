import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** A process's exit code and signal, once it has ended: it may have before anybody asks. */
export async function ended(child: ChildProcess): Promise<unknown[]> {
  const { exitCode, signalCode } = child;
  return exitCode !== null || signalCode !== null ? [exitCode, signalCode] : once(child, "exit");
}
