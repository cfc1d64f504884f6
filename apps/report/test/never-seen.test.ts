import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { weekly } from "../src/commands/weekly.ts";
import { createWorld } from "./weekly-fixture.ts";

const BILLING = "7b1c0f7e-0000-4000-8000-000000000009";

test("scores nothing of a pipeline that the source has never shown, and says why", async () => {
  await using world = await createWorld();
  const file = join(world.folder, "runledger.yaml");
  const config = await readFile(file, "utf8");
  await writeFile(
    file,
    config.replace("pipelines: [", `pipelines: [{ uuid: ${BILLING}, name: billing }, `).replace(
      "    report:",
      `      - { id: bills-fresh, pipeline: billing, freshness: { max_age: 26h }, target: 98% }
      - { id: bills-daily, pipeline: billing, volume: { per: day, at_least: 1, on: daily }, target: 98% }
      - { id: bills-by-six, pipeline: billing, deadline: { by: "06:00", on: daily, opens: "00:00" }, target: 98% }
    report:`,
    ),
  );
  const { pool } = world.history;
  await pool.query(
    `insert into runledger.pipelines (pipeline_uuid, name, synced_through) values ($1, 'billing', '2026-06-01')`,
    [BILLING],
  );
  await pool.query(
    `insert into runledger.coverage (pipeline_uuid, day, state, checked_at)
     select $1, day, 'unverified', now() from generate_series('2026-01-01'::timestamp, '2026-05-31', '1 day') day`,
    [BILLING],
  );
  const context = world.context();
  await weekly(context, { out: world.folder });
  const [printed] = JSON.parse(context.printed());
  expect(printed.objectives.slice(-3)).toMatchObject([
    { verdict: "insufficient_data", attained: null },
    { verdict: "insufficient_data", attained: null },
    { verdict: "insufficient_data", attained: null },
  ]);
  const incidents = await pool.query("select from runledger.incidents where objective like 'bills%'");
  expect(incidents.rowCount).toBe(0);
  expect(printed.notes).toContainEqual({
    pipeline: "billing",
    kind: "never_seen",
    text: "billing: nothing was ever seen of the pipeline at the source.",
  });

  // Once a day of it is proven, a day without a run is one.
  await pool.query("update runledger.coverage set state = 'proven' where pipeline_uuid = $1", [BILLING]);
  const seen = world.context();
  await weekly(seen, { out: world.folder });
  expect(JSON.parse(seen.printed())[0].objectives.slice(-3)).toMatchObject([
    { verdict: "missed" },
    { verdict: "missed" },
    { verdict: "missed" },
  ]);
});
