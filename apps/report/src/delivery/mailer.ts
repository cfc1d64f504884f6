import { setTimeout as wait } from "node:timers/promises";
import { isForSetUpToMend, LoginOffers, requiresTls, whyFailed } from "@runledger/smtp";
import { createTransport } from "nodemailer";
import { Handover } from "./handover.ts";

/** How sending a message ended. */
export interface SendResult {
  /** `failed`: surely not delivered. `unknown`: handed over, but the server's word on it never came. */
  status: "sent" | "failed" | "unknown";
  /** The last refusal; null when sent at once. */
  error: string | null;
  /** Times the server was spoken to. */
  attempts: number;
}

/** One message, and whoever keeps account of whether it has left; nobody need. */
export interface OutgoingMessage {
  recipient: string;
  /** The whole message. */
  raw: Buffer;
  /** Awaited before the end of it leaves; when it rejects, the message stays here and `send` rejects with the same. */
  onHandover?: () => Promise<void>;
  /** Awaited when it is to be tried again although it was handed over: the server has refused it, for now. */
  onReturn?: () => Promise<void>;
}

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
  const { sign, retryDelaysMs = RETRY_DELAYS_MS, sleep = defaultSleep } = options;
  const connections = openConnections(options);
  return {
    async send(message, signal) {
      const raw = sign ? await sign(message.raw) : message.raw;
      for (let attempts = 1; ; attempts += 1) {
        signal.throwIfAborted();
        const failure = await connections.tryOnce({ ...message, raw }, signal);
        if (failure === null) {
          return { status: "sent", error: null, attempts };
        }
        const delayMs = retryDelaysMs[attempts - 1];
        const { status, isForNow, isHandedOver, error } = failure;
        if (!isForNow || delayMs === undefined) {
          return { status, error, attempts };
        }
        if (isHandedOver) {
          await message.onReturn?.();
        }
        await sleep(delayMs, signal);
      }
    },
    [Symbol.dispose]: () => connections.close(),
  };
}

interface Failure {
  status: "failed" | "unknown";
  /** Whether the same may succeed a little later. */
  isForNow: boolean;
  isHandedOver: boolean;
  error: string;
}

function openConnections(options: MailerOptions) {
  const handovers = new WeakMap<object, Handover>();
  const offers = new LoginOffers();
  const pool = openPool(options.smtpUrl, handovers, offers);
  return {
    close: () => pool.close(),
    async tryOnce(
      { recipient, raw, onHandover = async () => {} }: OutgoingMessage,
      signal: AbortSignal,
    ): Promise<Failure | null> {
      const handover = new Handover(onHandover);
      handovers.set(raw, handover);
      using interruption = interruptionBefore(handover, signal);
      const timeout = AbortSignal.timeout(options.tryTimeoutMs ?? TRY_TIMEOUT_MS);
      try {
        await pool.sendMail({
          envelope: { from: options.sender, to: [recipient] },
          raw,
          signal: AbortSignal.any([interruption.signal, timeout]),
        });
        return null;
      } catch (error) {
        if (handover.heldBackBy !== null) {
          throw handover.heldBackBy;
        }
        interruption.signal.throwIfAborted();
        return toFailure(error, handover.hasBegun, options.smtpUrl, offers.offered);
      }
    },
  };
}

function openPool(smtpUrl: string, handovers: WeakMap<object, Handover>, offers: LoginOffers) {
  const pool = createTransport({
    pool: true,
    url: smtpUrl,
    ...CONNECTION,
    requireTLS: requiresTls(smtpUrl),
    logger: offers.logger,
    debug: true,
  });
  pool.use("stream", ({ data, message }, done) => {
    const handover = handovers.get(Object(data.raw));
    message.processFunc((content) => handover?.watch(content) ?? content);
    done();
  });
  return pool;
}

/** The signal, but that it is not heard any more once the message may have left: the server's word is worth waiting for. */
function interruptionBefore(handover: Handover, signal: AbortSignal): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const onAbort = (): void => {
    if (!handover.hasBegun) {
      controller.abort(signal.reason);
    }
  };
  signal.addEventListener("abort", onAbort);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => signal.removeEventListener("abort", onAbort),
  };
}

/** A connection is there within half a minute or not at all; an idle one that broke is replaced once. */
const CONNECTION = { connectionTimeout: 30_000, greetingTimeout: 30_000, maxRequeues: 1 } as const;

function toFailure(
  cause: unknown,
  isHandedOver: boolean,
  smtpUrl: string,
  offered: readonly string[],
): Failure {
  const error = whyFailed(cause, smtpUrl, offered);
  const { responseCode = 0 }: { responseCode?: number } = Object(cause);
  const isRefusal = responseCode >= 400 && responseCode < 600;
  if (isHandedOver && !isRefusal) {
    return { status: "unknown", isForNow: false, isHandedOver, error };
  }
  return { status: "failed", isForNow: !isForSetUpToMend(cause, offered), isHandedOver, error };
}

async function defaultSleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}
