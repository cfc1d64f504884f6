import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/**
 * Runs a file in a process of its own and resolves to what it sends: no contestant finds code that is warm, or a heap
 * that is full, from another one.
 */
export async function inProcess<T>(file: URL, task: unknown): Promise<T> {
  const child = fork(fileURLToPath(file), [JSON.stringify(task)], { execArgv: NODE_FLAGS });
  const answer = Promise.withResolvers<T>();
  // Both ends are files of one folder.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  child.on("message", (message) => answer.resolve(message as T));
  child.on("exit", (code) =>
    answer.reject(new Error(`${file.pathname} ended with code ${code} and said nothing`)),
  );
  const result = await answer.promise;
  if (child.exitCode === null) {
    await once(child, "exit");
  }
  return result;
}

/** As the program itself is started: runs outlive a larger nursery, too. */
const NODE_FLAGS = ["--max-semi-space-size=8"];
