import PQueue from "p-queue";

import { abortable } from "./abort.ts";
import type { Call } from "./call.ts";
import { type Answer, type Traffic, exchange } from "./http-exchange.ts";
import { type Failure, isWorthRepeating, toError } from "./failure.ts";
import { ShapeError } from "./fields.ts";
import type { Settings } from "./options.ts";
import { retryAfterMs, retryDelay } from "./retry-delay.ts";
import type { Secrets } from "./secrets.ts";
import { ServerClock } from "./server-clock.ts";

/** Sends calls, each as often as it takes, within the limits that all of them share. */
export class Transport {
  readonly #settings: Settings;
  readonly #secrets: Secrets;
  readonly #slots: PQueue;
  readonly serverClock: ServerClock;

  constructor(settings: Settings, secrets: Secrets) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.serverClock = new ServerClock(settings.elapsedMs);
    this.#slots = new PQueue({ concurrency: settings.concurrency, ...toRate(settings.requestsPerSecond) });
  }

  /**
   * Resolves with what the call reads from its answer. A slot is held only while a request is on its way, not
   * between tries; the total time counts tries and pauses, not the wait for a slot.
   */
  async send<T>(call: Call<T>, token: string | null, signal: AbortSignal): Promise<T> {
    const { totalTimeoutMs, sleep, random, now } = this.#settings;
    const maxTries = call.maxTries ?? this.#settings.maxTries;
    let spentMs = 0;
    for (let tries = 1; ; tries += 1) {
      const { reply, ms } = await this.#slots.add(
        () => this.#try(call, token, tries, totalTimeoutMs - spentMs, signal),
        { signal, priority: toPriority(call, tries) },
      );
      spentMs += ms;
      const result = reply.kind === "answer" ? read(call, reply) : reply;
      if (result.kind === "value") return result.value;

      const effort = { tries, ms: spentMs };
      if (tries >= maxTries || !isWorthRepeating(result, call)) {
        throw toError(result, call, effort, this.#secrets);
      }
      const serverAsksMs = result.kind === "status" ? retryAfterMs(result.retryAfter, now()) : null;
      const delayMs = retryDelay(tries, random(), serverAsksMs);
      const leftMs = totalTimeoutMs - spentMs;
      if (delayMs >= leftMs) throw toError(result, call, effort, this.#secrets, noTime(leftMs, serverAsksMs));
      await abortable(sleep(delayMs, signal), signal);
      spentMs += delayMs;
    }
  }

  /** Resolves when no request is on its way or waiting for its slot. */
  async idle(): Promise<void> {
    await this.#slots.onIdle();
  }

  async #try(
    call: Call<unknown>,
    token: string | null,
    tries: number,
    leftMs: number,
    signal: AbortSignal,
  ): Promise<{ reply: Answer | Failure; ms: number }> {
    const { tryTimeoutMs, now, onRequest } = this.#settings;
    const timeoutMs = Math.min(tryTimeoutMs, leftMs);
    const traffic: Traffic = { status: null, bytes: 0 };
    const { serverClock } = this;
    const startedAt = now();
    try {
      const reply = await exchange(call, token, this.#settings, { timeoutMs, signal, traffic, serverClock });
      return { reply, ms: now() - startedAt };
    } finally {
      onRequest?.({ method: call.method, path: call.path, try: tries, ...traffic, ms: now() - startedAt });
    }
  }
}

/** As a sliding second, so that no second sees more; below one a second, as one in a longer stretch. */
function toRate(
  perSecond: number | null,
): { intervalCap: number; interval: number; strict: true } | undefined {
  if (perSecond === null) return undefined;
  const intervalCap = Math.max(1, Math.floor(perSecond));
  return { intervalCap, interval: Math.ceil((intervalCap * 1000) / perSecond), strict: true };
}

/** Others wait for a token, so it goes first; what was begun goes before what was not. */
function toPriority(call: Call<unknown>, tries: number): number {
  if (call.credentials) return 2;
  return tries > 1 ? 1 : 0;
}

function read<T>(call: Call<T>, { body, list, bytes }: Answer): { kind: "value"; value: T } | Failure {
  const excerpt = call.credentials ? "" : body.slice(0, 1000);
  let json: unknown;
  try {
    json = list?.items() ?? (body === "" ? undefined : JSON.parse(body));
  } catch {
    // The parser's own message would quote the body.
    return { kind: "broken", reason: `${bytes} bytes that are not JSON`, excerpt };
  }
  try {
    return { kind: "value", value: call.read(json, bytes) };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return { kind: "broken", reason: error.message, excerpt };
  }
}

function noTime(leftMs: number, serverAsksMs: number | null): string {
  const left = `${(Math.max(leftMs, 0) / 1000).toFixed(1)} s of the total time left`;
  return serverAsksMs !== null && serverAsksMs >= leftMs
    ? `Retry-After asks for ${serverAsksMs / 1000} s, with ${left}`
    : `no further try, with ${left}`;
}
