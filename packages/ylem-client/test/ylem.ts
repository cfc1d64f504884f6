import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";

import { onTestFinished } from "vitest";

import { YlemClient, type YlemClientOptions } from "../src/index.ts";

export interface Received {
  method: string;
  /** Decoded, below the base URL, with no query. */
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
  body: string;
  socket: Socket;
}

/** Null ends the connection with no answer; a function does what it likes with the response. */
export type Reply =
  | null
  | { status?: number; headers?: Record<string, string>; json?: unknown; text?: string | Buffer }
  | ((response: ServerResponse) => void);

type Script = (received: Received, nth: number) => Reply | Promise<Reply>;

export interface Ylem {
  baseUrl: string;
  /** Requests other than for a token, as they came. */
  requests: Received[];
  tokenRequests: Received[];
  client: (options?: Partial<YlemClientOptions>) => YlemClient;
}

export const CLIENT_ID = "3d1f6a52-0000-4000-8000-00000000000a";
export const CLIENT_SECRET = "s3cret/with+odd chars";
export const PIPELINE = "7b1c0f7e-0000-4000-8000-000000000001";
export const HOUR = { from: new Date("2026-03-01T00:00:00Z"), to: new Date("2026-03-01T01:00:00Z") };

/** A Ylem that gives a token, `token-1` and so on, unless told otherwise, and answers by script. */
export async function ylem(answer: Script, answerToken: Script = givesToken): Promise<Ylem> {
  const requests: Received[] = [];
  const tokenRequests: Received[] = [];
  const server = createServer((request, response) => {
    void respond(request, response);
  });
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await toReceived(request);
    const isToken = received.path === "/oauth/token";
    const log = isToken ? tokenRequests : requests;
    log.push(received);
    send(await (isToken ? answerToken : answer)(received, log.length), response);
  }
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  return { baseUrl, requests, tokenRequests, client: (options) => clientOf(baseUrl, options) };
}

export function givesToken(_: Received, nth: number): Reply {
  return { json: { access_token: `token-${nth}`, expires_in: 86_400, scope: "pipelines:run,stats:read" } };
}

/** A client whose pauses take no time; close() is called when the test ends. */
export function clientOf(baseUrl: string, options: Partial<YlemClientOptions> = {}): YlemClient {
  const client = new YlemClient({
    baseUrl,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    sleep: async () => {},
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** Listens on a free port of this machine and says which. */
async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Not listening on a port");
  return address.port;
}

/** A base URL at which nothing listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}/v1`;
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail");
}

async function toReceived(request: IncomingMessage): Promise<Received> {
  const url = new URL(request.url ?? "", "http://localhost");
  return {
    method: request.method ?? "",
    path: decodeURIComponent(url.pathname).replace(/^\/v1/, ""),
    query: url.searchParams,
    authorization: request.headers.authorization,
    body: await text(request),
    socket: request.socket,
  };
}

function send(reply: Reply, response: ServerResponse): void {
  if (reply === null) {
    response.destroy();
  } else if (typeof reply === "function") {
    reply(response);
  } else {
    const { status = 200, headers = {}, json } = reply;
    response.writeHead(status, headers).end(reply.text ?? (json === undefined ? "" : JSON.stringify(json)));
  }
}
