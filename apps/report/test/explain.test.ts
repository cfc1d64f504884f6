import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode } from "@runledger/cli";
import { expect, test } from "vitest";
import { explain } from "../src/commands/explain.ts";
import { createWorld, ORDERS, type World } from "./weekly-fixture.ts";

/** The runs of the world finish at ten past each hour of week 12; seven fail, the one of Tuesday 05:10 among them. */
const CONFIG = `
version: 1
history_start: 2026-01-01
pipelines: [{ uuid: ${ORDERS}, name: orders }]
agreements:
  - agreement: finance
    title: Finance close
    timezone: Europe/Berlin
    exclusions: [{ from: 2026-03-16 00:00, to: 2026-03-17 00:00, reason: Move }]
    objectives:
      - { id: succeeds, pipeline: orders, success: {}, target: 98% }
      - { id: fast, pipeline: orders, duration: { at_most: 4m, failed: exclude }, target: 90% }
      - { id: by-six, pipeline: orders, deadline: { by: "06:00", opens: "05:00", on: mon-tue }, target: 50% }
      - { id: fresh, pipeline: orders, freshness: { max_age: 1h }, target: 90% }
      - { id: enough, pipeline: orders, volume: { per: day, at_least: 24, on: mon-tue }, target: 100% }
    report: { to: [a@acme.example] }
`;

async function explained(world: World, objective: string): Promise<string[]> {
  const context = { ...world.context(), isJson: false };
  expect(await explain(context, { week: "2026-W12" }, ["finance", objective])).toBe(exitCode.done);
  return context
    .printed()
    .split("\n")
    .map((line) => line.trim());
}

test("explains each kind with what its figures rest on", async () => {
  await using world = await createWorld();
  await writeFile(join(world.folder, "runledger.yaml"), CONFIG);

  const succeeds = await explained(world, "succeeds");
  expect(succeeds).toEqual(
    expect.arrayContaining([
      "2. Excluded time. Runs that finish in it do not count:",
      "Mon 16 Mar 2026, 00:00 – Tue 17 Mar 2026, 00:00  Move (runs that finished in it: 24)",
      "3. Runs of orders that finished in the week: 168. Failed: 7.",
      "4. Runs that count: 144. Bad, for they failed: 6:",
      "Tue 17 Mar 2026, 05:10  00000000-0000-4000-8000-000000000700  failed: =cmd|calc",
      "5. Attained: 138 of 144 runs, 95.83%, rounded down. That is less than 98%.",
      "With no exclusions it would be 161 of 168 runs, 95.83%.",
      "6. Allowed bad: 2, which is 144 × (1 − 98%), rounded down. Bad: 6.",
      "Burn rate: the share that was bad ÷ the share that may be bad, rounded up: 2.09.",
      "Left of the error budget: 1 − burn rate, rounded down: −108.34%.",
      "2026-W12  138 of 144 runs, 95.83%: missed",
      "8. Incidents that the week saw open: 6.",
      "9. Verdict: missed. 6 of 144 runs failed; 2 were allowed.",
    ]),
  );

  const fast = await explained(world, "fast");
  expect(fast).toContain(
    "4. Runs that count, failed ones left out: 138. Bad, for they took longer than 4 min: 138:",
  );
  expect(fast).toContain("Tue 17 Mar 2026, 00:10  00000000-0000-4000-8000-000000000695  took 5 min");

  const bySix = await explained(world, "by-six");
  const day = bySix.findIndex((line) => line.startsWith("2026-03-17"));
  expect(bySix.slice(day - 2, day + 2)).toEqual([
    "4. Days on which a run was due: 2:",
    "2026-03-16  excused, the agreed time is excluded: window from Mon 16 Mar 2026, 05:00, due Mon 16 Mar 2026, 06:00, first success Mon 16 Mar 2026, 05:10 (00000000-0000-4000-8000-000000000676)",
    "2026-03-17  late by 10 min: window from Tue 17 Mar 2026, 05:00, due Tue 17 Mar 2026, 06:00, first success Tue 17 Mar 2026, 06:10 (00000000-0000-4000-8000-000000000701)",
    "Tue 17 Mar 2026, 05:10  00000000-0000-4000-8000-000000000700  failed: =cmd|calc",
  ]);

  const fresh = await explained(world, "fresh");
  const gaps = fresh.findIndex((line) => line.startsWith("4. "));
  expect(fresh.slice(gaps, gaps + 2)).toEqual([
    "4. Stretches of the week in which the latest success was older than 1 h: 6:",
    "age counts from Tue 17 Mar 2026, 04:10:00, next success Tue 17 Mar 2026, 06:10:00: older for 1 h of the time that counts",
  ]);
  expect(fresh).toContain("5. Attained: 138 h of 144 h, 95.83%, rounded down. That reaches 90%.");

  const enough = await explained(world, "enough");
  const days = enough.findIndex((line) => line.startsWith("4. "));
  expect(enough.slice(days, days + 4)).toEqual([
    "4. Successful runs by local day:",
    "2026-03-16  23: wholly excluded",
    "2026-03-17  23: fewer than 24",
    "2026-03-18  23: not asked for",
  ]);
});

test("says that nothing counted where there is no share", async () => {
  await using world = await createWorld();
  await world.history.pool.query("delete from runledger.runs where finished_at >= '2026-03-15 23:00Z'");
  const lines = await explained(world, "succeeds");
  expect(lines).toContain("5. Nothing counted, so there is no share and no error budget.");
  expect(lines).toContain("8. Verdict: insufficient data. There was no run.");
});

test("names the objectives there are when asked for another", async () => {
  await using world = await createWorld();
  await expect(explain(world.context(), {}, ["finance", "nonsense"])).rejects.toThrow(
    "it has succeeds, fast",
  );
});
