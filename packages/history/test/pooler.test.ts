import { needsProgram } from "@runledger/testing/needs-program";
import { expect, test } from "vitest";
import { enlist, inTransaction, migrate, openHistory } from "../src/index.ts";
import { startPgBouncer } from "../src/testing/pgbouncer.ts";
import { createTestDatabase, createTestHistory } from "../src/testing/test-history.ts";

const pgbouncer = needsProgram("pgbouncer");

test.skipIf(pgbouncer.isMissing)("says which mode a pooler has to have", async () => {
  await using history = await createTestHistory();
  await using pooler = await startPgBouncer(pgbouncer.path, history.url, "statement");
  await expect(openHistory({ url: pooler.url })).rejects.toThrow(
    /statement pooling mode.*pool_mode = transaction/u,
  );
});

test.skipIf(pgbouncer.isMissing)("migrates, takes turns and keeps no state through a pooler", async () => {
  const url = await createTestDatabase(`empty_${Date.now()}`);
  await using pooler = await startPgBouncer(pgbouncer.path, url, "transaction");
  await using first = await openHistory({ url: pooler.url });
  await using second = await openHistory({ url: pooler.url });
  const results = await Promise.all([first, second, first, second].map(({ db }) => migrate(db)));
  expect(results.filter(({ applied }) => applied.length > 0)).toHaveLength(1);

  // Clients outnumber sessions, and each finds the next one as it was.
  const before = await first.pool.query(SETTINGS);
  await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      await using worker = await enlist(index % 2 === 0 ? first : second, `worker ${index}`);
      await inTransaction(second, async ({ client }) => {
        await client.query("set local lock_timeout = '1s'; set local synchronous_commit = off");
      });
      const { rows } = await first.pool.query("select from runledger.processes where process_uuid = $1", [
        worker.uuid,
      ]);
      expect(rows).toHaveLength(1);
    }),
  );
  const held = await first.pool.query(
    `select from pg_locks where locktype = 'advisory'
       and database = (select oid from pg_database where datname = current_database())`,
  );
  expect(held.rowCount).toBe(0);
  for (let session = 0; session < 10; session += 1) {
    const after = await second.pool.query(SETTINGS);
    expect(after.rows).toEqual(before.rows);
  }
});

/** Those of PL/pgSQL show themselves only in a session that has used it. */
const SETTINGS = "select name, setting from pg_settings where name not like 'plpgsql.%' order by name";
