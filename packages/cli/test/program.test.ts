import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { z } from "zod";
import { Program } from "../src/index.ts";
import { exampleFaults } from "../src/testing/json-examples.ts";

const FIXTURE = join(import.meta.dirname, "program-fixture.ts");

async function run(args: string[], env: Record<string, string> = {}) {
  return startWith(env, args).ended;
}

function start(...args: string[]) {
  return startWith({}, args);
}

function startWith(env: Record<string, string>, args: string[]) {
  const child = spawn(process.execPath, [FIXTURE, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...env },
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { child, ended: ended.then(([stdout, stderr, [code]]) => ({ code, stdout, stderr })) };
}

test("keeps stdout for the result and stderr for the log", async () => {
  const { code, stdout, stderr } = await start("work", "--json", "--times", "2").ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ isJson: true, options: { times: 2 } });
  expect(stderr).toMatch(/^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\] INFO: working \{"rows":3\}\n$/u);
});

test("refuses a value that the option's schema does not take", async () => {
  const { code, stdout, stderr } = await start("work", "--json", "--times", "often").ended;
  const message = "--times often is not a number; write it like 3";
  expect({ code, stderr }).toEqual({ code: 2, stderr: `fixture: ${message}\n` });
  expect(JSON.parse(stdout)).toEqual({ error: { name: "UsageError", message, exitCode: 2 } });
  expect(await start("repeat", "x", "--throw", "tantrum").ended).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^fixture: --throw: .*"usage"/u),
  });
});

test("adds no command whose options would not all be parsed", () => {
  const settings = { name: "fixture", script: "fixture", description: "", exitCodes: [] };
  const folder = dirname(import.meta.dirname);
  const define = (command: Command) => command.option("--dry-run", "does nothing");
  const add = (options: z.ZodObject) => () =>
    new Program({ ...settings, folder }).command("work", "Works.", define, options, async () => 0);
  expect(add(z.object({}))).toThrow("work: help and schema differ in the options dryRun");
  expect(add(z.object({ dryRun: z.boolean().optional(), port: z.string().optional() }))).toThrow(
    "work: help and schema differ in the options port",
  );
});

test("takes shared options before and behind the command", async () => {
  for (const args of [
    ["--config", "a.yaml", "work"],
    ["work", "--config", "a.yaml"],
  ]) {
    const { stdout } = await start(...args).ended;
    expect(JSON.parse(stdout)).toMatchObject({ config: "a.yaml" });
  }
});

test("says a foreseen error in one line, with its exit code", async () => {
  expect(await start("fail").ended).toEqual({
    code: 1,
    stdout: "",
    stderr: "fixture: cannot reach it; check the address\n",
  });
});

test("says a bug in one line, and where to find its stack", async () => {
  expect(await start("crash").ended).toEqual({
    code: 1,
    stdout: "",
    stderr: "fixture: unexpected error: TypeError: x is not a function (LOG_LEVEL=debug shows where)\n",
  });
  const { stderr } = await run(["crash"], { LOG_LEVEL: "debug" });
  expect(stderr).toContain("fixture: unexpected error: TypeError: x is not a function\n    at ");
});

test.each([
  [["fail"], 1, "UnreachableError", "cannot reach it; check the address"],
  [
    ["crash"],
    1,
    "TypeError",
    "unexpected error: TypeError: x is not a function (LOG_LEVEL=debug shows where)",
  ],
  [["wrok"], 2, "UsageError", "there is no command wrok: did you mean work?"],
  [["work", "--tmies", "2"], 2, "UsageError", "unknown option '--tmies'"],
] as const)("prints one JSON document of an error, too: %o", async (args, expected, name, message) => {
  const { code, stdout } = await run([...args, "--json"]);
  expect(code).toBe(expected);
  const error = { name, exitCode: expected, message: expect.stringContaining(message) };
  expect(JSON.parse(stdout)).toEqual({ error });
  expect(exampleFaults("error", stdout)).toEqual([]);
});

test("prints no second JSON document when something fails after the first", async () => {
  const { code, stdout } = await run(["repeat", "x", "--throw", "system", "--json"]);
  expect(JSON.parse(stdout)).toEqual({ text: "x" });
  expect(code).toBe(1);
});

test("asks what was meant by a misspelled command", async () => {
  expect(await start("wrok", "--times", "2").ended).toEqual({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(
      /^fixture: there is no command wrok: did you mean work\?\nRun node .*program-fixture\.ts --help to see what is possible\.\n$/u,
    ),
  });
  expect((await start("nonsense").ended).stderr).toContain("there are work, fail, ");
});

test("says what the system refused, and no stack", async () => {
  const { code, stderr } = await run(["repeat", "x", "--throw", "system"]);
  expect(stderr).toContain(
    "fixture: a file stands where a folder is needed (ENOTDIR): ENOTDIR: not a directory, mkdir",
  );
  expect(stderr).not.toContain("    at ");
  expect(code).toBe(1);
});

const HOSTILE = "a\u001b[31mb\u009b31m\u202ec\u200bd\r\ne\u0007\u007f\u2066f\u2028\ud800";
// The program's own line breaks and, in colour, its own styles are no part of it.
// oxlint-disable-next-line no-control-regex
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u2028\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u;

test.each(["usage", "bug"])("shows what is hidden in a text from outside, %s or not", async (how) => {
  const { stdout, stderr } = await run(["repeat", HOSTILE, "--throw", how]);
  for (const printed of [stdout, stderr]) {
    expect(printed).not.toMatch(RAW);
    expect(printed).toContain("a\\u{1b}[31mb\\u{9b}31m\\u{202e}c");
  }
  const { stdout: json } = await run(["repeat", HOSTILE, "--json"]);
  expect(json).not.toMatch(RAW);
  // A lone surrogate does not survive as an argument of a process.
  expect(JSON.parse(json)).toEqual({ text: Buffer.from(HOSTILE).toString() });
});

test("colours its own words and no others", async () => {
  const { stdout, stderr } = await run(["repeat", HOSTILE], { FORCE_COLOR: "1" });
  // oxlint-disable-next-line no-control-regex
  const styles = new Set(stdout.match(/\u001b\[?\d*m?/gu));
  expect([...styles].toSorted()).toEqual(["\u001b[1m", "\u001b[22m", "\u001b[32m", "\u001b[39m"]);
  expect(`${stdout}${stderr}`).not.toContain("\u001b[31m");
  const { stdout: plain } = await run(["repeat", HOSTILE], { NO_COLOR: "1", FORCE_COLOR: "1" });
  expect(plain).not.toContain("\u001b");
});

test("ends quietly when nobody reads on", async () => {
  const command = `"${process.execPath}" "${FIXTURE}" flood | head -1; exit \${PIPESTATUS[0]}`;
  const child = spawn("bash", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "line 0\n", stderr: "" });
});

test.runIf(existsSync("/dev/full"))("says that a result could not be written", async () => {
  const command = `"${process.execPath}" "${FIXTURE}" repeat x > /dev/full`;
  const child = spawn("bash", ["-c", command], { stdio: ["ignore", "ignore", "pipe"] });
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect(stderr).toContain("fixture: the result could not be written: the disk is full (ENOSPC)\n");
  expect(code).toBe(1);
});

test.each([["--nonsense"], ["nonsense"], ["work", "--times"]])(
  "exits 2 on a wrong command line: %s",
  async (...args) => {
    const { code, stderr } = await start(...args).ended;
    expect(code).toBe(2);
    expect(stderr).toContain("--help");
  },
);

test.each([["--help"], ["--version"], ["work", "--help"]])("exits 0 after %s %s", async (...args) => {
  expect((await start(...args).ended).code).toBe(0);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("stops on %s and exits %i", async (signal, expected) => {
  const { child, ended } = start("wait");
  await once(child.stdout, "data");
  child.kill(signal);
  expect((await ended).code).toBe(expected);
});
