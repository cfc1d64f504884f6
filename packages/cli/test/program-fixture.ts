// A program with one command of each outcome, started by program.test.ts as a process of its own.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { drawTable, exitCode, printResult, Program, UsageError, widthOf } from "../src/index.ts";

class UnreachableError extends Error {
  override name = "UnreachableError";
}

const program = new Program({
  name: "fixture",
  script: "fixture",
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
    "repeat <text>",
    "Prints a text from outside wherever there is a place for one.",
    (command) => command.option("--throw <how>", "after it: usage, system, bug"),
    async (context, options, [text = ""]) => {
      context.log.info({ figure: text }, text);
      printResult(context, {
        document: () => ({ text }),
        lines: () => [
          text,
          [{ text, style: "green" }],
          ...drawTable([{ title: text }, { title: "Other" }], [[text, text]], widthOf(context)),
        ],
      });
      if (options["throw"] === "usage") throw new UsageError(text);
      if (options["throw"] === "system") mkdirSync("/dev/null/folder");
      if (options["throw"] === "bug") throw new Error(text);
      return exitCode.done;
    },
  )
  .command(
    "flood",
    "Prints a lot.",
    (command) => command,
    async (context) => {
      printResult(context, {
        document: () => null,
        lines: () => Array.from({ length: 100_000 }, (_, n) => `line ${n}`),
      });
      return exitCode.done;
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
