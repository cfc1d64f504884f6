import { once } from "node:events";
import { SMTPServer } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { createMailer, type MailerOptions } from "../src/delivery/email/mailer.ts";
import type { OutgoingMessage } from "../src/delivery/channel.ts";
import { startScriptedServer, type Script, type ScriptedServer } from "./scripted-server.ts";
import { selfSigned } from "@runledger/testing/self-signed";

/** A server that follows one script per try, the last one for all that come after. */
async function startServer(...scripts: Script[]): Promise<ScriptedServer> {
  let tries = 0;
  const server = await startScriptedServer(() => scripts[Math.min(tries++, scripts.length - 1)] ?? {});
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

const ofLines = (count: number) => Buffer.from(`Subject: x\r\n\r\n${"0123456789\r\n".repeat(count)}`);
const MESSAGE = ofLines(10_000);
/** More than a connection takes in before the other side reads. */
const LONG_MESSAGE = ofLines(700_000);

/** What was noted of the message, in the order in which it happened. */
type Note = "handed over" | "returned";

function outgoing(notes: Note[] = [], raw: Buffer = MESSAGE): OutgoingMessage {
  return {
    recipient: "cfo@acme.example",
    raw,
    onHandover: async () => void notes.push("handed over"),
    onSetback: async () => void notes.push("returned"),
  };
}

async function send(url: string, options: Partial<MailerOptions> = {}, raw = MESSAGE) {
  const slept: number[] = [];
  const notes: Note[] = [];
  const sleep = async (ms: number) => void slept.push(ms);
  using mailer = createMailer({
    smtpUrl: url,
    sender: "sla@acme.example",
    retryDelaysMs: [10, 20],
    sleep,
    ...options,
  });
  const result = await mailer.send(outgoing(notes, raw), new AbortController().signal);
  return { ...result, slept, notes };
}

test("sends a message as it is", async () => {
  const server = await startServer({});
  expect(await send(server.url)).toEqual({
    status: "sent",
    error: null,
    attempts: 1,
    slept: [],
    notes: ["handed over"],
  });
  expect(server.delivered).toHaveLength(1);
  expect(server.delivered[0]?.message.length).toBe(MESSAGE.length + ".\r\n".length);
});

test("tries again, later and later, while the server says not now", async () => {
  const greylist = { rcpt: "450 4.7.1 greylisted" };
  const server = await startServer(greylist, greylist, {});
  expect(await send(server.url)).toMatchObject({ status: "sent", attempts: 3, slept: [10, 20] });
});

test("gives up when it was told not now for too long", async () => {
  const server = await startServer({ data: "451 try later" });
  expect(await send(server.url)).toMatchObject({
    status: "failed",
    attempts: 3,
    error: expect.stringContaining("451"),
  });
});

test.each([
  ["the recipient", { rcpt: "550 5.1.1 no such user" }],
  ["the message", { end: "554 5.7.1 refused" }],
])("takes a refusal of %s for good as final", async (_what, script) => {
  const server = await startServer(script);
  expect(await send(server.url)).toMatchObject({ status: "failed", attempts: 1, slept: [] });
  expect(server.tries()).toBe(1);
});

test.each([
  ["before the message", { data: null }],
  ["in the middle of it", { middle: null }],
] as const)("tries again when the connection breaks %s", async (_where, script) => {
  const server = await startServer(script, {});
  expect(await send(server.url, {}, LONG_MESSAGE)).toMatchObject({
    status: "sent",
    attempts: 2,
    notes: ["returned", "handed over"],
  });
  expect(server.delivered).toHaveLength(1);
});

test("tries again when the server takes the message but says not now", async () => {
  const server = await startServer({ end: "452 out of space" }, {});
  expect(await send(server.url)).toMatchObject({
    status: "sent",
    attempts: 2,
    notes: ["handed over", "returned", "handed over"],
  });
});

test("never sends again what was handed over and not confirmed", async () => {
  const server = await startServer({ end: null }, {});
  expect(await send(server.url)).toMatchObject({ status: "unknown", attempts: 1, slept: [] });
  expect(server.tries()).toBe(1);
});

test("keeps the password out of the error", async () => {
  const { error } = await send("smtp://me:s3cret@127.0.0.1:1", { retryDelaysMs: [] });
  expect(error).toContain("ECONNREFUSED");
  expect(error).not.toContain("s3cret");
});

test("waits for a slow server", async () => {
  const server = await startServer({ slowMs: 50 });
  expect(await send(server.url)).toMatchObject({ status: "sent", attempts: 1 });
});

test.each([
  ["to the recipient: it is tried again", { rcpt: "" }, { status: "sent", attempts: 2 }],
  ["to the message: nobody knows", { end: "" }, { status: "unknown", attempts: 1 }],
])("does not wait for ever for an answer %s", async (_what, script, result) => {
  const server = await startServer(script, {});
  expect(await send(server.url, { tryTimeoutMs: 300 })).toMatchObject(result);
});

test("sends many messages over a few connections, and never mixes them up", async () => {
  const server = await startServer({});
  using mailer = createMailer({ smtpUrl: server.url, sender: "sla@acme.example" });
  const bodies = Array.from({ length: 40 }, (_, index) => `Subject: ${index}\r\n\r\n${index}\r\n`);
  const { signal } = new AbortController();
  await Promise.all(bodies.map((body) => mailer.send(outgoing([], Buffer.from(body)), signal)));
  expect(server.delivered.map(({ message }) => message).toSorted()).toEqual(
    bodies.map((body) => `${body}.\r\n`).toSorted(),
  );
  expect(server.connections()).toBe(5);
});

test("keeps a message here whose handover cannot be noted", async () => {
  const server = await startServer({});
  using mailer = createMailer({ smtpUrl: server.url, sender: "sla@acme.example" });
  const onHandover = () => Promise.reject(new Error("the ledger is gone"));
  const sending = mailer.send({ ...outgoing(), onHandover }, new AbortController().signal);
  await expect(sending).rejects.toThrow("the ledger is gone");
  await mailer.send(outgoing(), new AbortController().signal);
  expect(server.delivered).toHaveLength(1);
});

test("drops what is surely here when it is interrupted, and sees through what is not", async () => {
  const server = await startServer({ rcpt: "" }, { slowMs: 100 });
  using mailer = createMailer({ smtpUrl: server.url, sender: "sla@acme.example" });
  await expect(mailer.send(outgoing(), AbortSignal.timeout(50))).rejects.toThrow("timeout");
  const late = new AbortController();
  const onHandover = async () => late.abort();
  expect(await mailer.send({ ...outgoing(), onHandover }, late.signal)).toMatchObject({ status: "sent" });
});

test("stops waiting for the next try when it is interrupted", async () => {
  const server = await startServer({ data: "451 try later" });
  using mailer = createMailer({ smtpUrl: server.url, sender: "sla@acme.example" });
  await expect(mailer.send(outgoing(), AbortSignal.timeout(100))).rejects.toThrow("aborted");
});

test("refuses a certificate that nobody vouches for, at once, and says what to do", async () => {
  const { port, messages } = await startTlsServer();
  const { error, ...result } = await send(`smtp://localhost:${port}`);
  expect(result).toMatchObject({ status: "failed", attempts: 1, slept: [] });
  expect(error).toContain("self-signed certificate");
  expect(error).toContain("NODE_EXTRA_CA_CERTS");
  expect(await send(`smtp://localhost:${port}?tls.rejectUnauthorized=false`)).toMatchObject({
    status: "sent",
  });
  expect(messages).toEqual([{ secure: true }]);
});

test("sends in the clear to this machine only, unless it is told to", async () => {
  const plain = await startServer({});
  expect(await send(plain.url)).toMatchObject({ status: "sent" });
  const port = new URL(plain.url).port;
  const strict = await send(`smtp://127.0.0.1:${port}?requireTLS=true`, { retryDelaysMs: [] });
  expect(strict).toMatchObject({ status: "failed", error: expect.stringContaining("STARTTLS") });
});

/** A server with STARTTLS whose certificate is its own. */
async function startTlsServer(): Promise<{ port: number; messages: { secure: boolean }[] }> {
  const messages: { secure: boolean }[] = [];
  const server = new SMTPServer({
    ...selfSigned,
    authOptional: true,
    onData(stream, { secure }, done) {
      stream.resume().on("end", () => {
        messages.push({ secure });
        done();
      });
    },
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  onTestFinished(() => new Promise((closed) => server.close(() => closed())));
  const address = server.server.address();
  return { port: typeof address === "object" && address ? address.port : 0, messages };
}
