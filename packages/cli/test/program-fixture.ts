// A program with one command of each outcome, started by program.test.ts as a process of its own.
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCode, Program } from "../src/index.ts";

class UnreachableError extends Error {}

const program = new Program({
  name: "fixture",
  description: "A program for the tests.",
  folder: dirname(import.meta.dirname),
  exitCodes: [[UnreachableError, exitCode.partial]],
});

program
  .command(
    "work",
    "Works.",
    (command) => command.option("--times <n>", "how often"),
    async (context, options) => {
      context.log.info({ rows: 3 }, "working");
      context.stdout.write(
        JSON.stringify({ isJson: context.isJson, config: context.environment.configPath, options }),
      );
      return exitCode.done;
    },
  )
  .command(
    "fail",
    "Fails as foreseen.",
    (command) => command,
    () => {
      throw new UnreachableError("cannot reach it; check the address");
    },
  )
  .command(
    "crash",
    "Fails as a bug does.",
    (command) => command,
    () => {
      throw new TypeError("x is not a function");
    },
  )
  .command(
    "wait",
    "Waits until it is stopped.",
    (command) => command,
    async (context) => {
      context.stdout.write("waiting\n");
      await sleep(60_000, undefined, { signal: context.signal });
      return exitCode.done;
    },
  );

process.exitCode = await program.run(process.argv.slice(2));
