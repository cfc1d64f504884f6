import type { DemoPipeline } from "@runledger/ylem-sandbox";

/** A `runledger.yaml` for the demo's pipelines: two agreements, in two zones. */
export function demoConfig(pipelines: readonly DemoPipeline[], historyStart: Date): string {
  return `# The demo's configuration. runledger.example.yaml shows and explains every key.
version: 1
timezone: Europe/Berlin
history_start: ${historyStart.toISOString().slice(0, 10)}
outputs: failures

pipelines:
${pipelines.map(toYaml).join("")}
agreements:
  - agreement: finance-daily-close
    title: Finance daily close
    customer: Finance Controlling
    timezone: Europe/Berlin
    calendar: { workdays: mon-fri }
    exclusions:
      - { every: "sun 02:00", for: 2h, reason: Weekly maintenance, approved_by: change-board }
    objectives:
      - { id: close-by-six,      pipeline: finance-daily-close, deadline: { by: "06:00", on: workdays, grace: 10m }, target: 99% }
      - { id: orders-succeed,    pipeline: orders-to-warehouse, success: {}, target: 98%, min_runs: 5 }
      - { id: payments-fresh,    pipeline: payments-settlement, freshness: { max_age: 3h }, target: 97% }
      - { id: payments-settle,   pipeline: payments-settlement, success: {}, target: 99% }
      - { id: inventory-in-time, pipeline: inventory-snapshot,  duration: { at_most: 45m }, target: 95% }
      - { id: rates-complete,    pipeline: fx-rates,            volume: { per: day, at_least: 90, on: daily }, target: 100% }
    report:
      to: [controlling@acme.example, cfo@acme.example]
      settle: 6h

  - agreement: us-sales-desk
    title: US sales desk
    customer: Sales Operations
    timezone: America/New_York
    objectives:
      - { id: rollup-by-evening, pipeline: us-sales-rollup,    deadline: { by: "20:00", on: workdays }, target: 95% }
      - { id: crm-in-sync,       pipeline: crm-sync,           success: {}, target: 92% }
      - { id: clicks-quick,      pipeline: clickstream-hourly, duration: { at_most: 20m, failed: exclude }, target: 97% }
      - { id: legacy-export,     pipeline: legacy-export,      success: {}, target: 90% }
    report:
      to: [sales-ops@acme.example]
`;
}

function toYaml({ uuid, name, owner, tags, tasks, story }: DemoPipeline): string {
  const named = Object.entries(tasks).map(([task, title]) => `      ${task}: ${JSON.stringify(title)}\n`);
  return (
    `  # ${story}\n  - uuid: ${uuid}\n    name: ${name}\n    owner: ${owner}\n    tags: [${tags.join(", ")}]\n` +
    `    tasks:\n${named.join("")}`
  );
}
