import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "@runledger/cli";
import { exampleFaults } from "@runledger/cli/testing";
import { expect, test, vi } from "vitest";
import { check } from "../src/commands/check.ts";
import { deliveries } from "../src/commands/deliveries.ts";
import { explain } from "../src/commands/explain.ts";
import { preview } from "../src/commands/preview.ts";
import { resend } from "../src/commands/resend.ts";
import { suppress } from "../src/commands/suppress.ts";
import { weekly } from "../src/commands/weekly.ts";
import { createWorld, startMailServer } from "./weekly-fixture.ts";

const MORE = `
      - { id: by-six, pipeline: orders, deadline: { by: "06:00", on: workdays, opens: "05:00" }, target: 50% }
      - { id: fresh, pipeline: orders, freshness: { max_age: 1h }, target: 99% }
      - { id: enough, pipeline: orders, volume: { per: day, at_least: 24, on: daily }, target: 100% }
    report:`;

test("prints what docs/json.md shows", async () => {
  await using world = await createWorld();
  await using server = await startMailServer((recipient) =>
    recipient === "b@acme.example" ? "no such user" : null,
  );
  const file = join(world.folder, "runledger.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("\n    report:", MORE));
  const env = { SMTP_URL: server.url, MAIL_FROM: "Runledger <sla@acme.example>" };
  const printed = async (command: (context: Context) => Promise<unknown>): Promise<string> => {
    const context = world.context(env);
    await command(context);
    return context.printed().replaceAll(world.folder, "reports");
  };
  const out = world.folder;
  const faults = [
    ...exampleFaults("report weekly", await printed((context) => weekly(context, { out, send: true }))),
    ...exampleFaults("report check", await printed((context) => check(context, {}))),
    ...exampleFaults("report deliveries", await printed((context) => deliveries(context, {}))),
    ...exampleFaults(
      "report resend --failed",
      await printed((context) => resend(context, { failed: true, out })),
    ),
    ...exampleFaults(
      "report suppress",
      await printed((context) => suppress(context, {}, ["cfo@acme.example"])),
    ),
  ];
  const explained = async (objective: string) =>
    printed((context) => explain(context, {}, ["finance", objective]));
  faults.push(...exampleFaults("report explain AGREEMENT OBJECTIVE", await explained("succeeds")));
  for (const objective of ["by-six", "fresh", "enough"]) {
    const { definition, dueDays, gaps, days, ...rest } = JSON.parse(await explained(objective));
    const parts = JSON.stringify({ definition, dueDays, gaps, days });
    faults.push(...exampleFaults(`report explain finance ${objective}`, parts));
    const whole = JSON.stringify({
      ...rest,
      definition: { kind: "success" },
      dueDays: [],
      gaps: [],
      days: [],
    });
    faults.push(...exampleFaults("report explain AGREEMENT OBJECTIVE", whole));
  }
  const stop = new AbortController();
  const context = { ...world.context(env), signal: stop.signal };
  const ended = preview(context, { port: 0 });
  await vi.waitFor(() => expect(context.printed()).not.toBe(""), 30_000);
  stop.abort();
  await ended;
  faults.push(...exampleFaults("report preview", context.printed()));
  expect(faults).toEqual([]);
});
