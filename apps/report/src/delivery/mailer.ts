import { setTimeout as wait } from "node:timers/promises";
import { isForSetUpToMend, LoginOffers, requiresTls, whyFailed } from "@runledger/smtp";
import { createTransport } from "nodemailer";
import { Handover } from "./handover.ts";
import { Reachability } from "./reachability.ts";

/** How sending a message ended. */
export interface SendResult {
  /**
   * `failed`: surely not delivered. `unknown`: handed over, but the server's word on it never came. `put_off`: surely not
   * delivered, for no server was reached; the next run is to try.
   */
  status: "sent" | "failed" | "unknown" | "put_off";
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
  /** The same with less and less in it, for a server that finds it too large. */
  smaller?: readonly (() => Promise<Buffer>)[];
  /** Awaited before each try. */
  onTry?: () => Promise<void>;
  /** Awaited when a try has failed and the next is to come after a pause: the message is surely here. */
  onSetback?: (error: string, pauseMs: number) => Promise<void>;
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
    sleep = defaultSleep,
  } = options;
  const reachability = new Reachability(options.patienceMs);
  const connections = openConnections(options, reachability);
  return {
    async send(message, signal) {
      const smaller = [...(message.smaller ?? [])];
      let raw = await sign(message.raw);
      while (smaller.length > 0 && raw.length > (options.largestMessage ?? Infinity)) {
        raw = await sign(await next(smaller));
      }
      let pauses = 0;
      for (let attempts = 1; ; attempts += 1) {
        signal.throwIfAborted();
        await message.onTry?.();
        const failure = await connections.tryOnce({ ...message, raw }, signal);
        if (failure === null) {
          return { status: "sent", error: null, attempts };
        }
        const { status, isForNow, isTooLarge, error } = failure;
        if (isTooLarge && smaller.length > 0) {
          await message.onSetback?.(error, 0);
          raw = await sign(await next(smaller));
          continue;
        }
        const pauseMs = retryDelaysMs[pauses++];
        if (!isForNow || pauseMs === undefined) {
          return { status, error, attempts };
        }
        await message.onSetback?.(error, pauseMs);
        const { givenUp } = reachability;
        await sleep(pauseMs, AbortSignal.any([signal, givenUp])).catch((reason: unknown) => {
          if (!givenUp.aborted || signal.aborted) throw reason;
        });
        if (givenUp.aborted) {
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

async function next(smaller: (() => Promise<Buffer>)[]): Promise<Buffer> {
  const compose = smaller.shift();
  if (compose === undefined) throw new Error("there is nothing smaller");
  return compose();
}

interface Failure {
  status: "failed" | "unknown" | "put_off";
  /** Whether the same may succeed a little later. */
  isForNow: boolean;
  /** Whether the server does not take it for its size. */
  isTooLarge: boolean;
  error: string;
}

function openConnections(options: MailerOptions, reachability: Reachability) {
  const handovers = new WeakMap<object, Handover>();
  const offers = new LoginOffers();
  const pool = openPool(options.smtpUrl, handovers, offers);
  return {
    close: () => pool.close(),
    async tryOnce(
      { recipient, raw, onHandover = async () => {} }: OutgoingMessage,
      signal: AbortSignal,
    ): Promise<Failure | null> {
      if (reachability.givenUp.aborted) return UNREACHABLE;
      const handover = new Handover(onHandover, () => reachability.reached());
      handovers.set(raw, handover);
      reachability.begin();
      using interruption = interruptionBefore(handover, signal);
      const timeout = AbortSignal.timeout(options.tryTimeoutMs ?? TRY_TIMEOUT_MS);
      try {
        await pool.sendMail({
          envelope: { from: options.sender, to: [recipient], size: raw.length },
          raw,
          signal: AbortSignal.any([interruption.signal, timeout, reachability.givenUp]),
        });
        reachability.reached();
        return null;
      } catch (error) {
        if (handover.heldBackBy !== null) {
          throw handover.heldBackBy;
        }
        interruption.signal.throwIfAborted();
        if (!isUnanswered(error, offers.offered)) reachability.reached();
        return reachability.givenUp.aborted && !handover.hasBegun
          ? UNREACHABLE
          : toFailure(error, handover.hasBegun, options.smtpUrl, offers.offered);
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

/** Whether no server has said a word: not even that it is none. */
function isUnanswered(error: unknown, offered: readonly string[]): boolean {
  const {
    command,
    responseCode = 0,
    name,
  }: { command?: string; responseCode?: number; name?: string } = Object(error);
  return (
    responseCode === 0 && (command === "CONN" || name === "AbortError") && !isForSetUpToMend(error, offered)
  );
}

const UNREACHABLE: Failure = {
  status: "put_off",
  isForNow: false,
  isTooLarge: false,
  error: "the mail server could not be reached; the next run tries again",
};

/** RFC 3463: 5.3.4 is a message too big for the system. Servers before it say 552, or say it at once, to MAIL FROM. */
function isForItsSize(error: unknown): boolean {
  const { code, responseCode, response }: { code?: string; responseCode?: number; response?: string } =
    Object(error);
  const isAnnounced =
    code === "EMESSAGE" && responseCode === undefined && /larger than allowed/u.test(String(error));
  return responseCode === 552 || isAnnounced || /^5\d\d[ -]5\.3\.4\b/u.test(response ?? "");
}

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
    return { status: "unknown", isForNow: false, isTooLarge: false, error };
  }
  const isTooLarge = isForItsSize(cause);
  const isForNow = !isTooLarge && !isForSetUpToMend(cause, offered);
  return { status: "failed", isForNow, isTooLarge, error };
}

async function defaultSleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}
