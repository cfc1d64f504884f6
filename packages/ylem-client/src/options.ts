import { setTimeout as wait } from "node:timers/promises";

import { ConfigurationError } from "./errors.ts";
import { type Cipher, type Decrypt, decryptWith } from "./output.ts";

export interface YlemClientOptions {
  /** API root. Default: `https://api.datamin.io/v1`. */
  baseUrl?: string | undefined;
  clientId: string;
  clientSecret: string;
  /** How the credentials are sent: in the query of a GET, or in the form of a POST. Default: `query`. */
  credentialsIn?: "query" | "body" | undefined;
  /** How outputs that are not plain text are opened. Default: not at all, they stay opaque. */
  output?: OutputOptions | undefined;
  /** Requests on their way at once, over all calls. Default: 4. */
  concurrency?: number | undefined;
  /** Requests begun per second, over all calls. Default: no limit. */
  requestsPerSecond?: number | undefined;
  /** Tries per call, the first included. Default: 5. */
  maxTries?: number | undefined;
  /** Milliseconds a try may take, its body included. Default: 60,000. */
  tryTimeoutMs?: number | undefined;
  /** Milliseconds a call's tries and the pauses between them may take together. Default: 300,000. */
  totalTimeoutMs?: number | undefined;
  /** Largest body read, in bytes after decompression. Default: 67,108,864 (64 MiB). */
  maxBodyBytes?: number | undefined;
  /** Default: the runtime's own, which keeps connections alive. */
  fetch?: typeof globalThis.fetch | undefined;
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  now?: (() => number) | undefined;
  /** Milliseconds since some moment, on a clock that is never set. Default: `performance.now`. */
  elapsedMs?: (() => number) | undefined;
  /** Pauses between tries. Default: a timer. */
  sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** Spreads the pauses; from 0 up to 1. Default: `Math.random`. */
  random?: (() => number) | undefined;
  /** Told after each try, to count and to log. Holds no secrets; must not throw. */
  onRequest?: ((event: RequestEvent) => void) | undefined;
}

/** A key (32 bytes, or their hex or base64; cipher `aes-256-gcm` by default), or a function of one's own. */
export type OutputOptions = { key: string | Uint8Array; cipher?: Cipher | undefined } | { decrypt: Decrypt };

/** One try of one request. */
export interface RequestEvent {
  method: "GET" | "POST";
  /** Below the base URL, with no query. */
  path: string;
  /** 1 for the first. */
  try: number;
  /** Null when no answer came. */
  status: number | null;
  ms: number;
  /** Of the body, as far as it was read. */
  bytes: number;
}

export interface Settings {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  credentialsIn: "query" | "body";
  decrypt: Decrypt | null;
  concurrency: number;
  requestsPerSecond: number | null;
  maxTries: number;
  tryTimeoutMs: number;
  totalTimeoutMs: number;
  maxBodyBytes: number;
  fetch: typeof globalThis.fetch;
  now: () => number;
  elapsedMs: () => number;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  random: () => number;
  onRequest: ((event: RequestEvent) => void) | null;
}

const DEFAULTS = {
  baseUrl: "https://api.datamin.io/v1",
  credentialsIn: "query",
  concurrency: 4,
  maxTries: 5,
  tryTimeoutMs: 60_000,
  totalTimeoutMs: 300_000,
  maxBodyBytes: 64 * 1024 * 1024,
} as const;

/** @throws ConfigurationError when an option makes no sense. */
export function toSettings(options: YlemClientOptions): Settings {
  return {
    baseUrl: toBaseUrl(options.baseUrl ?? DEFAULTS.baseUrl),
    clientId: present(options.clientId, "clientId"),
    clientSecret: present(options.clientSecret, "clientSecret"),
    credentialsIn: options.credentialsIn ?? DEFAULTS.credentialsIn,
    decrypt: options.output === undefined ? null : toDecrypt(options.output),
    concurrency: whole(options.concurrency ?? DEFAULTS.concurrency, "concurrency"),
    requestsPerSecond: toRate(options.requestsPerSecond),
    maxTries: whole(options.maxTries ?? DEFAULTS.maxTries, "maxTries"),
    tryTimeoutMs: toTimeout(options.tryTimeoutMs ?? DEFAULTS.tryTimeoutMs, "tryTimeoutMs"),
    totalTimeoutMs: toTimeout(options.totalTimeoutMs ?? DEFAULTS.totalTimeoutMs, "totalTimeoutMs"),
    maxBodyBytes: whole(options.maxBodyBytes ?? DEFAULTS.maxBodyBytes, "maxBodyBytes"),
    fetch: options.fetch ?? globalThis.fetch,
    now: options.now ?? Date.now,
    elapsedMs: options.elapsedMs ?? (() => performance.now()),
    sleep: options.sleep ?? sleepByTimer,
    random: options.random ?? Math.random,
    onRequest: options.onRequest ?? null,
  };
}

async function sleepByTimer(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}

function toBaseUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new ConfigurationError("baseUrl must be an http(s) URL with no credentials, query or fragment");
  }
  return url.href.replace(/\/+$/, "");
}

function toDecrypt(output: OutputOptions): Decrypt {
  return "decrypt" in output ? output.decrypt : decryptWith(output.key, output.cipher ?? "aes-256-gcm");
}

function present(value: string, name: string): string {
  if (value) return value;
  throw new ConfigurationError(`${name} must not be empty`);
}

function whole(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new ConfigurationError(`${name} must be a whole number from 1 up, not ${value}`);
}

/** A timer set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function toTimeout(value: number, name: string): number {
  if (value > 0 && value <= LONGEST_TIMER_MS) return value;
  throw new ConfigurationError(`${name} must be from above 0 to ${LONGEST_TIMER_MS} ms, not ${value}`);
}

function toRate(value: number | undefined): number | null {
  if (value === undefined) return null;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new ConfigurationError(`requestsPerSecond must be a number above 0, not ${value}`);
}
