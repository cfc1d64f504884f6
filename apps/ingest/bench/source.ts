import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Where the made-up runs are served, and the time that they span. Instants are ISO 8601. */
export interface Source {
  url: string;
  clientId: string;
  clientSecret: string;
  from: string;
  end: string;
}

/**
 * Starts the process that serves `count` made-up task runs; disposing of it ends the process.
 *
 * @param isAskedAgain whether its answers are kept, to be sent again at once.
 */
export async function startSource(count: number, isAskedAgain: boolean): Promise<Source & Disposable> {
  const child = fork(join(import.meta.dirname, "source-process.ts"), [String(count), String(isAskedAgain)], {
    // Millions of rows and their texts are kept in memory there.
    execArgv: ["--max-old-space-size=16000"],
  });
  const [source]: Source[] = await once(child, "message");
  if (source === undefined) {
    throw new Error("the source said nothing");
  }
  return { ...source, [Symbol.dispose]: () => child.kill() };
}
