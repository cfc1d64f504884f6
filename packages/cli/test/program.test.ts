import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

function start(...args: string[]) {
  const fixture = join(import.meta.dirname, "program-fixture.ts");
  const child = spawn(process.execPath, [fixture, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { child, ended: ended.then(([stdout, stderr, [code]]) => ({ code, stdout, stderr })) };
}

test("keeps stdout for the result and stderr for the log", async () => {
  const { code, stdout, stderr } = await start("work", "--json", "--times", "2").ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ isJson: true, options: { times: "2" } });
  expect(stderr).toMatch(/^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\] INFO: working \{"rows":3\}\n$/u);
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

test("shows the stack of a bug", async () => {
  const { code, stderr } = await start("crash").ended;
  expect(code).toBe(1);
  expect(stderr).toContain("fixture: unexpected error: TypeError: x is not a function\n    at ");
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
