import { Document } from "yaml";
import { annotate } from "./annotate.ts";
import { jsonSchema } from "./json-schema.ts";
import type { ConfigInput } from "./schema.ts";

const HEADER = `# yaml-language-server: $schema=./runledger.schema.json
#
# The configuration of Runledger: which pipelines are recorded, and what was promised about them.
# Replace the values by your own; a key whose comment names a default may be left out.
# Check it with: pnpm report check
`;

const EXAMPLE: ConfigInput = {
  version: 1,
  timezone: "Europe/Berlin",
  language: "en-GB",
  history_start: "2026-01-01",
  outputs: "failures",
  api: { largest_answer: "64MB" },
  pipelines: [
    {
      uuid: "7b1c0f7e-0000-4000-8000-000000000001",
      name: "orders-to-warehouse",
      owner: "data-platform",
      tags: ["finance"],
      tasks: { "1f0d3b52-0000-4000-8000-000000000002": "Load orders" },
    },
  ],
  agreements: [
    {
      agreement: "finance-daily-close",
      title: "Finance daily close",
      customer: "Finance Controlling",
      timezone: "Europe/Berlin",
      language: "en-GB",
      effective_from: "2026-01-05",
      calendar: { workdays: "mon-fri", holidays: "./de-by.ics" },
      exclusions: [
        {
          from: "2026-03-14 22:00",
          to: "2026-03-15 04:00",
          reason: "DB upgrade CHG-1234",
          approved_by: "change-board",
        },
        { every: "sun 02:00", for: "2h", reason: "Maintenance" },
      ],
      objectives: [
        { id: "succeeds", pipeline: "orders-to-warehouse", success: {}, target: "98%", min_runs: 5 },
        {
          id: "fast",
          pipeline: "orders-to-warehouse",
          duration: { at_most: "45m", failed: "count" },
          target: "95%",
        },
        {
          id: "by-six",
          pipeline: "orders-to-warehouse",
          deadline: { by: "06:00", on: "workdays", opens: "00:00", grace: "10m" },
          target: "99%",
        },
        { id: "fresh", pipeline: "orders-to-warehouse", freshness: { max_age: "26h" }, target: "99.5%" },
        {
          id: "enough",
          pipeline: "orders-to-warehouse",
          volume: { per: "day", at_least: 24, on: "workdays" },
          target: "100%",
        },
      ],
      report: {
        to: ["controlling@acme.example"],
        cc: [],
        failures_to: ["data-oncall@acme.example"],
        contact: "data-platform@acme.example",
        settle: "6h",
        unsubscribe_url: "https://status.acme.example/unsubscribe",
      },
    },
  ],
};

/** A configuration with every key there is, explained in the words of the schema where it first appears. */
export function exampleYaml(): string {
  const document = new Document(EXAMPLE);
  annotate(document.contents, jsonSchema());
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return commentOut("holidays", `${HEADER}\n${text}`);
}

/** The example has to load as it is, so a key that asks for another file is shown but not in force. */
function commentOut(key: string, text: string): string {
  return text.replace(new RegExp(`^( *)(${key}:)`, "m"), "$1# $2");
}
