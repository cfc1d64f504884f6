import { createHash } from "node:crypto";
import { recipientKey } from "@runledger/config";

/** What makes a message the same message. */
interface MessageKey {
  agreement: string;
  /** `2026-W12` */
  week: string;
  revision: number;
  /** The address the message is handed to, however it is spelled. */
  recipient: string;
  /** Of a test, which no other message may be taken for. */
  testId?: string | undefined;
}

/** The Message-ID, angle brackets included: the same for the same key, on every machine and in every attempt. */
export function messageIdOf({ agreement, week, revision, recipient, testId }: MessageKey): string {
  const hash = createHash("sha256")
    .update(
      JSON.stringify([
        agreement,
        week,
        revision,
        recipientKey(recipient),
        ...(testId === undefined ? [] : [testId]),
      ]),
    )
    .digest("hex");
  return `<${hash.slice(0, 32)}@runledger.local>`;
}
