import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { UsageError, type Log } from "@runledger/cli";
import type { Answer, Site } from "./site.ts";

export interface ServeOptions {
  /** 0: any free one. Default: 4178, or any free one while that is taken. */
  port: number | null;
  log: Log;
}

export interface PreviewServer extends AsyncDisposable {
  /** `http://127.0.0.1:4178/` */
  url: string;
}

const HOST = "127.0.0.1";
const DEFAULT_PORT = 4178;

/**
 * Serves a site to browsers of this machine, until it is disposed of.
 *
 * @throws UsageError when the port cannot be had.
 */
export async function serve(site: Site, { port, log }: ServeOptions): Promise<PreviewServer> {
  const server = createServer((request, response) => {
    respond(site, ownHosts(server), request, response).catch((error: unknown) => {
      log.error({ err: error, path: request.url }, "could not be shown");
      refuse(response, 500, "This could not be made; the log says why.");
    });
  });
  await listen(server, port === null ? [DEFAULT_PORT, 0] : [port]);
  return {
    url: `http://${HOST}:${portOf(server)}/`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, [port = 0, ...others]: readonly number[]): Promise<void> {
  try {
    server.listen(port, HOST);
    await once(server, "listening");
  } catch (cause) {
    if (others.length > 0) {
      return listen(server, others);
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`cannot serve on port ${port} (${reason}); --port 0 takes a free one`, { cause });
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/** The names it is called by. Another site whose name was made to lead here is not among them (DNS rebinding). */
function ownHosts(server: Server): string[] {
  return [HOST, "localhost"].map((name) => new URL(`http://${name}:${portOf(server)}`).host);
}

async function respond(
  site: Site,
  hosts: readonly string[],
  { method = "", url = "/", headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!hosts.includes(headers.host ?? "")) {
    return refuse(response, 403, "This preview is served to this machine only.");
  }
  if (method !== "GET" && method !== "HEAD") {
    return refuse(response, 405, "There is nothing here but to look at.");
  }
  const [path = "/"] = url.split("?");
  const answer = await site(path);
  return answer === null ? refuse(response, 404, "There is no such page.") : send(response, answer);
}

function send(response: ServerResponse, { type, policy, fileName, body }: Answer): void {
  response.writeHead(200, {
    ...HEADERS,
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "Content-Security-Policy": policy,
    ...(fileName !== undefined && { "Content-Disposition": `attachment; filename="${fileName}"` }),
  });
  response.end(body);
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { ...HEADERS, "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${why}\n`);
}

/** Nothing of a report is kept by browsers, named to other sites or shown inside them. */
const HEADERS = {
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;
