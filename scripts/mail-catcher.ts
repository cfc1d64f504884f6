import { mkdir, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { SMTPServer } from "smtp-server";

export interface MailCatcher extends AsyncDisposable {
  /** `smtp://127.0.0.1:40125` */
  url: string;
  received: () => number;
}

/** An SMTP server on loopback that keeps each message as a file in `folder`, named by time and recipient. */
export async function startMailCatcher(folder: string): Promise<MailCatcher> {
  await mkdir(folder, { recursive: true });
  let received = 0;
  const keep = async (message: Readable, file: string): Promise<void> => {
    await writeFile(file, message);
    received += 1;
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, { envelope }, done) {
      const recipients = envelope.rcptTo.map(({ address }) => address).join(",");
      const name = `${new Date().toISOString().replaceAll(":", "-")}-${recipients}.eml`;
      keep(stream, join(folder, name)).then(() => done(), done);
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const address = server.server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received: () => received,
    [Symbol.asyncDispose]: () => new Promise((closed) => server.close(closed)),
  };
}
