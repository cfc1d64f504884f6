import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** What a server says at each step; `null` breaks the connection there, "" says nothing at all. */
export interface Script {
  rcpt?: string | null;
  data?: string | null;
  /** After the first kilobytes of the message. */
  middle?: null;
  end?: string | null;
  /** Whether the message is delivered all the same when the end of it is not answered by a 250. */
  isTaken?: boolean;
  /** How long it thinks before each answer, in milliseconds. */
  slowMs?: number;
}

export interface ScriptedServer extends AsyncDisposable {
  url: string;
  connections: () => number;
  tries: () => number;
  /** What it has delivered, in the order of arrival. */
  delivered: { recipient: string; message: string }[];
}

/** A server on a bare socket that follows a script for each try of a message, so that it can break any rule. */
export async function startScriptedServer(scriptFor: (recipient: string) => Script): Promise<ScriptedServer> {
  let connections = 0;
  let tries = 0;
  const delivered: ScriptedServer["delivered"] = [];
  const server: Server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => {});
    const nextScript = (recipient: string): Script => {
      tries += 1;
      return scriptFor(recipient);
    };
    converse(socket, nextScript, (recipient, message) => delivered.push({ recipient, message }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    connections: () => connections,
    tries: () => tries,
    delivered,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

function converse(
  socket: Socket,
  nextScript: (recipient: string) => Script,
  deliver: (recipient: string, message: string) => void,
): void {
  let script: Script = {};
  let recipient = "";
  let message: string | null = null;
  const say = (reply: string | null): void => {
    if (reply === null) {
      socket.destroy();
    } else if (reply !== "") {
      void wait(script.slowMs ?? 0).then(() => socket.write(`${reply}\r\n`));
    }
  };
  const take = (text: string): void => {
    message += text;
    if (script.middle === null && (message?.length ?? 0) > 4096) {
      say(null);
    } else if (message?.endsWith("\r\n.\r\n")) {
      const { end = "250 accepted", isTaken = end?.startsWith("250") ?? false } = script;
      if (isTaken) {
        deliver(recipient, message);
      }
      message = null;
      say(end);
    }
  };
  const answers: Record<string, (line: string) => void> = {
    RCPT: (line) => {
      recipient = /<(.*)>/u.exec(line)?.[1] ?? "";
      script = nextScript(recipient);
      say(script.rcpt === undefined ? "250 ok" : script.rcpt);
    },
    DATA: () => {
      const { data = "354 go on" } = script;
      message = data?.startsWith("354") ? "" : null;
      say(data);
    },
    STAR: () => say("502 what is that"),
    QUIT: () => say("221 bye"),
  };
  say("220 test");
  socket.setEncoding("latin1").on("data", (text: string) => {
    if (message === null) {
      const answer = answers[text.slice(0, 4).toUpperCase()] ?? (() => say("250 ok"));
      answer(text);
    } else {
      take(text);
    }
  });
}
