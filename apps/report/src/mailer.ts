import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { createTransport } from "nodemailer";

/** How sending a message ended. */
export interface SendResult {
  /** `failed`: surely not delivered. `unknown`: handed over, but the server's word on it never came. */
  status: "sent" | "failed" | "unknown";
  /** The last refusal; null when sent at once. */
  error: string | null;
  /** Times the server was spoken to. */
  attempts: number;
}

export interface Mailer {
  /** Sends one message to one recipient. Never rejects, but with the signal's reason before anything left. */
  send: (recipient: string, message: Buffer, signal: AbortSignal) => Promise<SendResult>;
}

export interface MailerOptions {
  /** nodemailer's connection URL, `smtps://user:password@host:port`. */
  smtpUrl: string;
  /** Envelope sender: where bounces go. */
  sender: string;
  /** Pauses between tries, in milliseconds. Default: six tries over about half an hour, as greylisting wants it. */
  retryDelaysMs?: readonly number[];
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const RETRY_DELAYS_MS = [5000, 20_000, 60_000, 300_000, 1_200_000] as const;

/**
 * Speaks SMTP. Refusals for now (4xx) and broken connections are tried again; refusals for good (5xx) are not, and a
 * connection that is lost once the whole message is on its way is `unknown` and never tried again.
 */
export function createMailer(options: MailerOptions): Mailer {
  const { smtpUrl, sender, retryDelaysMs = RETRY_DELAYS_MS, sleep = defaultSleep } = options;
  return {
    async send(recipient, message, signal) {
      for (let attempts = 1; ; attempts += 1) {
        signal.throwIfAborted();
        const failure = await tryOnce(smtpUrl, { from: sender, to: [recipient] }, message);
        if (failure === null) {
          return { status: "sent", error: null, attempts };
        }
        const delayMs = retryDelaysMs[attempts - 1];
        const { status, isForNow, error } = failure;
        if (!isForNow || delayMs === undefined || !(await slept(sleep(delayMs, signal)))) {
          return { status, error, attempts };
        }
      }
    },
  };
}

interface Failure {
  status: "failed" | "unknown";
  /** Whether the same may succeed a little later. */
  isForNow: boolean;
  error: string;
}

async function tryOnce(
  smtpUrl: string,
  envelope: { from: string; to: string[] },
  raw: Buffer,
): Promise<Failure | null> {
  const transport = createTransport(smtpUrl);
  const handover = new Handover();
  transport.use("stream", (mail, done) => {
    mail.message.processFunc((message) => handover.watch(message));
    done();
  });
  try {
    await transport.sendMail({ envelope, raw });
    return null;
  } catch (error) {
    return toFailure(error, handover.isComplete);
  } finally {
    transport.close();
  }
}

/** Small, so that what is read ahead of the connection is little. */
const PIECE_BYTES = 16_384;

/** Sees how much of a message was taken by the connection, which asks for it only after the server said go on. */
class Handover {
  isComplete = false;

  watch(message: Readable): Readable {
    return Readable.from(this.#pass(message), { objectMode: false, highWaterMark: PIECE_BYTES });
  }

  async *#pass(message: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of message) {
      for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
        yield chunk.subarray(start, start + PIECE_BYTES);
      }
    }
    this.isComplete = true;
  }
}

function toFailure(cause: unknown, isHandedOver: boolean): Failure {
  const error = cause instanceof Error ? cause.message : String(cause);
  const { responseCode }: { responseCode?: number } = Object(cause);
  if (responseCode === undefined) {
    return { status: isHandedOver ? "unknown" : "failed", isForNow: !isHandedOver, error };
  }
  return { status: "failed", isForNow: responseCode < 500, error };
}

async function defaultSleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}

/** Whether the pause went by undisturbed. */
async function slept(pause: Promise<unknown>): Promise<boolean> {
  return pause.then(
    () => true,
    () => false,
  );
}
