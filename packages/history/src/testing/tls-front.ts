import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import pg from "pg";

export interface Front extends AsyncDisposable {
  port: number;
  /** Connections that have been encrypted. */
  encrypted: () => number;
}

/** What a client of Postgres sends to ask for TLS: its own length, then this number. */
const SSL_REQUEST = 80_877_103;

/** Stands before a test's server as the network does: TCP on 127.0.0.1, with TLS for those who ask for it. */
export async function startTlsFront(serverUrl: string, keys: { cert: string; key: string }): Promise<Front> {
  const { host, port } = new pg.Client(serverUrl);
  const sockets = new Set<Socket>();
  let encrypted = 0;
  const front = createServer((client) => {
    const server = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    client.once("close", () => server.destroy());
    server.once("close", () => client.destroy());
    client.once("data", (first) => {
      if (first.length !== 8 || first.readInt32BE(4) !== SSL_REQUEST) {
        server.write(first);
        client.pipe(server).pipe(client);
        return;
      }
      client.write("S");
      const inner = new TLSSocket(client, { isServer: true, ...keys });
      inner.on("error", () => client.destroy());
      inner.once("secure", () => (encrypted += 1));
      inner.pipe(server).pipe(inner);
    });
  }).listen(0, "127.0.0.1");
  await once(front, "listening");
  const address = front.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    encrypted: () => encrypted,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) {
        socket.destroy();
      }
      front.close();
      await once(front, "close");
    },
  };
}
