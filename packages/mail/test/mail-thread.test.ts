import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import { english } from "@runledger/wording";
import { composeMail } from "../src/compose-mail.ts";
import { fixtureReport } from "@runledger/sla/testing/fixture-report";

async function parsed(revision: number, recipient: string) {
  const mail = await composeMail(fixtureReport({ revision, changes: [] }), {
    from: "Runledger <sla@acme.example>",
    to: ["a@acme.example", "b@acme.example"],
    contact: null,
    language: english,
    workbook: Buffer.from("the workbook"),
    workbookName: "report.xlsx",
  });
  return simpleParser(mail.messageFor(recipient).compose());
}

test("lets every revision answer the first, each recipient's their own", async () => {
  const first = await parsed(1, "a@acme.example");
  const others = await Promise.all([2, 3, 4].map((revision) => parsed(revision, "a@acme.example")));
  expect(first.references).toBeUndefined();
  for (const { references } of others) expect(references).toBe(first.messageId);
  const ids = [first, ...others, await parsed(1, "b@acme.example")].map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBe(5);
});
