// A program with one command of each outcome, started by program.test.ts as a process of its own.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { drawTable, exitCode, printResult, Program, UsageError, widthOf } from "../src/index.ts";

class UnreachableError extends Error {
  override name = "UnreachableError";
}

function timesFrom(text: string): number {
  const times = Number(text);
  if (!(times > 0)) throw new UsageError(`--times ${text} is not a number; write it like 3`);
  return times;
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
    z.object({ times: z.string().transform(timesFrom).optional() }),
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
    z.object({}),
    () => {
      throw new UnreachableError("cannot reach it; check the address");
    },
  )
  .command(
    "crash",
    "Fails as a bug does.",
    (command) => command,
    z.object({}),
    () => {
      throw new TypeError("x is not a function");
    },
  )
  .command(
    "repeat <text>",
    "Prints a text from outside wherever there is a place for one.",
    (command) => command.option("--throw <how>", "after it: usage, system, bug"),
    z.object({ throw: z.enum(["usage", "system", "bug"]).optional() }),
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
      if (options.throw === "usage") throw new UsageError(text);
      if (options.throw === "system") mkdirSync("/dev/null/folder");
      if (options.throw === "bug") throw new Error(text);
      return exitCode.done;
    },
  )
  .command(
    "flood",
    "Prints a lot.",
    (command) => command,
    z.object({}),
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
    z.object({}),
    async (context) => {
      context.stdout.write("waiting\n");
      await sleep(60_000, undefined, { signal: context.signal });
      return exitCode.done;
    },
  );

process.exitCode = await program.run(process.argv.slice(2));
