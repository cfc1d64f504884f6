import type { Environment } from "@runledger/cli";
import { SmtpUrlError, tryLogin } from "@runledger/smtp";
import { ok, problem, type Finding } from "./finding.ts";

const CHECK = "mail";

/** Whether the mail server lets this set-up in. Sends nothing. */
export async function checkMail({ smtpUrl, mailFrom }: Environment): Promise<Finding> {
  if (smtpUrl === null) {
    return ok(CHECK, "SMTP_URL is not set: mails are written to files only");
  }
  if (mailFrom === null) {
    const mend = "Set it to the sender, such as 'Runledger <sla@acme.example>'.";
    return problem(CHECK, "SMTP_URL is set, but MAIL_FROM is not", { mend, lies: "in the set-up" });
  }
  try {
    const trial = await tryLogin(smtpUrl);
    if (trial.error === null) {
      return ok(
        CHECK,
        `the mail server ${trial.hasLoggedIn ? "takes the login" : "answers; there is no login"}`,
      );
    }
    return problem(CHECK, `cannot use the mail server: ${trial.error}`, {
      mend: "Check SMTP_URL, and the network from here to the mail server.",
      lies: trial.isSetUp ? "in the set-up" : "around it",
    });
  } catch (error) {
    if (!(error instanceof SmtpUrlError)) {
      throw error;
    }
    return problem(CHECK, error.message, { mend: "Correct SMTP_URL.", lies: "in the set-up" });
  }
}
