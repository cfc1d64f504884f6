import { exitCode } from "@runledger/cli";
import { exampleYaml, parseConfig } from "@runledger/config";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { check } from "../src/commands/check.ts";
import { weekly } from "../src/commands/weekly.ts";
import { openSloDocuments, type OpenSloDocument } from "../src/check/openslo.ts";
import { openSloRules } from "./openslo-rules.ts";
import { createWorld } from "./weekly-fixture.ts";

async function example() {
  const { agreements } = await parseConfig(exampleYaml(), "runledger.yaml", async () => "");
  return agreements;
}

function documentOf(documents: readonly OpenSloDocument[], kind: string, name: string): OpenSloDocument {
  const found = documents.find((document) => document.kind === kind && document.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
}

test("makes a data source, a service per pipeline, and an indicator and an SLO per objective", async () => {
  const agreements = await example();
  const documents = openSloDocuments(agreements);
  expect(documents.map(({ kind }) => kind)).toEqual([
    "DataSource",
    "Service",
    ...agreements.flatMap(({ objectives }) => objectives.flatMap(() => ["SLI", "SLO"])),
  ]);
  for (const document of documents) expect(openSloRules.parse(document)).toEqual(document);
});

test("says in annotations what the format cannot say", async () => {
  const documents = openSloDocuments(await example());
  expect(documentOf(documents, "SLO", "finance-daily-close--by-six")).toMatchObject({
    metadata: {
      displayName: "Finance daily close: by-six",
      annotations: {
        "runledger.agreement": "finance-daily-close",
        "runledger.customer": "Finance Controlling",
        "runledger.objective": "by-six",
        "runledger.unit": "days",
        "runledger.kind": "deadline",
        "runledger.by": "06:00",
        "runledger.on": "workdays",
        "runledger.opens": "00:00",
        "runledger.grace": "10m",
        "runledger.min_runs": "1",
        "runledger.effective_from": "2026-01-05",
        "runledger.settle": "6h",
        "runledger.workdays": "mon, tue, wed, thu, fri",
        "runledger.exclusions": JSON.stringify([
          {
            from: "2026-03-14 22:00",
            to: "2026-03-15 04:00",
            reason: "DB upgrade CHG-1234",
            approved_by: "change-board",
          },
          { every: "sun 02:00", for: "2h", reason: "Maintenance" },
        ]),
      },
    },
    spec: {
      service: "orders-to-warehouse",
      indicatorRef: "finance-daily-close--by-six",
      timeWindow: [
        { duration: "1w", calendar: { startTime: "2026-01-05 00:00:00", timeZone: "Europe/Berlin" } },
      ],
      objectives: [{ target: 0.99 }],
    },
  });
  const measured = (name: string) =>
    documentOf(documents, "SLO", `finance-daily-close--${name}`).metadata.annotations;
  expect(measured("fast")).toMatchObject({ "runledger.at_most": "45m", "runledger.failed": "count" });
  expect(measured("fresh")).toMatchObject({ "runledger.unit": "seconds", "runledger.max_age": "26h" });
  expect(measured("enough")).toMatchObject({ "runledger.per": "day", "runledger.at_least": "24" });
});

test("stands in for a target of 100 %, which the format does not have", async () => {
  const slo = documentOf(openSloDocuments(await example()), "SLO", "finance-daily-close--enough");
  expect(slo.spec["objectives"]).toEqual([{ target: 0.999_999_99 }]);
  expect(slo.metadata.annotations).toMatchObject({ "runledger.target": "100%" });
});

test("starts with the first whole week in force", async () => {
  const [agreement] = await example();
  const startOf = (effectiveFrom: string) => {
    const documents = openSloDocuments(agreement ? [{ ...agreement, effectiveFrom, timezone: "UTC" }] : []);
    return documentOf(documents, "SLO", "finance-daily-close--fast").spec["timeWindow"];
  };
  for (const day of ["2026-01-06", "2026-01-11", "2026-01-12"]) {
    expect(startOf(day)).toMatchObject([
      { calendar: { startTime: "2026-01-12 00:00:00", timeZone: "Etc/UTC" } },
    ]);
  }
});

test("names things by the rules, each by itself, whatever they are called", async () => {
  const [agreement] = await example();
  const [objective] = agreement?.objectives ?? [];
  if (!agreement || !objective) throw new Error("the example has one");
  const line = fc.string({ unit: "grapheme", minLength: 1, maxLength: 90 }).filter((text) => /\S/.test(text));
  const called = fc.oneof(line, fc.stringMatching(/^[a-z0-9-]{1,80}$/));
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,70}$/), { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9._-]{1,70}$/), { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(called, { minLength: 4, maxLength: 4 }),
      (ids, objectiveIds, pipelines) => {
        const objectives = objectiveIds.map((id, index) => ({
          ...objective,
          id,
          pipeline: { ...objective.pipeline, uuid: String(index), name: pipelines[index] ?? "" },
        }));
        const documents = openSloDocuments(ids.map((id) => ({ ...agreement, id, objectives })));
        for (const document of documents) openSloRules.parse(document);
        const names = documents.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
        expect(new Set(names).size).toBe(names.length);
        const has = new Set(names);
        for (const { spec } of documents.filter(({ kind }) => kind === "SLO")) {
          expect(has).toContain(`Service ${String(spec["service"])}`);
          expect(has).toContain(`SLI ${String(spec["indicatorRef"])}`);
        }
      },
    ),
  );
});

test("prints them as a stream that old and new YAML read alike, or as one JSON array, without a database", async () => {
  await using world = await createWorld();
  const noDatabase = { DATABASE_URL: "postgres://127.0.0.1:1/x" };
  const asYaml = { ...world.context(noDatabase), isJson: false };
  expect(await check(asYaml, { openslo: true })).toBe(exitCode.done);
  const asJson = world.context(noDatabase);
  expect(await check(asJson, { openslo: true })).toBe(exitCode.done);
  const documents: unknown = JSON.parse(asJson.printed());
  expect(documents).toHaveLength(1 + 1 + 2 * 2);
  for (const version of ["1.1", "1.2"] as const) {
    const read = parseAllDocuments(asYaml.printed(), { version });
    expect(Array.from(read, (document): unknown => document.toJS())).toEqual(documents);
  }
});

test("has queries that read what the latest revision printed", async () => {
  await using world = await createWorld();
  const week = { week: "2026-W12", out: world.folder };
  await weekly(world.context(), week);
  await world.history.pool.query("update runledger.runs set is_successful = true");
  const revised = world.context();
  await weekly(revised, week);
  const [report] = printedReports.parse(JSON.parse(revised.printed()));
  expect(report?.objectives.map(({ good, total }) => [good, total])).toEqual([
    [167, 167],
    [167, 167],
  ]);

  const asked = world.context();
  await check(asked, { openslo: true });
  const documents = z.array(openSloRules).parse(JSON.parse(asked.printed()));
  for (const { objective: id, good, total } of report?.objectives ?? []) {
    const indicator = documents.find(
      ({ kind, metadata }) => kind === "SLI" && metadata.name === `finance--${id}`,
    );
    if (indicator?.kind !== "SLI") throw new Error(`no indicator of ${id}`);
    const { ratioMetric } = indicator.spec;
    const rowsOf = async ({ metricSource }: typeof ratioMetric.good) =>
      (await world.history.pool.query(metricSource.spec.query)).rows;
    expect(await rowsOf(ratioMetric.good)).toEqual([{ week: "2026-W12", good }]);
    expect(await rowsOf(ratioMetric.total)).toEqual([{ week: "2026-W12", total }]);
  }
});

const printedReports = z.array(
  z.object({ objectives: z.array(z.object({ objective: z.string(), good: z.number(), total: z.number() })) }),
);
