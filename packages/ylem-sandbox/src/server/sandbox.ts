import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { DIALECTS, type Dialect, type RunAnswer } from "./dialect.ts";
import { exchange, type ExchangeSettings, type LoggedRequest, type OpenRequest } from "./handle-request.ts";
import { FaultController, type FaultPlan } from "./faults.ts";
import { RunLogWriter } from "./run-log-writer.ts";
import { API_ROOT, READ_SCOPE, type Service } from "./service.ts";
import type { SourceHistory } from "../source/source-history.ts";
import { TokenStore } from "./token-store.ts";
import { faithfulReader, unsignedReader } from "./unsigned-figures.ts";

export type Clock = () => Date;

export interface SandboxOptions {
  /** What the API tells about. May grow while the sandbox runs. */
  readonly history: SourceHistory;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default `server`. */
  readonly dialect?: Dialect;
  /** What a started run is answered with. Default: as the dialect has it. */
  readonly runAnswer?: RunAnswer;
  /** The source's "now": what is visible, whether tokens are alive, the `Date` header. Default: real time. */
  readonly clock?: Clock;
  /** Default: a random UUID. */
  readonly clientId?: string;
  /** Default: random. */
  readonly clientSecret?: string;
  /** Default: reading statistics and running pipelines, in the dialect's words. */
  readonly scopes?: readonly string[];
  /** Default 86 400. */
  readonly tokenLifetimeSeconds?: number;
  /** Faults by chance. Default: none. */
  readonly faults?: FaultPlan;
  /** Milliseconds before every answer. Default 0. */
  readonly latencyMs?: number;
}

export interface Sandbox extends AsyncDisposable {
  /** API root, without a trailing slash: `http://127.0.0.1:40123/v1`. */
  readonly url: string;
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** In order of arrival. */
  readonly requests: readonly LoggedRequest[];
  readonly faults: FaultController;
  setClock(clock: Clock): void;
  /** Refuses every token granted so far. */
  expireTokens(): void;
  /** Forgets the logged requests. */
  resetCounters(): void;
  /** Breaks open connections; resolves when the port is free. */
  close(): Promise<void>;
}

/**
 * Starts a local server that answers like the Ylem API.
 *
 * @throws the system's error when the port cannot be had.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = "127.0.0.1", latencyMs = 0 } = options;
  const { clientId = randomUUID(), clientSecret = randomBytes(32).toString("base64url") } = options;
  const service = serviceOf(options, clientId, clientSecret);
  const faults = new FaultController(options.faults ?? null);
  const requests: OpenRequest[] = [];
  let clock = options.clock ?? (() => new Date());

  const settings: ExchangeSettings = {
    service,
    faults,
    latencyMs,
    clock: () => clock(),
    log: (logged) => requests.push(logged),
  };
  const server = createServer((request, response) => {
    // It fails only when the client has left: there is nobody to tell.
    exchange(settings, request, response).catch(() => response.destroy());
  });
  const port = await listen(server, options.port ?? 0, host);

  const close = () => closeServer(server);
  return {
    url: `http://${host}:${port}${API_ROOT}`,
    port,
    clientId,
    clientSecret,
    requests,
    faults,
    setClock: (next) => {
      clock = next;
    },
    expireTokens: () => service.tokens.expireAll(),
    resetCounters: () => {
      requests.length = 0;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function serviceOf(options: SandboxOptions, clientId: string, clientSecret: string): Service {
  const { history, dialect = "server", tokenLifetimeSeconds = 86_400 } = options;
  const rules = DIALECTS[dialect];
  const { runAnswer = rules.runAnswer, scopes = [rules.runScope, READ_SCOPE] } = options;
  return {
    history,
    dialect,
    runAnswer,
    logWriter: new RunLogWriter(rules.runUuidKey),
    reader: rules.isUnsigned ? unsignedReader() : faithfulReader,
    tokens: new TokenStore({ clientId, clientSecret, scopes, tokenLifetimeSeconds }),
  };
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

async function closeServer(server: Server): Promise<void> {
  if (server.listening) {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  }
}
