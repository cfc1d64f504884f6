import { emailChannel } from "../src/delivery/email/email-channel.ts";
import { setTimeout as wait } from "node:timers/promises";
import { readEnvironment, createLog, type Context } from "@runledger/cli";
import type { History, LeaseTiming } from "@runledger/history";
import { type Mail, messageIdOf } from "@runledger/mail";
import { createMailer } from "../src/delivery/email/mailer.ts";
import type { WeeklyReport } from "@runledger/sla";
import { sendReport, type RecipientResult } from "../src/delivery/send-report.ts";
import { fixtureReport } from "@runledger/sla/testing/fixture-report";

export interface Sending {
  history: History;
  smtpUrl: string;
  /** Stands for the report: a name nobody else uses. */
  agreement: string;
  recipients: readonly string[];
  isResend?: boolean;
  leaseTiming?: LeaseTiming;
  signal?: AbortSignal;
  /** Looks on between tries. */
  onPause?: () => Promise<void>;
  pauseMs?: number;
  patienceMs?: number;
}

/** Sends small mails as `report weekly --send` does, but that it does not wait between tries. */
export async function sendAll(sending: Sending): Promise<RecipientResult[]> {
  const {
    history,
    smtpUrl,
    agreement,
    recipients,
    isResend = false,
    leaseTiming,
    onPause,
    pauseMs,
    patienceMs,
  } = sending;
  const report = fixtureReport({ agreement: { ...fixtureReport().agreement, id: agreement } });
  using mailer = createMailer({
    smtpUrl,
    sender: "sla@acme.example",
    retryDelaysMs: pauseMs === undefined ? [1, 1, 1, 1] : Array.from({ length: 100 }, () => pauseMs),
    async sleep(ms, signal) {
      await onPause?.();
      if (pauseMs === undefined) signal.throwIfAborted();
      else await wait(ms, undefined, { signal });
    },
    ...(patienceMs !== undefined && { patienceMs }),
  });
  const options = { history, channel: emailChannel(mailer), isResend, ...(leaseTiming && { leaseTiming }) };
  return await sendReport(quietContext(sending.signal), options, report, smallMail(report), recipients);
}

const log = createLog({ level: "silent", isColorful: false, stream: process.stderr });

/** A command's context at the report's due time. */
export function quietContext(signal = new AbortController().signal): Context {
  const { stdout, stderr } = process;
  return {
    version: "1.2.3",
    environment: readEnvironment({}),
    signal,
    stdout,
    stderr,
    log,
    now: () => new Date("2026-03-23T06:00:00Z"),
    isJson: true,
    isInteractive: false,
  };
}

function smallMail({ agreement, week, revision }: WeeklyReport): Mail {
  return {
    subject: "",
    html: "",
    page: "",
    text: "",
    messageFor(recipient) {
      const messageId = messageIdOf({ agreement: agreement.id, week: week.id, revision, recipient });
      return { messageId, compose: () => Buffer.from(`Message-ID: ${messageId}\r\n\r\n${recipient}\r\n`) };
    },
  };
}
