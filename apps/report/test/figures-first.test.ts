import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import { weekly, type WeeklyOptions } from "../src/commands/weekly.ts";
import { startScriptedServer, type Script } from "./scripted-server.ts";
import { createWorld, type World } from "./weekly-fixture.ts";

/** A world with a second agreement, and two ways to send. */
async function createTwo(): Promise<World> {
  const world = await createWorld();
  const path = join(world.folder, "runledger.yaml");
  const config = await readFile(path, "utf8");
  const [head = "", agreement = ""] = config.split("agreements:\n");
  const second = agreement
    .replace("agreement: finance", "agreement: sales")
    .replace("Finance close", "Sales");
  await writeFile(path, `${head}agreements:\n${agreement}${second}`);
  return world;
}

const ways: [string, Omit<WeeklyOptions, "out">][] = [
  ["the timer's run", { send: true }],
  ["a named week", { send: true, week: "2026-W12" }],
];

async function send(world: World, options: Omit<WeeklyOptions, "out">, script: Script) {
  const server = await startScriptedServer(() => script);
  const stop = new AbortController();
  const env = { SMTP_URL: server.url, MAIL_FROM: "sla@acme.example" };
  const context = { ...world.context(env), isJson: false, signal: stop.signal };
  const code = weekly(context, { out: world.folder, ...options });
  return {
    server,
    code,
    printed: context.printed,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await code.catch(() => {});
      await server[Symbol.asyncDispose]();
    },
  };
}

test.each(ways)("%s tells all agreements' figures before a server says a word", async (_name, options) => {
  await using world = await createTwo();
  await using sending = await send(world, options, { rcpt: "" });
  while (sending.server.tries() === 0) await wait(10);
  expect(sending.printed()).toMatch(
    /Finance close — 2026-W12 .*revision 1[^]*Sales — 2026-W12 .*revision 1/u,
  );
  expect(sending.printed()).not.toContain("Sent to");
  const { rows } = await world.history.pool.query("select agreement from runledger.reports order by 1");
  expect(rows).toEqual([{ agreement: "finance" }, { agreement: "sales" }]);
});

test.each(ways)(
  "%s tells of each agreement's messages when they are sent, with the workbooks",
  async (_name, options) => {
    await using world = await createTwo();
    await using sending = await send(world, options, {});
    expect(await sending.code).toBe(0);
    const told = sending.printed().split("\n");
    const order = ["Finance close — 2026-W12", "Sales — 2026-W12"].flatMap((title) => [
      told.findIndex((line) => line.startsWith(`${title} (`)),
      told.indexOf(title),
    ]);
    const [finance = -1, financeSent = -1, sales = -1, salesSent = -1] = order;
    expect([finance, sales, financeSent, salesSent]).toEqual(order.toSorted((a, b) => a - b));
    expect(finance).toBe(0);
    expect(told.slice(salesSent + 1, salesSent + 3)).toEqual([
      "  Sent to a@acme.example",
      "  Sent to b@acme.example",
    ]);
    expect(sending.server.delivered).toHaveLength(4);
    for (const { message } of sending.server.delivered) {
      const { subject = "", attachments } = await simpleParser(message);
      const name = `${subject.includes("Sales") ? "sales" : "finance"}-2026-W12-r1.xlsx`;
      const workbook = attachments.find(({ filename }) => filename === name);
      expect(workbook?.content).toEqual(await readFile(join(world.folder, name)));
    }
  },
);

test("sends what was made before a report that cannot be made", async () => {
  await using world = await createTwo();
  // Its second agreement's revision cannot be stored.
  await world.history.pool.query(
    "alter table runledger.reports add constraint no_sales check (agreement <> 'sales')",
  );
  await using sending = await send(world, { send: true, week: "2026-W12" }, {});
  await expect(sending.code).rejects.toThrow("no_sales");
  expect(sending.server.delivered).toHaveLength(2);
});
