import { LoginOffers, requiresTls } from "@runledger/smtp";
import { createTransport, type SendMailOptions } from "nodemailer";
import { type Failure, isUnanswered, toFailure, unreachable } from "./send-failure.ts";
import { Handover } from "./handover.ts";
import type { Reachability } from "./reachability.ts";

/** A message for one recipient, ready to leave. */
interface SignedMessage {
  recipient: string;
  raw: Buffer;
  /** Awaited before the end of it leaves; when it rejects, the message stays here. */
  onHandover?: () => Promise<void>;
}

interface ConnectionOptions {
  smtpUrl: string;
  sender: string;
  tryTimeoutMs: number;
}

/** A few connections to a server, kept until they are closed. */
export interface Connections {
  /** Hands a message over, once; null when the server took it. Rejects while the message is surely here, when told to stop. */
  tryOnce: (message: SignedMessage, signal: AbortSignal) => Promise<Failure | null>;
  close: () => void;
}

export function openConnections(options: ConnectionOptions, reachability: Reachability): Connections {
  const { smtpUrl, sender, tryTimeoutMs } = options;
  const offers = new LoginOffers();
  const pool = openPool(smtpUrl, offers);
  return {
    close: () => pool.close(),
    async tryOnce({ recipient, raw, onHandover = async () => {} }, signal) {
      if (reachability.givenUp.aborted) return unreachable;
      const handover = new Handover(onHandover, () => reachability.reached());
      reachability.begin();
      using interruption = interruptionBefore(handover, signal);
      const timeout = AbortSignal.timeout(tryTimeoutMs);
      const mail: WatchedMail = {
        envelope: { from: sender, to: [recipient], size: raw.length },
        raw,
        signal: AbortSignal.any([interruption.signal, timeout, reachability.givenUp]),
        handover,
      };
      try {
        await pool.sendMail(mail);
        reachability.reached();
        return null;
      } catch (error) {
        if (handover.heldBackBy !== null) {
          throw handover.heldBackBy;
        }
        interruption.signal.throwIfAborted();
        const { offered } = offers;
        if (!isUnanswered(error, offered)) reachability.reached();
        const isHandedOver = handover.hasBegun;
        return reachability.givenUp.aborted && !isHandedOver
          ? unreachable
          : toFailure(error, { smtpUrl, offered, isHandedOver });
      }
    },
  };
}

/** nodemailer brings all that it is given with a message to the plugins that see it leave. */
interface WatchedMail extends SendMailOptions {
  handover: Handover;
}

function openPool(smtpUrl: string, offers: LoginOffers) {
  const pool = createTransport({
    pool: true,
    url: smtpUrl,
    ...CONNECTION,
    requireTLS: requiresTls(smtpUrl),
    logger: offers.logger,
    debug: true,
  });
  pool.use("stream", ({ data, message }, done) => {
    const handover = "handover" in data ? data.handover : null;
    if (handover instanceof Handover) {
      message.processFunc((content) => handover.watch(content));
      done();
    } else {
      done(new Error("a message has no handover that would hold back its end"));
    }
  });
  return pool;
}

/** A connection is there within half a minute or not at all; an idle one that broke is replaced once. */
const CONNECTION = { connectionTimeout: 30_000, greetingTimeout: 30_000, maxRequeues: 1 } as const;

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
