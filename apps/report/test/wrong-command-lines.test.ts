import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { UsageError } from "@runledger/cli";
import { expect, test } from "vitest";
import { deliveriesOptions } from "../src/commands/deliveries.ts";
import { explainOptions } from "../src/commands/explain.ts";
import { previewOptions } from "../src/commands/preview.ts";
import { suppress } from "../src/commands/suppress.ts";
import { weeklyOptions } from "../src/commands/weekly.ts";
import { createWorld } from "./weekly-fixture.ts";

test.each(["junk", "2026-W54", "2026-12", "2026-w12", "2026-W12 ", "", "0000-W99"])(
  "takes no week %j",
  (week) => {
    for (const options of [weeklyOptions, previewOptions, explainOptions, deliveriesOptions]) {
      const attempt = () => options.parse({ out: ".", week });
      expect(attempt).toThrow(UsageError);
      expect(attempt).toThrow(`--week "${week}" is not an ISO week`);
    }
  },
);

test.each(["junk", "tomorrow", "2026-02-30", "1", "2026-03-23T06:00", ""])("takes no time %j", (asOf) => {
  for (const options of [weeklyOptions, previewOptions, explainOptions]) {
    expect(() => options.parse({ out: ".", asOf })).toThrow(
      new UsageError(`--as-of ${asOf} is not a time; write it like 2026-03-01T06:00:00Z`),
    );
  }
});

test.each(["http", "70000", "-1", "1e3", "0x10", "4178.5", " 80", ""])("takes no port %j", (port) => {
  expect(() => previewOptions.parse({ port })).toThrow(
    new UsageError(`--port ${port} is not a port; write a number up to 65535, 0 for any free one`),
  );
});

test("takes no address that is none, before anything is touched", async () => {
  await using world = await createWorld();
  // Whoever gets as far as the database fails otherwise.
  const context = world.context({ DATABASE_URL: "postgres://127.0.0.1:1/x" });
  for (const address of [
    "not-an-address",
    "a@",
    "@b",
    "a b@acme.example",
    "a@acme.example, b@acme.example",
    "",
  ]) {
    await expect(suppress(context, {}, [address])).rejects.toThrow(UsageError);
    expect(() => previewOptions.parse({ to: ["me@acme.example", address] })).toThrow(
      new UsageError(`--to ${address} is not an e-mail address; write it as name@example.com`),
    );
  }
});

test("makes values of what was written", () => {
  const [asOf, at] = ["2026-03-23T07:00+01:00", new Date("2026-03-23T06:00:00Z")];
  expect(previewOptions.parse({ port: "4178", to: ["a@acme.example"], week: "2026-W53", asOf })).toEqual({
    port: 4178,
    to: ["a@acme.example"],
    week: "2026-W53",
    asOf: at,
  });
  expect(weeklyOptions.parse({ out: ".", asOf: "2026-03-23" })).toEqual({
    out: ".",
    asOf: new Date("2026-03-23T00:00:00Z"),
  });
});

test("says it at the command line before anything is read, with the exit code of a wrong command line", async () => {
  const main = join(import.meta.dirname, "../src/main.ts");
  const lines: [args: string[], message: string][] = [
    [["weekly", "--week", "2026-W54"], '--week "2026-W54" is not an ISO week'],
    [["preview", "--port", "http"], "--port http is not a port"],
  ];
  for (const [args, message] of lines) {
    const env = { PATH: process.env["PATH"], RUNLEDGER_CONFIG: "/nowhere" };
    const { status, stderr, stdout } = spawnSync(process.execPath, [main, ...args, "--json"], { env });
    expect(String(stderr)).toContain(message);
    expect(JSON.parse(String(stdout))).toMatchObject({ error: { name: "UsageError", exitCode: 2 } });
    expect(status).toBe(2);
  }
});
