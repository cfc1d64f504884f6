import { exitCode } from "@runledger/cli";
import { DatabaseSetUpError } from "@runledger/history";
import { onServer } from "@runledger/history/testing";
import { expect, test } from "vitest";
import { sync } from "../src/commands/sync.ts";
import { ORDERS, rowsOf, setUp } from "./sync-world.ts";

const NOW = new Date("2026-03-02T06:00:00Z");
const task = { isSuccessful: true, durationMs: 1000, micros: 0, copies: 1 };

test("says which right was taken away while it worked, and mends it with the statement that it prints", async () => {
  await using world = await setUp(rowsOf(ORDERS, [{ startSecond: 60, tasks: [task] }]), { now: NOW });
  const { pool } = world.history;
  const role = `ingest_${crypto.randomUUID().slice(0, 8)}`;
  await onServer(`create role ${role} login password 'x'`);
  await pool.query(`grant usage on schema runledger to ${role}`);
  await pool.query(`grant all on all tables in schema runledger to ${role}`);
  await pool.query(`grant all on all sequences in schema runledger to ${role}`);
  const url = new URL(world.history.url);
  url.username = role;
  url.password = "x";
  /** Takes a right away when the first request is sent whose path holds `moment`. */
  const context = (moment: string, revoke: string) => {
    let isDue = true;
    const revoking: typeof fetch = async (input, init) => {
      if (isDue && String(input instanceof Request ? input.url : input).includes(moment)) {
        isDue = false;
        await pool.query(revoke);
      }
      return fetch(input, init);
    };
    const it = world.context(NOW, { ylemOptions: { fetch: revoking } });
    return { ...it, environment: { ...it.environment, databaseUrl: url.href } };
  };
  const inOneLine = (text: string) => text.replaceAll(/\s+/gu, " ");

  const first = context("/logs/", `revoke insert, update on runledger.coverage from ${role}`);
  expect(await sync(first, {})).toBe(exitCode.partial);
  expect(inOneLine(first.printed.out)).toContain("permission denied for table coverage. As ");
  const grant = `grant insert, update on runledger.coverage to ${role};`;
  expect(inOneLine(first.printed.out)).toContain(grant);
  await pool.query(grant);

  const refused = sync(context("/", `revoke update on runledger.syncs from ${role}`), {});
  await expect(refused).rejects.toThrow(DatabaseSetUpError);
  await expect(refused).rejects.toThrow(`grant update on runledger.syncs to ${role};`);
  await pool.query(`grant update on runledger.syncs to ${role}`);
  expect(await sync(context("nowhere", ""), {})).toBe(exitCode.done);

  await pool.query(`drop owned by ${role}`);
  await onServer(`drop role ${role}`);
});
