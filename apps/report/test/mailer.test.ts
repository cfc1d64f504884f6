import { createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { createMailer } from "../src/mailer.ts";

/** What a server says at each step; `null` breaks the connection there. */
interface Script {
  rcpt?: string | null;
  data?: string | null;
  /** After the first kilobytes of the message. */
  middle?: null;
  end?: string | null;
}

/** A server that follows one script per connection, the last one for all that come after. */
async function startServer(
  ...scripts: Script[]
): Promise<{ url: string; connections: () => number; messages: string[] }> {
  let connections = 0;
  const messages: string[] = [];
  const server: Server = createServer((socket) => {
    const script = scripts[Math.min(connections, scripts.length - 1)] ?? {};
    connections += 1;
    socket.on("error", () => {});
    converse(socket, script, (message) => messages.push(message));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `smtp://127.0.0.1:${port}`, connections: () => connections, messages };
}

function converse(socket: Socket, script: Script, keep: (message: string) => void): void {
  const say = (reply: string | null): void =>
    void (reply === null ? socket.destroy() : socket.write(`${reply}\r\n`));
  let message: string | null = null;
  say("220 test");
  socket.setEncoding("latin1").on("data", (text: string) => {
    if (message !== null) {
      message += text;
      if (script.middle === null && message.length > 4096) {
        say(null);
      } else if (message.endsWith("\r\n.\r\n")) {
        keep(message);
        message = null;
        say(script.end === undefined ? "250 accepted" : script.end);
      }
      return;
    }
    const command = text.slice(0, 4).toUpperCase();
    if (command === "RCPT") {
      say(script.rcpt === undefined ? "250 ok" : script.rcpt);
    } else if (command === "DATA") {
      const reply = script.data === undefined ? "354 go on" : script.data;
      message = reply?.startsWith("354") ? "" : null;
      say(reply);
    } else {
      say(command === "QUIT" ? "221 bye" : "250 ok");
    }
  });
}

const MESSAGE = Buffer.from(`Subject: x\r\n\r\n${"0123456789\r\n".repeat(500_000)}`);

async function send(url: string, retryDelaysMs: number[] = [10, 20]) {
  const slept: number[] = [];
  const sleep = async (ms: number) => void slept.push(ms);
  const mailer = createMailer({ smtpUrl: url, sender: "sla@acme.example", retryDelaysMs, sleep });
  const result = await mailer.send("cfo@acme.example", MESSAGE, new AbortController().signal);
  return { ...result, slept };
}

test("sends a message as it is", async () => {
  const server = await startServer({});
  expect(await send(server.url)).toEqual({ status: "sent", error: null, attempts: 1, slept: [] });
  expect(server.messages).toHaveLength(1);
  expect(server.messages[0]?.length).toBe(MESSAGE.length + ".\r\n".length);
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
  expect(server.connections()).toBe(1);
});

test.each([
  ["before the message", { data: null }],
  ["in the middle of it", { middle: null }],
] as const)("tries again when the connection breaks %s", async (_where, script) => {
  const server = await startServer(script, {});
  expect(await send(server.url)).toMatchObject({ status: "sent", attempts: 2 });
  expect(server.messages).toHaveLength(1);
});

test("tries again when the server takes the message but says not now", async () => {
  const server = await startServer({ end: "452 out of space" }, {});
  expect(await send(server.url)).toMatchObject({ status: "sent", attempts: 2 });
});

test("never sends again what was handed over and not confirmed", async () => {
  const server = await startServer({ end: null }, {});
  expect(await send(server.url)).toMatchObject({ status: "unknown", attempts: 1, slept: [] });
  expect(server.connections()).toBe(1);
});

test("keeps the password out of the error", async () => {
  const { error } = await send("smtp://me:s3cret@127.0.0.1:1", []);
  expect(error).toContain("ECONNREFUSED");
  expect(error).not.toContain("s3cret");
});
