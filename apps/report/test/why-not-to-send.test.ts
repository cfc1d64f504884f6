import { expect, test } from "vitest";
import { whyNotToSend } from "../src/delivery/send-report.ts";
import { recipientsOf } from "../src/delivery/email/email-channel.ts";
import { fixtureReport } from "@runledger/sla/testing/fixture-report";

test("sends a report when its week is closed and synced through its last instant", () => {
  const { end } = fixtureReport().week;
  const why = (dataThrough: Date | null, revision = 1) =>
    whyNotToSend(fixtureReport({ dataThrough, revision }));
  expect(why(end)).toBeNull();
  expect(why(new Date(end.getTime() + 1))).toBeNull();
  expect(why(new Date(end.getTime() - 1))).toContain("data through: 2026-03-22T22:59:59.999Z");
  expect(why(null)).toContain("data through: never");
  expect(why(end, 0)).toBe("week 2026-W12 is not closed yet");
});

test("sends it to those of To and of Cc, each once", () => {
  const to = ["a@acme.example", "b@acme.example"];
  const report = { to, cc: ["B@acme.example", "c@acme.example"], failuresTo: [], settleMs: 0 };
  expect(recipientsOf({ report }).toSorted()).toEqual([...to, "c@acme.example"]);
});
