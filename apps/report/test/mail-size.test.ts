import { once } from "node:events";
import { createServer } from "node:net";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { weekly } from "../src/commands/weekly.ts";
import { sendAll } from "./delivery-fixture.ts";
import { startScriptedServer } from "./scripted-server.ts";
import { createWorld } from "./weekly-fixture.ts";

/** A server that announces a size, or keeps it to itself, and refuses more when it has seen it. */
async function startStrictServer(options: { size: number; isAnnounced: boolean; refusal: string }) {
  const taken: Buffer[] = [];
  let refused = 0;
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    ...(options.isAnnounced && { size: options.size }),
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const message = Buffer.concat(chunks);
        if (message.length <= options.size) {
          taken.push(message);
          done();
          return;
        }
        refused += 1;
        const responseCode = Number(options.refusal.slice(0, 3));
        done(Object.assign(new Error(options.refusal.slice(4)), { responseCode }));
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => new Promise((closed) => server.close(closed)));
  const address = server.server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `smtp://127.0.0.1:${port}`, taken, refused: () => refused };
}

async function sendTo(url: string, env: Record<string, string> = {}) {
  const world = await createWorld();
  onTestFinished(() => world[Symbol.asyncDispose]());
  const path = join(world.folder, "runledger.yaml");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace("cc: [a@acme.example]", "cc: []"));
  const context = world.context({ SMTP_URL: url, MAIL_FROM: "sla@acme.example", ...env });
  const code = await weekly(context, { out: join(world.folder, "out"), send: true });
  const { rows } = await world.history.pool.query<{ status: string; attempts: number }>(
    "select status, attempts from runledger.deliveries order by recipient",
  );
  return { code, rows };
}

async function expectWithoutWorkbook(messages: readonly Buffer[]): Promise<void> {
  expect(messages).toHaveLength(2);
  for (const message of messages) {
    const { attachments, text } = await simpleParser(message);
    expect(attachments.map(({ contentType }) => contentType)).toEqual(["image/png"]);
    expect(text).toContain("finance-2026-W12-r1.xlsx");
    expect(text).toContain("too large");
  }
}

test.each([
  { size: 80_000, isAnnounced: true, refusal: "552 5.3.4 message too big", refused: 0 },
  { size: 80_000, isAnnounced: false, refusal: "552 message too big", refused: 2 },
  { size: 80_000, isAnnounced: false, refusal: "554 5.3.4 message too big", refused: 2 },
])("leaves the workbook out for a server that finds it too large: %j", async ({ refused, ...strict }) => {
  const server = await startStrictServer(strict);
  const { code, rows } = await sendTo(server.url);
  expect({ code, rows }).toEqual({
    code: 0,
    rows: [
      { status: "sent", attempts: 2 },
      { status: "sent", attempts: 2 },
    ],
  });
  expect(server.refused()).toBe(refused);
  await expectWithoutWorkbook(server.taken);
});

test("leaves the workbook out beyond MAIL_MAX_SIZE, without a try", async () => {
  const server = await startStrictServer({ size: 1e9, isAnnounced: false, refusal: "552 no" });
  const { code, rows } = await sendTo(server.url, { MAIL_MAX_SIZE: "80kB" });
  expect({ code, attempts: rows.map(({ attempts }) => attempts) }).toEqual({ code: 0, attempts: [1, 1] });
  await expectWithoutWorkbook(server.taken);
});

test.each([60_000, 50_000])("leaves the chart out, too, where %i bytes are the most", async (size) => {
  const server = await startStrictServer({ size, isAnnounced: true, refusal: "552 5.3.4 message too big" });
  const { code } = await sendTo(server.url);
  expect(code).toBe(0);
  const mails = await Promise.all(server.taken.map((message) => simpleParser(message)));
  expect(mails.map(({ attachments }) => attachments.length)).toEqual([0, 0]);
  for (const { html, text } of mails) {
    expect(html).not.toContain("cid:");
    expect(text).toContain("finance-2026-W12-r1.xlsx");
  }
});

test("fails when the server does not take it without the workbook, either", async () => {
  const server = await startStrictServer({ size: 1000, isAnnounced: true, refusal: "552 no" });
  const { code, rows } = await sendTo(server.url);
  expect(code).toBe(1);
  expect(rows.map(({ status }) => status)).toEqual(["failed", "failed"]);
});

test("shows each try in the ledger while it goes on", async () => {
  const world = await createWorld();
  onTestFinished(() => world[Symbol.asyncDispose]());
  const seen: unknown[] = [];
  let tries = 0;
  await using server = await startScriptedServer(() =>
    (tries += 1) < 3 ? { rcpt: `450 not now ${tries}` } : {},
  );
  await sendAll({
    history: world.history,
    smtpUrl: server.url,
    agreement: "visible",
    recipients: ["a@acme.example"],
    async onPause() {
      const { rows } = await world.history.pool.query(
        "select status, attempts, last_error from runledger.deliveries where agreement = 'visible'",
      );
      seen.push(...rows);
    },
  });
  expect(seen).toMatchObject([
    { status: "claimed", attempts: 1, last_error: expect.stringContaining("not now 1") },
    { status: "claimed", attempts: 2, last_error: expect.stringContaining("not now 2") },
  ]);
});

test.each(["refuses", "says nothing"])(
  "puts all messages off when the server %s, and the next run sends",
  async (way) => {
    const world = await createWorld();
    onTestFinished(() => world[Symbol.asyncDispose]());
    const silent = createServer((socket) => socket.on("error", () => {}));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const port = typeof address === "object" && address ? address.port : 0;
    if (way === "refuses") silent.close();
    onTestFinished(() => void silent.close());
    const recipients = Array.from({ length: 60 }, (_, index) => `r${index}@acme.example`);
    const sending = { history: world.history, agreement: "away", recipients };
    const begun = Date.now();
    const results = await sendAll({
      ...sending,
      smtpUrl: `smtp://127.0.0.1:${port}`,
      patienceMs: 500,
      pauseMs: 50,
    });
    expect(Date.now() - begun).toBeLessThan(4000);
    expect(new Set(results.map(({ result }) => result.status))).toEqual(new Set(["put_off"]));
    await using server = await startScriptedServer(() => ({}));
    const later = await sendAll({ ...sending, smtpUrl: server.url });
    expect(new Set(later.map(({ result }) => result.status))).toEqual(new Set(["sent"]));
    expect(server.delivered).toHaveLength(60);
  },
);

test("prints the figures before it sends", async () => {
  const world = await createWorld();
  onTestFinished(() => world[Symbol.asyncDispose]());
  const context = { ...world.context(), isJson: false };
  let printedBefore = "";
  await using server = await startScriptedServer(() => {
    printedBefore ||= context.printed();
    return {};
  });
  const environment = world.context({ SMTP_URL: server.url, MAIL_FROM: "sla@acme.example" }).environment;
  const code = await weekly({ ...context, environment }, { out: join(world.folder, "out"), send: true });
  expect(code).toBe(0);
  expect(printedBefore).toContain("Finance close — 2026-W12");
  expect(printedBefore).toContain("succeeds");
  expect(context.printed()).toContain("Sent to a@acme.example");
  expect(context.printed().split("succeeds")).toHaveLength(printedBefore.split("succeeds").length);
});
