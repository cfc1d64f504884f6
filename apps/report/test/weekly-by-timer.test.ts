import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode } from "@runledger/cli";
import { ConfigError } from "@runledger/config";
import { DatabaseUnreachableError } from "@runledger/history";
import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import { weekly } from "../src/commands/weekly.ts";
import {
  AFTER_THE_WEEK,
  createWorld,
  startMailServer,
  type MailServer,
  type World,
} from "./weekly-fixture.ts";

const ONCALL = "oncall@acme.example";

/** 27 hours after 2026-W11 and 2026-W12 came to be due: what keeps them from going out has lasted. */
const LATE_W11 = new Date("2026-03-17T08:00:00Z");
const LATE_W12 = new Date("2026-03-24T08:00:00Z");

/** A world with somebody to tell of failures, and one run of the timer at an instant. */
async function createTimer(refuse?: (recipient: string) => string | null) {
  const world = await createWorld();
  const server = await startMailServer(refuse);
  await editConfig(world, "settle: 6h", `failures_to: [${ONCALL}], settle: 6h`);
  const env = { SMTP_URL: server.url, MAIL_FROM: "Runledger <sla@acme.example>" };
  return {
    world,
    server,
    async run(now = AFTER_THE_WEEK, moreEnv: Record<string, string> = {}) {
      const context = world.context({ ...env, ...moreEnv }, now);
      const code = await weekly(context, { out: world.folder, send: true });
      return { code, results: JSON.parse(context.printed()) };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    },
  };
}

async function editConfig({ folder }: World, before: string, after: string): Promise<void> {
  const path = join(folder, "runledger.yaml");
  await writeFile(path, (await readFile(path, "utf8")).replace(before, after));
}

async function syncThrough({ history }: World, instant: string): Promise<void> {
  await history.pool.query("update runledger.pipelines set synced_through = $1", [instant]);
}

/** Recipient and subject of what was sent since the last call. */
async function taken({ mails }: MailServer): Promise<[string, string][]> {
  const parsed = mails
    .splice(0)
    .map(async ({ to, source }): Promise<[string, string]> => [
      to.join(),
      (await simpleParser(source)).subject ?? "",
    ]);
  return Promise.all(parsed);
}

const notice = (week: string): [string, string] => [ONCALL, `[SLA] Finance close — ${week}: no report yet`];

test("catches up missed weeks, oldest first, and then rests", async () => {
  await using timer = await createTimer();
  const { world, server } = timer;
  await syncThrough(world, "2026-03-09T05:00:00Z");
  await timer.run(new Date("2026-03-09T05:00:00Z"));
  expect((await taken(server)).every(([, subject]) => subject.includes("2026-W10"))).toBe(true);
  // As if that run had ended between its recipients.
  await world.history.pool.query("delete from runledger.deliveries where recipient = 'b@acme.example'");

  await syncThrough(world, "2026-03-23T05:00:00Z");
  expect(await timer.run()).toMatchObject({
    code: exitCode.done,
    results: [{ week: "2026-W10" }, { week: "2026-W11" }, { week: "2026-W12" }],
  });
  const weeks = (await taken(server)).map(([, subject]) => /2026-W\d\d/u.exec(subject)?.[0]);
  expect(weeks).toEqual(["2026-W10", "2026-W11", "2026-W11", "2026-W12", "2026-W12"]);

  const workbook = join(world.folder, "finance-2026-W12-r1.xlsx");
  const { mtimeMs } = await stat(workbook);
  expect(await timer.run(new Date("2026-03-23T07:00:00Z"))).toMatchObject({
    code: exitCode.done,
    results: [{ week: "2026-W12", revision: 1, deliveries: [], notSent: null }],
  });
  expect(await taken(server)).toEqual([]);
  expect((await stat(workbook)).mtimeMs).toBe(mtimeMs);

  await rm(workbook);
  await timer.run(new Date("2026-03-23T08:00:00Z"));
  expect(await taken(server)).toEqual([]);
  await stat(workbook);
});

test("sends a week when it has settled, not before", async () => {
  await using timer = await createTimer();
  await syncThrough(timer.world, "2026-03-16T05:00:00Z");
  await timer.run(new Date("2026-03-16T05:00:00Z"));
  await taken(timer.server);
  await syncThrough(timer.world, "2026-03-23T04:59:59Z");
  await timer.run(new Date("2026-03-23T04:59:59Z"));
  expect(await taken(timer.server)).toEqual([]);
  await timer.run(new Date("2026-03-23T05:00:00Z"));
  expect(await taken(timer.server)).toHaveLength(2);
});

test("sends the next revision of a week that was sent", async () => {
  await using timer = await createTimer();
  await timer.run();
  await taken(timer.server);
  await timer.world.history.pool.query(
    "update runledger.runs set is_successful = false where finished_at = '2026-03-20 03:10Z'",
  );
  await timer.run(new Date("2026-03-24T07:00:00Z"));
  const subjects = (await taken(timer.server)).map(([, subject]) => subject);
  expect(subjects).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(/^REVISED r2 .*2026-W12/u)));
});

test("tells of missing data once, and sends the weeks when it is there", async () => {
  await using timer = await createTimer();
  const { world, server } = timer;
  await syncThrough(world, "2026-03-14 00:00Z");
  const early = new Date("2026-03-16T05:00:00Z");
  const runs = await Promise.all([timer.run(early), timer.run(early)]);
  expect(runs.map(({ code }) => code)).toEqual([exitCode.partial, exitCode.partial]);
  await timer.run(new Date("2026-03-16T06:00:00Z"));
  const [mail] = server.mails;
  const { text } = await simpleParser(mail?.source ?? "");
  expect(text).toContain("2026-W11 (9–15 Mar 2026) was due on\nMon 16 Mar 2026, 06:00 (Europe/Berlin)");
  expect(text).toContain("not synced through the week's end: orders (2026-03-14T00:00:00.000Z)");
  expect(text).toContain('Run "ingest sync"');
  expect(await taken(server)).toEqual([notice("2026-W11")]);
  const { rows } = await world.history.pool.query("select 1 from runledger.reports");
  expect(rows).toEqual([]);

  await syncThrough(world, "2026-03-23 05:00Z");
  expect(await timer.run()).toMatchObject({
    code: exitCode.done,
    results: [
      { week: "2026-W11", revision: 1 },
      { week: "2026-W12", revision: 1 },
    ],
  });
  expect(await taken(server)).toHaveLength(4);
});

test("tells of a report that cannot be made, and not again when it can", async () => {
  await using timer = await createTimer();
  const file = join(timer.world.folder, "file");
  await writeFile(file, "");
  const env = { SMTP_URL: timer.server.url, MAIL_FROM: "sla@acme.example" };
  for (const [now, told] of [
    [AFTER_THE_WEEK, []],
    [LATE_W12, [notice("2026-W12")]],
    [LATE_W12, []],
  ] as const) {
    const context = timer.world.context(env, now);
    expect(await weekly(context, { out: file, send: true })).toBe(exitCode.partial);
    expect(JSON.parse(context.printed())).toMatchObject([
      { week: "2026-W12", revision: null, notSent: expect.stringContaining("EEXIST") },
    ]);
    expect(await taken(timer.server)).toEqual(told);
  }
  expect(await timer.run()).toMatchObject({ code: exitCode.done });
  expect(await taken(timer.server)).toHaveLength(2);
});

test("sends a notice that was refused with the next run", async () => {
  let isOpen = false;
  await using timer = await createTimer((to) => (to === ONCALL && !isOpen ? "mailbox full" : null));
  await syncThrough(timer.world, "2026-03-14 00:00Z");
  await timer.run();
  const notices = async () =>
    (await timer.world.history.pool.query("select status, last_error from runledger.notices")).rows;
  expect(await notices()).toEqual([
    { status: "failed", last_error: expect.stringContaining("mailbox full") },
  ]);
  isOpen = true;
  await timer.run();
  expect(await taken(timer.server)).toEqual([notice("2026-W12")]);
  expect(await notices()).toEqual([{ status: "sent", last_error: null }]);
});

test("tells once that the database is down, and only of a week whose report was not made", async () => {
  await using timer = await createTimer();
  const down = { DATABASE_URL: "postgres://me:s3cret@127.0.0.1:1/runledger" };
  const attempts = await Promise.allSettled([
    timer.run(LATE_W12, down),
    timer.run(LATE_W12, down),
    timer.run(LATE_W12, down),
  ]);
  expect(attempts.every(({ status }) => status === "rejected")).toBe(true);
  await expect(timer.run(LATE_W12, down)).rejects.toThrow(DatabaseUnreachableError);
  const source = String(timer.server.mails[0]?.source);
  expect(source).toContain("cannot connect to Postgres at 127.0.0.1:1/runledger");
  expect(source).not.toContain("s3cret");
  expect(await taken(timer.server)).toEqual([notice("2026-W12")]);

  await syncThrough(timer.world, "2026-03-16T06:00:00Z");
  await timer.run(new Date("2026-03-16T06:00:00Z"));
  expect(await taken(timer.server)).toHaveLength(2);
  await expect(timer.run(new Date("2026-03-19T07:00:00Z"), down)).rejects.toThrow(DatabaseUnreachableError);
  expect(await taken(timer.server)).toEqual([]);
});

test("tells once of a broken configuration, while a report is due", async () => {
  await using timer = await createTimer();
  const { world, server } = timer;
  await editConfig(world, "pipeline: orders, success", "pipeline: order, success");
  for (const now of ["2026-03-16T06:00:00Z", "2026-03-17T07:00:00Z"]) {
    await expect(timer.run(new Date(now))).rejects.toThrow(ConfigError);
  }
  expect(server.mails).toEqual([]);
  for (let run = 0; run < 2; run += 1) {
    await expect(timer.run(LATE_W11)).rejects.toThrow(ConfigError);
  }
  const { text } = await simpleParser(server.mails[0]?.source ?? "");
  expect(text).toContain('no pipeline above is named "order": did you mean "orders"?');
  expect(await taken(server)).toEqual([notice("2026-W11")]);

  await editConfig(world, "pipeline: order, success", "pipeline: orders, success");
  await syncThrough(world, "2026-03-17T09:00:00Z");
  await timer.run(new Date("2026-03-17T09:00:00Z"));
  expect(await taken(server)).toHaveLength(2);
  await editConfig(world, "agreements:", "agreements: [");
  await expect(timer.run(new Date("2026-03-19T09:00:00Z"))).rejects.toThrow(ConfigError);
  expect(await taken(server)).toEqual([]);
});

test("needs no database to tell of a broken configuration", async () => {
  await using timer = await createTimer();
  await editConfig(timer.world, "target: 98%", "target: 98");
  const down = { DATABASE_URL: "postgres://127.0.0.1:1/runledger" };
  for (let run = 0; run < 2; run += 1) {
    await expect(timer.run(LATE_W12, down)).rejects.toThrow(ConfigError);
  }
  expect(await taken(timer.server)).toEqual([notice("2026-W12")]);
});

test("tells nobody of an outage that is mended within the grace, whenever it begins, and once of a longer one", async () => {
  await using timer = await createTimer();
  const { world, server } = timer;
  const downUrl = { DATABASE_URL: "postgres://127.0.0.1:1/runledger" };
  /** Hourly runs, and the hours after the first at which somebody was told. */
  const runHourly = async (from: string, hours: number, isDown: boolean): Promise<number[]> => {
    const told: number[] = [];
    for (let hour = 0; hour < hours; hour += 1) {
      const now = new Date(Date.parse(from) + hour * 3_600_000);
      await timer.run(now, isDown ? downUrl : {}).catch(() => {});
      if ((await taken(server)).some(([to]) => to === ONCALL)) told.push(hour);
    }
    return told;
  };
  // 2026-W11 is due at 05:00 on Monday, 16 March, and waits for the sync of Tuesday.
  await syncThrough(world, "2026-03-15T22:00:00Z");
  expect(await runHourly("2026-03-16T06:00:00Z", 12, false)).toEqual([]);
  // A short one, though it is 26 hours after the report came to be due when it ends.
  expect(await runHourly("2026-03-16T18:00:00Z", 20, true)).toEqual([]);
  await syncThrough(world, "2026-03-16T22:00:00Z");
  await timer.run(new Date("2026-03-17T14:00:00Z"));
  expect((await taken(server)).map(([to]) => to)).not.toContain(ONCALL);
  // 2026-W12: the last run that found all in order was the one of 04:00 on Monday, 23 March, an hour before it was due.
  await syncThrough(world, "2026-03-23T02:00:00Z");
  await timer.run(new Date("2026-03-23T04:00:00Z"));
  await taken(server);
  expect(await runHourly("2026-03-23T05:00:00Z", 30, true)).toEqual([27]);
});
