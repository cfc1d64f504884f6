import { definitionOf, parseConfig } from "@runledger/config";
import { expect, test } from "vitest";
import { agreementInForce } from "../src/weeks/agreement-in-force.ts";

const CONFIG = `version: 1
history_start: 2026-01-01
pipelines: [{ uuid: 7b1c0f7e-0000-4000-8000-000000000001, name: orders }]
agreements:
  - agreement: daily
    title: Daily
    calendar: { holidays: ./de.ics }
    objectives: [{ id: succeeds, pipeline: orders, success: {}, target: 98% }]
`;
const CHRISTMAS = `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Christmas\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

test("takes the promise in an earlier version's form for the configuration's, under its recorded hash", async () => {
  const config = await parseConfig(CONFIG, "runledger.yaml", async () => CHRISTMAS);
  const [agreement] = config.agreements;
  if (agreement === undefined) throw new Error("no agreement");
  const definition = definitionOf(agreement);
  const older = { ...definition, calendar: { ...definition.calendar, holidays: CHRISTMAS } };
  const definitions = [
    { hash: "first", definition: { ...older, timezone: "Europe/London" }, appliesFrom: null },
    { hash: "second", definition: older, appliesFrom: "2026-W10" },
  ];
  expect(agreementInForce(agreement, definitions, "2026-W12", config)).toEqual({
    agreement,
    definitionHash: "second",
    pendingFrom: null,
  });
  expect(agreementInForce(agreement, definitions, "2026-W09", config)).toMatchObject({
    agreement: { timezone: "Europe/London" },
    definitionHash: "first",
    pendingFrom: "2026-W10",
  });
});
