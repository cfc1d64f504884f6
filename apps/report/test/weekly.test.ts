import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, UsageError } from "@runledger/cli";
import { simpleParser } from "mailparser";
import readWorkbook from "read-excel-file/node";
import { expect, test } from "vitest";
import { deliveries } from "../src/commands/deliveries.ts";
import { resend } from "../src/commands/resend.ts";
import { weekly } from "../src/commands/weekly.ts";
import { AFTER_THE_WEEK, createWorld, ORDERS, startMailServer, type World } from "./weekly-fixture.ts";

const MAIL_FROM = "Runledger <sla@acme.example>";

async function files({ folder }: World, revision = 1): Promise<Record<"xlsx" | "eml" | "html", Buffer>> {
  const read = (ending: string) => readFile(join(folder, `finance-2026-W12-r${revision}.${ending}`));
  return { xlsx: await read("xlsx"), eml: await read("eml"), html: await read("html") };
}

test("reports the last closed week, and the workbook says what a plain query over runs says", async () => {
  await using world = await createWorld();
  const context = world.context();
  expect(await weekly(context, { out: world.folder })).toBe(exitCode.done);
  const printed = JSON.parse(context.printed());
  expect(printed).toMatchObject([{ agreement: "finance", week: "2026-W12", revision: 1, deliveries: [] }]);

  const { rows } = await world.history.pool.query<{ total: number; good: number }>(
    `select count(*) as total, count(*) filter (where is_successful) as good
     from runledger.runs
     where finished_at >= timestamptz '2026-03-16 00:00 Europe/Berlin'
       and finished_at < timestamptz '2026-03-23 00:00 Europe/Berlin'
       and not (finished_at >= timestamptz '2026-03-18 12:00 Europe/Berlin'
                and finished_at < timestamptz '2026-03-18 13:00 Europe/Berlin')`,
  );
  const { total = 0, good = 0 } = rows[0] ?? {};
  const { rows: results } = await world.history.pool.query(
    `select objective, good, total, excluded, attained, verdict from runledger.sla_results order by objective`,
  );
  expect(results).toEqual([
    { objective: "fast", good, total, excluded: 1, attained: good / total, verdict: "met" },
    { objective: "succeeds", good, total, excluded: 1, attained: good / total, verdict: "missed" },
  ]);

  const { xlsx } = await files(world);
  const sheets = new Map((await readWorkbook(xlsx)).map(({ sheet, data }) => [sheet, data]));
  const [header = [], ...summary] = sheets.get("Summary") ?? [];
  const column = (name: string) => header.indexOf(name);
  expect(summary.map((row) => [row[column("Objective")], row[column("Total")], row[column("Bad")]])).toEqual([
    ["succeeds", total, total - good],
    ["fast", total, total - good],
  ]);
  expect(sheets.get("Runs")).toHaveLength(1 + total + 1);
});

test("writes the mail in the agreement's language, while workbook and database stay English", async () => {
  await using world = await createWorld();
  await appendFile(join(world.folder, "runledger.yaml"), "language: de-DE\n");
  await weekly(world.context(), { out: world.folder });
  const { eml, xlsx } = await files(world);
  const { subject, text } = await simpleParser(eml);
  expect(subject).toContain("(16.–22. März 2026): 1 von 2 verfehlt");
  expect(text).toMatch(/Läufen fehlgeschlagen; erlaubt: 3/);
  const { rows } = await world.history.pool.query(
    "select reason from runledger.sla_results order by objective",
  );
  expect(rows[1]).toEqual({ reason: expect.stringMatching(/runs failed; 3 were allowed$/) });
  const sheets = new Map((await readWorkbook(xlsx)).map(({ sheet, data }) => [sheet, data]));
  expect(sheets.get("Objectives")?.flat()).toContain("Successful runs, of all runs");
});

test("prints the same bytes again, whenever it runs and whatever happens after the week", async () => {
  await using world = await createWorld();
  await weekly(world.context(), { out: world.folder });
  const before = await files(world);
  await world.history.pool.query(
    `insert into runledger.runs values ('${ORDERS}', gen_random_uuid(), '2026-03-23 00:00Z', '2026-03-23 00:01Z', 60000, 60000,
                                        null, 1, 1, false, null)`,
  );
  await weekly(world.context({}, new Date("2026-03-28T12:00:00Z")), { out: world.folder, week: "2026-W12" });
  expect(await files(world)).toEqual(before);
});

test("makes the next revision when late rows change a figure", async () => {
  await using world = await createWorld();
  await weekly(world.context(), { out: world.folder });
  await world.history.pool.query(
    `insert into runledger.runs values ('${ORDERS}', gen_random_uuid(), '2026-03-20 00:00Z', '2026-03-20 00:01Z', 60000, 60000,
                                        null, 1, 1, false, 'late')`,
  );
  await weekly(world.context(), { out: world.folder });
  const { rows } = await world.history.pool.query(
    "select revision, total from runledger.sla_results where objective = 'fast' order by revision",
  );
  expect(rows).toEqual([
    { revision: 1, total: 167 },
    { revision: 2, total: 168 },
  ]);
  const mail = await simpleParser((await files(world, 2)).eml);
  expect(mail.subject).toMatch(/^REVISED r2 \[SLA\] Finance close — 2026-W12/u);
});

test("forgets an incident that is no more, also where another opened at the same time", async () => {
  await using world = await createWorld();
  await weekly(world.context(), { out: world.folder });
  const incidents = async () => {
    const { rows } = await world.history.pool.query(
      "select objective, opened_at, bad_events from runledger.incidents order by objective, opened_at",
    );
    return rows;
  };
  const before = await incidents();
  await world.history.pool.query(
    `insert into runledger.incidents (pipeline_uuid, agreement, objective, opened_at, bad_events)
     select pipeline_uuid, agreement, 'gone', opened_at, 1 from runledger.incidents where objective = 'fast';
     delete from runledger.reports`,
  );
  await world.history.pool.query("delete from runledger.sla_results");
  await weekly(world.context(), { out: world.folder });
  expect(before).not.toEqual([]);
  expect(await incidents()).toEqual(before);
});

test("gives one number to reports that are made at the same time", async () => {
  await using world = await createWorld();
  await Promise.all([1, 2, 3].map(() => weekly(world.context(), { out: world.folder })));
  const { rows } = await world.history.pool.query("select revision from runledger.reports");
  expect(rows).toEqual([{ revision: 1 }]);
});

test("keeps a week that is not closed apart, and replaces it", async () => {
  await using world = await createWorld();
  const settling = { out: world.folder, week: "2026-W12", asOf: new Date("2026-03-22T23:30:00Z") };
  await weekly(world.context(), settling);
  await weekly(world.context(), settling);
  const revisions = () => world.history.pool.query("select distinct revision from runledger.sla_results");
  expect((await revisions()).rows).toEqual([{ revision: 0 }]);
  await weekly(world.context(), { out: world.folder });
  expect((await revisions()).rows).toEqual([{ revision: 1 }]);
});

test("sends each recipient one message, once, however often it runs", async () => {
  await using world = await createWorld();
  await using server = await startMailServer();
  const env = { SMTP_URL: server.url, MAIL_FROM };
  const codes = await Promise.all(
    [1, 2].map(() => weekly(world.context(env), { out: world.folder, send: true })),
  );
  expect(codes).toEqual([exitCode.done, exitCode.done]);
  await weekly(world.context(env), { out: world.folder, send: true });
  expect(server.mails.map(({ to }) => to.join()).toSorted()).toEqual(["a@acme.example", "b@acme.example"]);

  const mails = await Promise.all(server.mails.map(({ source }) => simpleParser(source)));
  expect(mails.map(({ subject }) => subject)).toEqual(
    Array.from({ length: 2 }, () => "[SLA] Finance close — 2026-W12 (16–22 Mar 2026): 1 of 2 missed"),
  );
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(2);
  const { rows } = await world.history.pool.query(
    "select recipient, status, attempts, message_id from runledger.deliveries order by recipient",
  );
  expect(rows).toMatchObject([
    { recipient: "a@acme.example", status: "sent", attempts: 1 },
    { recipient: "b@acme.example", status: "sent", attempts: 1 },
  ]);
  expect(new Set(rows.map((row) => row.message_id))).toEqual(new Set(mails.map((mail) => mail.messageId)));
});

test("says which recipient was refused; the others get theirs", async () => {
  await using world = await createWorld();
  await using server = await startMailServer((recipient) =>
    recipient === "a@acme.example" ? "no such user" : null,
  );
  const context = world.context({ SMTP_URL: server.url, MAIL_FROM });
  expect(await weekly(context, { out: world.folder, send: true })).toBe(exitCode.partial);
  expect(server.mails.map(({ to }) => to)).toEqual([["b@acme.example"]]);
  const { rows } = await world.history.pool.query(
    "select status, last_error from runledger.deliveries where recipient = 'a@acme.example'",
  );
  expect(rows).toEqual([{ status: "failed", last_error: expect.stringContaining("no such user") }]);
});

test("sends again only what was refused, when asked", async () => {
  await using world = await createWorld();
  let isOpen = false;
  await using server = await startMailServer((recipient) =>
    recipient === "a@acme.example" && !isOpen ? "no such user" : null,
  );
  const env = { SMTP_URL: server.url, MAIL_FROM };
  await weekly(world.context(env), { out: world.folder, send: true });
  isOpen = true;
  await weekly(world.context(env), { out: world.folder, send: true });
  expect(server.mails.map(({ to }) => to)).toEqual([["b@acme.example"]]);
  expect(await resend(world.context(env), { failed: true, out: world.folder })).toBe(exitCode.done);
  expect(await resend(world.context(env), { failed: true, out: world.folder })).toBe(exitCode.done);
  expect(server.mails.map(({ to }) => to)).toEqual([["b@acme.example"], ["a@acme.example"]]);
  const context = world.context();
  await deliveries(context, { week: "2026-W12" });
  expect(JSON.parse(context.printed())).toMatchObject([
    { recipient: "a@acme.example", status: "sent", attempts: 2, lastError: null },
    { recipient: "b@acme.example", status: "sent", attempts: 1 },
  ]);
});

test("calls a message whose sender died unknown, and does not send it again", async () => {
  await using world = await createWorld();
  await using server = await startMailServer();
  await world.history.pool.query(
    `insert into runledger.deliveries (agreement, week, revision, recipient, status, message_id)
     values ('finance', '2026-W12', 1, 'a@acme.example', 'claimed', '<x@y>')`,
  );
  const context = world.context({ SMTP_URL: server.url, MAIL_FROM });
  expect(await weekly(context, { out: world.folder, send: true })).toBe(exitCode.partial);
  expect(server.mails.map(({ to }) => to)).toEqual([["b@acme.example"]]);
  const { rows } = await world.history.pool.query(
    "select status from runledger.deliveries where recipient like 'a%'",
  );
  expect(rows).toEqual([{ status: "unknown" }]);
});

test("sends nothing while data is missing or the week is open, and says why", async () => {
  await using world = await createWorld();
  await using server = await startMailServer();
  const send = { out: world.folder, send: true };
  const early = world.context({ SMTP_URL: server.url, MAIL_FROM });
  expect(await weekly(early, { ...send, week: "2026-W12", asOf: new Date("2026-03-22T23:30:00Z") })).toBe(
    exitCode.partial,
  );
  expect(early.printed()).toContain("week 2026-W12 is not closed yet");
  await world.history.pool.query("update runledger.pipelines set synced_through = '2026-03-20 00:00Z'");
  const gap = world.context({ SMTP_URL: server.url, MAIL_FROM });
  expect(await weekly(gap, send)).toBe(exitCode.partial);
  expect(gap.printed()).toContain("run ingest sync");
  expect(server.mails).toEqual([]);
});

test.each([
  [{ send: true }, {}, "SMTP_URL"],
  [{ week: "2026-W40" }, {}, "has not begun"],
  [{ agreement: ["sales"] }, {}, "no agreement sales in the configuration; it has finance"],
])("refuses what makes no sense: %j", async (options, env, message) => {
  await using world = await createWorld();
  const attempt = weekly(world.context(env, AFTER_THE_WEEK), { out: world.folder, ...options });
  await expect(attempt).rejects.toThrow(UsageError);
  await expect(attempt).rejects.toThrow(message);
});
