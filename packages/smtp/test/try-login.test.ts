import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { tryLogin } from "../src/index.ts";

/** A real mail server on this machine, without TLS; gives its port. */
async function mailServer(options: SMTPServerOptions): Promise<{ port: number; mails: () => number }> {
  let mails = 0;
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === "me" && password === "s3cret"
        ? done(null, { user: username })
        : done(new Error("wrong user or password")),
    onData: (stream, _session, done) => {
      mails += 1;
      stream.resume().once("end", () => done());
    },
    ...options,
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  onTestFinished(() => new Promise((closed) => server.close(closed)));
  return { port: portOf(server.server), mails: () => mails };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

test("logs in and sends nothing", async () => {
  const { port, mails } = await mailServer({});
  expect(await tryLogin(`smtp://me:s3cret@127.0.0.1:${port}`)).toEqual({ hasLoggedIn: true, error: null });
  expect(mails()).toBe(0);
});

test("is content with a server that wants no login", async () => {
  const { port } = await mailServer({ authOptional: true });
  expect(await tryLogin(`smtp://127.0.0.1:${port}`)).toEqual({ hasLoggedIn: false, error: null });
});

test("tells a login that is refused, without showing it", async () => {
  const { port } = await mailServer({});
  const trial = await tryLogin(`smtp://me:wr0ng@127.0.0.1:${port}`);
  expect(trial).toMatchObject({ isSetUp: true });
  expect(trial.error).toMatch(/535/u);
  expect(trial.error).not.toContain("wr0ng");
});

test("says what a server offers that takes no passwords, and what is needed", async () => {
  const { port } = await mailServer({ authMethods: ["XOAUTH2"] });
  const trial = await tryLogin(`smtp://me:s3cret@127.0.0.1:${port}`);
  expect(trial).toMatchObject({ isSetUp: true });
  expect(trial.error).toMatch(/offers logins by XOAUTH2 only.*PLAIN, LOGIN, CRAM-MD5.*app password/u);
});

test("tells a server that is not there, or silent, from a set-up that is wrong", async () => {
  expect(await tryLogin("smtp://me:s3cret@127.0.0.1:1")).toMatchObject({
    isSetUp: false,
    error: expect.stringMatching(/ECONNREFUSED/u),
  });
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void sockets.add(socket)).listen(0, "127.0.0.1");
  await once(silent, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const trial = await tryLogin(`smtp://127.0.0.1:${portOf(silent)}`, { timeoutMs: 200 });
  expect(trial).toMatchObject({ isSetUp: false });
  expect(trial.error).toMatch(/Greeting never received|Timeout/u);
});

test("names no host that may be part of a password", async () => {
  // The user is an address with an unescaped @: what is read as the host is certain for nobody.
  const trial = await tryLogin("smtp://me@acme.example:s3cret@no-such-host.invalid:25");
  expect(trial.error).not.toMatch(/invalid|s3cret|acme/u);
});
