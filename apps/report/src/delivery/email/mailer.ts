import type { OutgoingMessage, SendResult } from "../channel.ts";
import { setTimeout as wait } from "node:timers/promises";
import { openConnections } from "./connections.ts";
import { Reachability } from "./reachability.ts";

export interface Mailer extends Disposable {
  /** Rejects with the signal's reason while the message is surely here, and with what `onHandover` rejected with. */
  send: (message: OutgoingMessage, signal: AbortSignal) => Promise<SendResult>;
}

export interface MailerOptions {
  /** nodemailer's connection URL, `smtps://user:password@host:port`; its query may hold any connection option. */
  smtpUrl: string;
  /** Envelope sender: where bounces go. */
  sender: string;
  /** Signs a whole message. Default: as it is. */
  sign?: (message: Buffer) => Promise<Buffer>;
  /** Pauses between tries, in milliseconds. Default: six tries over about half an hour, as greylisting wants it. */
  retryDelaysMs?: readonly number[];
  /** The most that one try takes, in milliseconds. Default: the ten minutes that RFC 5321 gives a server, and some. */
  tryTimeoutMs?: number;
  /** The largest message that is handed to the server, in bytes. Default: what the server says that it takes. */
  largestMessage?: number | null;
  /** How long a server that cannot be reached is tried, all messages together. Default: two minutes. */
  patienceMs?: number;
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const RETRY_DELAYS_MS = [5000, 20_000, 60_000, 300_000, 1_200_000] as const;
const TRY_TIMEOUT_MS = 12 * 60_000;

/**
 * Speaks SMTP, over a few connections that are kept until it is disposed of. Refusals for now (4xx) and broken
 * connections are tried again; refusals for good (5xx) and what only another set-up can mend are not, and a connection
 * that is lost once the whole message is on its way is `unknown` and never tried again.
 */
export function createMailer(options: MailerOptions): Mailer {
  const {
    sign = async (message) => message,
    retryDelaysMs = RETRY_DELAYS_MS,
    tryTimeoutMs = TRY_TIMEOUT_MS,
    largestMessage,
    sleep = defaultSleep,
  } = options;
  const reachability = new Reachability(options.patienceMs);
  const connections = openConnections({ ...options, tryTimeoutMs }, reachability);

  /** False when the server has not been reached for so long that no message is tried any more. */
  const pauseUnlessGivenUp = async (pauseMs: number, signal: AbortSignal): Promise<boolean> => {
    const { givenUp } = reachability;
    await sleep(pauseMs, AbortSignal.any([signal, givenUp])).catch((reason: unknown) => {
      if (!givenUp.aborted || signal.aborted) throw reason;
    });
    return !givenUp.aborted;
  };

  return {
    async send(message, signal) {
      const smaller = [...(message.smaller ?? [])];
      let raw = await sign(message.raw);
      while (raw.length > (largestMessage ?? Infinity)) {
        const composeSmaller = smaller.shift();
        if (composeSmaller === undefined) break;
        raw = await sign(await composeSmaller());
      }
      const pauses = retryDelaysMs.values();
      for (let attempts = 1; ; attempts += 1) {
        signal.throwIfAborted();
        await message.onTry?.();
        const failure = await connections.tryOnce({ ...message, raw }, signal);
        if (failure === null) {
          return { status: "sent", error: null, attempts };
        }
        const { status, isForNow, isTooLarge, error } = failure;
        const composeSmaller = isTooLarge ? smaller.shift() : undefined;
        if (composeSmaller !== undefined) {
          await message.onSetback?.(error, 0);
          raw = await sign(await composeSmaller());
          continue;
        }
        const { value: pauseMs } = pauses.next();
        if (!isForNow || pauseMs === undefined) {
          return { status, error, attempts };
        }
        await message.onSetback?.(error, pauseMs);
        if (!(await pauseUnlessGivenUp(pauseMs, signal))) {
          return { status: "put_off", error, attempts };
        }
      }
    },
    [Symbol.dispose]() {
      reachability[Symbol.dispose]();
      connections.close();
    },
  };
}

async function defaultSleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}
