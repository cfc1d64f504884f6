// pnpm bench delivery: how many messages a second leave for 1,000 recipients, each claimed and settled in the ledger,
// against the same messages pushed through nodemailer's pool alone. Exits 1 when there are too few.
import { randomBytes } from "node:crypto";
import { fork } from "node:child_process";
import { once } from "node:events";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startScratchDatabase } from "@runledger/history/testing/scratch-database";
import { createTransport } from "nodemailer";
import { english } from "@runledger/wording";
import { composeMail, type Mail } from "@runledger/mail";
import { emailChannel } from "../src/delivery/email/email-channel.ts";
import { createMailer } from "../src/delivery/email/mailer.ts";
import type { WeeklyReport } from "@runledger/sla";
import { sendReport } from "../src/delivery/send-report.ts";
import { quietContext } from "../test/delivery-fixture.ts";
import { fixtureReport } from "@runledger/sla/testing/fixture-report";

const LEAST_PER_SECOND = 100;
const WORKBOOK_BYTES = 60_000;
const SENDER = "sla@acme.example";

const { values: flags } = parseArgs({
  options: { recipients: { type: "string", default: "1000" }, rounds: { type: "string", default: "3" } },
});
const recipients = Array.from({ length: Number(flags.recipients) }, (_, index) => `r${index}@acme.example`);
const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;

const sink = fork(join(import.meta.dirname, "mail-sink.ts"));
const [smtpUrl]: string[] = await once(sink, "message");
const rates: number[] = [];
try {
  await using database = await startScratchDatabase();
  const { history } = database;
  for (let round = 0; round <= Number(flags.rounds); round += 1) {
    const report = fixtureReport({ revision: round + 1 });
    const mail = await mailOf(report);
    if (round === 0) {
      const size = mail.messageFor("r0@acme.example").compose().length;
      console.log(`${recipients.length} messages of ${Math.round(size / 1000)} kB; ${machine}`);
    }
    const floor = await perSecond(() => pushThroughPool(mail));
    const delivery = await perSecond(async () => {
      using mailer = createMailer({ smtpUrl: smtpUrl ?? "", sender: SENDER });
      const options = { history, channel: emailChannel(mailer), isResend: false };
      const results = await sendReport(quietContext(), options, report, mail, recipients);
      if (results.some(({ result }) => result.status !== "sent")) {
        throw new Error("not every message was sent");
      }
    });
    // The first round is not counted: code is cold, and the database makes its files.
    if (round > 0) {
      rates.push(delivery);
      console.log(`floor ${floor.toFixed(0)}/s, delivery ${delivery.toFixed(0)}/s`);
    }
  }
} finally {
  sink.disconnect();
}
const rate = rates.toSorted((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;
const isWithin = rate >= LEAST_PER_SECOND;
console.log(`${isWithin ? "✔" : "✖"} ${rate.toFixed(0)} messages a second (at least ${LEAST_PER_SECOND})`);
process.exitCode = isWithin ? 0 : 1;

async function mailOf(report: WeeklyReport): Promise<Mail> {
  return composeMail(report, {
    from: `Runledger <${SENDER}>`,
    to: ["controlling@acme.example"],
    contact: null,
    language: english,
    workbook: randomBytes(WORKBOOK_BYTES),
    workbookName: "bench.xlsx",
    unsubscribeLink: (recipient) => `https://status.acme.example/unsubscribe?token=${recipient}`,
  });
}

async function pushThroughPool(mail: Mail): Promise<void> {
  const transport = createTransport({ pool: true, url: smtpUrl ?? "" });
  await Promise.all(
    recipients.map((recipient) =>
      transport.sendMail({
        envelope: { from: SENDER, to: [recipient] },
        raw: mail.messageFor(recipient).compose(),
      }),
    ),
  );
  transport.close();
}

async function perSecond(sendAll: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await sendAll();
  return (recipients.length / (performance.now() - startedAt)) * 1000;
}
