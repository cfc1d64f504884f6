import { exitCode } from "@runledger/cli";
import { expect, test } from "vitest";
import { ClockBehindError } from "../src/weeks/clock.ts";
import { resend } from "../src/commands/resend.ts";
import { weekly } from "../src/commands/weekly.ts";
import { createWorld, startMailServer, type World } from "./weekly-fixture.ts";

/** A sync that found the source's clock at `sourceTime`. */
async function noteSync({ history }: World, sourceTime: string): Promise<void> {
  await history.pool.query(
    `insert into runledger.syncs (command, started_at, source_ahead_ms)
     values ('sync', now(), (extract(epoch from $1::timestamptz - clock_timestamp()) * 1000)::bigint)`,
    [sourceTime],
  );
}

async function weeksOf({ history }: World): Promise<unknown[]> {
  const { rows } = await history.pool.query("select distinct week, verdict from runledger.sla_results");
  return rows;
}

test("scores the last week that has been, though this machine's clock is in June", async () => {
  await using world = await createWorld();
  await noteSync(world, "2026-03-23T07:00:00Z");
  const context = world.context({}, new Date("2026-06-23T07:00:00Z"));
  await weekly(context, { out: world.folder });
  expect(await weeksOf(world)).toEqual(
    expect.arrayContaining([expect.objectContaining({ week: "2026-W12", verdict: "missed" })]),
  );
  expect(JSON.parse(context.printed())[0].asOf).toMatch(/^2026-03-23T07:/u);
});

test("trusts a clock that is right, or ahead by less than a minute", async () => {
  await using world = await createWorld();
  await noteSync(world, "2026-03-23T06:59:30Z");
  const now = new Date("2026-03-23T07:00:00Z");
  const context = world.context({}, now);
  await weekly(context, { out: world.folder });
  expect(JSON.parse(context.printed())[0].asOf).toBe(now.toISOString());
});

test("sends nothing by a clock that was set back", async () => {
  await using world = await createWorld();
  await using server = await startMailServer();
  const env = { SMTP_URL: server.url, MAIL_FROM: "sla@acme.example" };
  const behind = () => world.context(env, new Date("2026-02-23T07:00:00Z"));
  for (const send of [
    () => weekly(behind(), { out: world.folder, send: true }),
    () => weekly(behind(), { out: world.folder, send: true, week: "2026-W07" }),
    () => resend(behind(), { failed: true, out: world.folder }),
  ]) {
    await expect(send()).rejects.toThrow(ClockBehindError);
  }
  expect(server.mails).toEqual([]);
  // With the clock right again, what is due is sent.
  expect(await weekly(world.context(env), { out: world.folder, send: true })).toBe(exitCode.done);
  expect(server.mails.length).toBeGreaterThan(0);
});
