import { describe, expect, it } from "vitest";
import { HEAD, parse, withAgreementLine, withObjectives } from "./config-text.ts";

const FULL = `
version: 1
timezone: Europe/Berlin
language: en-US
history_start: 2026-01-01
outputs: all
pipelines:
  - uuid: 7B1C0F7E-0000-4000-8000-000000000001
    name: orders-to-warehouse
    owner: data-platform
    tags: [finance]
    tasks: { 1F0D3B52-0000-4000-8000-000000000002: Load orders }
agreements:
  - agreement: finance-daily-close
    title: Finance daily close
    customer: Finance Controlling
    timezone: America/New_York
    language: de-DE
    effective_from: 2026-01-05
    calendar: { workdays: mon-fri, holidays: ./de-by.ics }
    exclusions:
      - { from: 2026-03-14 22:00, to: 2026-03-15 04:00, reason: "DB upgrade CHG-1234", approved_by: change-board }
      - { every: "sun 02:00", for: 2h, reason: Maintenance }
    objectives:
      - { id: succeeds, pipeline: orders-to-warehouse, success: {}, target: 98%, min_runs: 5 }
      - { id: fast, pipeline: orders-to-warehouse, duration: { at_most: 45m, failed: exclude }, target: 95% }
      - { id: by-six, pipeline: orders-to-warehouse, deadline: { by: "06:00", on: workdays, opens: "00:00", grace: 10m }, target: 99% }
      - { id: fresh, pipeline: orders-to-warehouse, freshness: { max_age: 26h }, target: 99.5% }
      - { id: enough, pipeline: orders-to-warehouse, volume: { per: day, at_least: 24, on: "mon,wed,fri" }, target: 100% }
    report:
      to: [controlling@acme.example]
      cc: [audit@acme.example]
      failures_to: [data-oncall@acme.example]
      contact: Data platform, ext. 1234
      settle: 90m
      unsubscribe_url: https://status.acme.example/unsubscribe
`;

describe("a full configuration", () => {
  it("is read with every value in its parsed form", async () => {
    const pipeline = {
      uuid: "7b1c0f7e-0000-4000-8000-000000000001",
      name: "orders-to-warehouse",
      owner: "data-platform",
      tags: ["finance"],
      tasks: { "1f0d3b52-0000-4000-8000-000000000002": "Load orders" },
    };
    expect(await parse(FULL)).toEqual({
      file: "runledger.yaml",
      timezone: "Europe/Berlin",
      historyStart: "2026-01-01",
      outputs: "all",
      pipelines: [pipeline],
      api: { largestAnswer: 64 * 1024 * 1024 },
      warnings: [],
      agreements: [
        {
          id: "finance-daily-close",
          title: "Finance daily close",
          customer: "Finance Controlling",
          timezone: "America/New_York",
          language: "de-DE",
          effectiveFrom: "2026-01-05",
          calendar: {
            workdays: [1, 2, 3, 4, 5],
            holidays: expect.objectContaining({
              path: "./de-by.ics",
              events: [expect.objectContaining({ name: "Neujahr", days: 1 })],
            }),
          },
          exclusions: [
            {
              kind: "once",
              from: "2026-03-14T22:00",
              to: "2026-03-15T04:00",
              reason: "DB upgrade CHG-1234",
              approvedBy: "change-board",
              line: 22,
            },
            {
              kind: "recurring",
              weekdays: [7],
              at: "02:00",
              forMs: 7_200_000,
              reason: "Maintenance",
              approvedBy: null,
            },
          ],
          objectives: [
            {
              id: "succeeds",
              pipeline,
              target: { numerator: 98, denominator: 100 },
              minRuns: 5,
              kind: "success",
            },
            {
              id: "fast",
              pipeline,
              target: { numerator: 95, denominator: 100 },
              minRuns: 1,
              kind: "duration",
              atMostMs: 2_700_000,
              failed: "exclude",
            },
            {
              id: "by-six",
              pipeline,
              target: { numerator: 99, denominator: 100 },
              minRuns: 1,
              kind: "deadline",
              by: "06:00",
              on: { kind: "workdays" },
              opens: "00:00",
              graceMs: 600_000,
            },
            {
              id: "fresh",
              pipeline,
              target: { numerator: 995, denominator: 1000 },
              minRuns: 1,
              kind: "freshness",
              maxAgeMs: 93_600_000,
            },
            {
              id: "enough",
              pipeline,
              target: { numerator: 100, denominator: 100 },
              minRuns: 1,
              kind: "volume",
              per: "day",
              atLeast: 24,
              on: { kind: "weekdays", weekdays: [1, 3, 5] },
            },
          ],
          report: {
            to: ["controlling@acme.example"],
            cc: ["audit@acme.example"],
            failuresTo: ["data-oncall@acme.example"],
            contact: "Data platform, ext. 1234",
            settleMs: 5_400_000,
            unsubscribeUrl: "https://status.acme.example/unsubscribe",
          },
        },
      ],
    });
  });
});

describe("what is left out", () => {
  it("leaves a configuration that only records runs", async () => {
    expect(await parse(HEAD)).toEqual({
      file: "runledger.yaml",
      timezone: "UTC",
      historyStart: "2026-01-01",
      outputs: "failures",
      pipelines: [
        { uuid: "7b1c0f7e-0000-4000-8000-000000000001", name: "orders", owner: null, tags: [], tasks: {} },
      ],
      agreements: [],
      api: { largestAnswer: 64 * 1024 * 1024 },
      warnings: [],
    });
  });

  it("is filled in from the top of the file and from the defaults", async () => {
    const text = withObjectives(
      "{ id: a, pipeline: orders, deadline: { by: 06:00 }, target: 99% }",
      "{ id: b, pipeline: orders, volume: { per: day, at_least: 1 }, target: 99% }",
      "{ id: c, pipeline: orders, duration: { at_most: 1h }, target: 99% }",
    );
    const { agreements } = await parse(`timezone: Europe/Berlin\nlanguage: de-DE\n${text}`);
    expect(agreements).toMatchObject([
      {
        customer: null,
        timezone: "Europe/Berlin",
        language: "de-DE",
        effectiveFrom: "2026-01-01",
        calendar: { workdays: [1, 2, 3, 4, 5], holidays: null },
        exclusions: [],
        objectives: [
          { on: { kind: "workdays" }, opens: "00:00", graceMs: 0, minRuns: 1 },
          { on: { kind: "daily" } },
          { failed: "count" },
        ],
        report: {
          to: [],
          cc: [],
          failuresTo: [],
          contact: null,
          settleMs: 6 * 3_600_000,
          unsubscribeUrl: null,
        },
      },
    ]);
  });
});

describe("other ways to write the same", () => {
  it.each(["mon-wed,sat", "[mon-wed, sat]", "[sat, mon, tue, wed]", "[mon, mon-wed, sat]"])(
    "reads weekdays from %s",
    async (workdays) => {
      const { agreements } = await parse(withAgreementLine(`calendar:\n      workdays: ${workdays}`));
      expect(agreements[0]?.calendar.workdays).toEqual([1, 2, 3, 6]);
    },
  );

  it("reads a local time with a T, and one that the clocks skip", async () => {
    const text = withAgreementLine(
      "exclusions: [{ from: 2026-03-29T02:30, to: 2026-03-29 03:30, reason: Clocks go forward }]",
    );
    expect((await parse(text)).agreements[0]?.exclusions).toMatchObject([
      { from: "2026-03-29T02:30", to: "2026-03-29T03:30" },
    ]);
  });

  it.each([
    ["23:59", "00:00", "59s"],
    ["06:00", "22:00", "15h59m"],
    ["06:00", "05:00", "22h59m"],
    ["06:00", "06:00", "0s"],
  ])("reads a grace that ends within the window: by %s, opens %s, grace %s", async (by, opens, grace) => {
    const deadline = `deadline: { by: "${by}", opens: "${opens}", grace: ${grace} }`;
    await expect(
      parse(withObjectives(`{ id: a, pipeline: orders, ${deadline}, target: 99% }`)),
    ).resolves.toBeDefined();
  });

  it("follows anchors and aliases", async () => {
    const text = withAgreementLine("report: { to: &team [a@acme.example], cc: *team }");
    expect((await parse(text)).agreements[0]?.report).toMatchObject({
      to: ["a@acme.example"],
      cc: ["a@acme.example"],
    });
  });

  it("keeps an objective's pipeline the same object as the pipeline in the list", async () => {
    const config = await parse(withAgreementLine("customer: Finance"));
    expect(config.agreements[0]?.objectives[0]?.pipeline).toBe(config.pipelines[0]);
  });
});
