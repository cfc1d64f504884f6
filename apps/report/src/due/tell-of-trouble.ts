import type { Context } from "@runledger/cli";
import type { AgreementOutline } from "@runledger/config";
import type { History } from "@runledger/history";
import { dueWeeks } from "./due-weeks.ts";
import { readKnownWeeks, readPrintedWeeks } from "./known-weeks.ts";
import type { Mailer } from "../delivery/email/mailer.ts";
import { readWellUntil } from "./lasting-trouble.ts";
import { sendLastingNotice } from "./send-notice.ts";
import type { Trouble } from "@runledger/mail";

export interface Reachable {
  mailer: Mailer;
  /** Null when the database cannot be asked: then the files below `out` tell what was done. */
  history: History | null;
  out: string;
}

/** Tells of what keeps every report from being made: those whose last closed week has none yet. */
export async function tellOfTrouble(
  context: Context,
  { mailer, history, out }: Reachable,
  { agreements, trouble, asOf }: { agreements: readonly AgreementOutline[]; trouble: Trouble; asOf: Date },
): Promise<void> {
  for (const agreement of agreements) {
    const known = history ? await readKnownWeeks(history, agreement) : await readPrintedWeeks(out, agreement);
    const week = dueWeeks(agreement, asOf, known).due.at(-1);
    if (week && !known.sent.includes(week.id)) {
      const since = await readWellUntil({ agreement, week, out }, asOf);
      const notice = { agreement, week, trouble };
      await sendLastingNotice(context, { mailer, history, out }, notice, { wellUntil: since, asOf });
    }
  }
}
