// Sends a notice in a process of its own, to be killed: node notice-process.ts '{"databaseUrl": …, "smtpUrl": …}'
import { openHistory } from "@runledger/history";
import { createMailer } from "../src/delivery/email/mailer.ts";
import { sendNotice } from "../src/due/send-notice.ts";
import { quietContext } from "./delivery-fixture.ts";
import { fixtureReport } from "@runledger/sla/testing/fixture-report";

const { databaseUrl, smtpUrl, out } = JSON.parse(process.argv[2] ?? "{}");
await using history = databaseUrl === null ? null : await openHistory({ url: databaseUrl });
using mailer = createMailer({ smtpUrl, sender: "sla@acme.example" });
const { agreement, week } = fixtureReport();
const report = { to: [], cc: [], failuresTo: ["oncall@acme.example"], settleMs: 0 };
await sendNotice(
  quietContext(),
  { mailer, history, out },
  {
    agreement: { ...agreement, report },
    week,
    trouble: { kind: "failed", why: "a reason", remedy: "Mend it." },
  },
);
