import type { AgreementOutline } from "@runledger/config";

/** What reports leave by, as the ledger has it. */
export const channelNames = ["email"] as const;

export type ChannelName = (typeof channelNames)[number];

/**
 * A way by which reports leave: whom it reaches, what each of them gets, and how that is sent. `Printed` is a report as the
 * channel prints it.
 */
export interface Channel<Printed> {
  name: ChannelName;
  /** Everyone who gets an agreement's report, each once however they are spelled. */
  recipients: (agreement: Pick<AgreementOutline, "report">) => string[];
  compose: (printed: Printed, recipient: string) => ComposedMessage;
  /** Rejects with the signal's reason while the message is surely here, and with what `onHandover` rejected with. */
  send: (message: OutgoingMessage, signal: AbortSignal) => Promise<SendResult>;
}

/** One recipient's message. */
export interface ComposedMessage {
  /** The same for the same report and recipient. */
  messageId: string;
  /** The whole message; asked for only when it is to be sent. */
  compose: () => Buffer | Promise<Buffer>;
  /** The same with less and less, for a server that finds it too large. */
  smaller?: readonly (() => Promise<Buffer>)[];
}

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
