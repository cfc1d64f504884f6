import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { createLog, readEnvironment, type Context } from "@runledger/cli";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import { SMTPServer } from "smtp-server";

export const ORDERS = "7b1c0f7e-0000-4000-8000-000000000001";
const LOAD = "1f0d3b52-0000-4000-8000-000000000002";

/** 2026-W12 in Berlin is 15 Mar 23:00Z to 22 Mar 23:00Z. */
export const AFTER_THE_WEEK = new Date("2026-03-23T06:00:00Z");

const CONFIG = `
version: 1
history_start: 2026-01-01
pipelines: [{ uuid: ${ORDERS}, name: orders, tasks: { ${LOAD}: Load orders } }]
agreements:
  - agreement: finance
    title: Finance close
    customer: Controlling
    timezone: Europe/Berlin
    exclusions: [{ from: 2026-03-18 12:00, to: 2026-03-18 13:00, reason: "=DB upgrade", approved_by: board }]
    objectives:
      - { id: succeeds, pipeline: orders, success: {}, target: 98% }
      - { id: fast, pipeline: orders, duration: { at_most: 10m }, target: 90% }
    report: { to: [a@acme.example, b@acme.example], cc: [a@acme.example], settle: 6h }
`;

export interface World extends AsyncDisposable {
  history: TestHistory;
  folder: string;
  context: (env?: Record<string, string>, now?: Date) => Context & { printed: () => string };
}

/** A history with hourly runs of `orders` from mid-February to 23 March, every 25th failed. */
export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-report-"));
  await writeFile(join(folder, "runledger.yaml"), CONFIG);
  const history = await createTestHistory();
  await history.pool.query(`
    insert into runledger.pipelines (pipeline_uuid, name, synced_through)
    values ('${ORDERS}', 'orders', '2026-03-23 05:00Z');
    insert into runledger.tasks (pipeline_uuid, task_uuid, name) values ('${ORDERS}', '${LOAD}', 'Load orders');
    insert into runledger.runs
    select '${ORDERS}', ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, at - interval '5 min', at,
           300000, 300000, case when n % 25 = 0 then '${LOAD}'::uuid end, 2, (n % 25 = 0)::int, n % 25 <> 0,
           case when n % 25 = 0 then '=cmd|calc' end
    from (select n, timestamptz '2026-02-16 00:10Z' + n * interval '1 hour' as at from generate_series(0, 839) n) hours`);
  return {
    history,
    folder,
    context: (env = {}, now = AFTER_THE_WEEK) =>
      contextOf(folder, { DATABASE_URL: history.url, ...env }, now),
    async [Symbol.asyncDispose]() {
      await history[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function contextOf(
  folder: string,
  env: Record<string, string>,
  now: Date,
): Context & { printed: () => string } {
  let out = "";
  const stdout = sink((text) => (out += text));
  const stderr = sink(() => {});
  return {
    printed: () => out,
    version: "1.2.3",
    environment: readEnvironment({ RUNLEDGER_CONFIG: join(folder, "runledger.yaml"), ...env }),
    log: createLog({ level: "silent", isColorful: false, stream: stderr }),
    signal: new AbortController().signal,
    now: () => now,
    stdout,
    stderr,
    isJson: true,
    isInteractive: false,
  };
}

function sink(take: (text: string) => void): NodeJS.WriteStream {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      take(String(chunk));
      done();
    },
  });
  // Commands only write to it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return stream as unknown as NodeJS.WriteStream;
}

interface CaughtMail {
  to: string[];
  source: Buffer;
}

export interface MailServer extends AsyncDisposable {
  url: string;
  mails: CaughtMail[];
}

/** A real SMTP server; `refuse` gives the answer to a recipient that it turns away. */
export async function startMailServer(
  refuse: (recipient: string) => string | null = () => null,
): Promise<MailServer> {
  const mails: CaughtMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, done) {
      const refusal = refuse(address);
      done(refusal === null ? null : Object.assign(new Error(refusal), { responseCode: 550 }));
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), source: Buffer.concat(chunks) });
        done();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.server.address();
  return {
    url: `smtp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    mails,
    [Symbol.asyncDispose]: () => new Promise((closed) => server.close(closed)),
  };
}
