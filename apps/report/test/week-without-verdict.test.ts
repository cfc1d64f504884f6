import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode } from "@runledger/cli";
import { describe, expect, it } from "vitest";
import { weekly } from "../src/commands/weekly.ts";
import { createWorld, ORDERS, type World } from "./weekly-fixture.ts";
import { parts, read } from "@runledger/workbook/testing";

/** Runs finish at ten past each hour from 16 February to 23 March. */
const configFrom = (historyStart: string, effectiveFrom: string) => `
version: 1
history_start: ${historyStart}
pipelines: [{ uuid: ${ORDERS}, name: orders }]
agreements:
  - agreement: finance
    title: Finance close
    timezone: Europe/Berlin
    effective_from: ${effectiveFrom}
    objectives:
      - { id: succeeds, pipeline: orders, success: {}, target: 99% }
      - { id: fast, pipeline: orders, duration: { at_most: 10m }, target: 90% }
      - { id: seldom, pipeline: orders, success: {}, target: 90%, min_runs: 500 }
      - { id: by-six, pipeline: orders, deadline: { by: "06:00", opens: "22:00" , on: daily }, target: 90% }
      - { id: fresh, pipeline: orders, freshness: { max_age: 26h }, target: 90% }
      - { id: enough, pipeline: orders, volume: { per: day, at_least: 23, on: daily }, target: 90% }
    report: { to: [a@acme.example] }
`;

describe.each([
  ["before the history starts", "2026-03-03", "2025-01-01"],
  ["before the agreement is in force", "2026-01-01", "2026-03-04"],
  ["before both", "2026-02-26", "2026-03-01"],
])("a week without a verdict, %s", (_, historyStart, effectiveFrom) => {
  it("has no figure in SQL, Trend, charts and mail, and is quoted nowhere", async () => {
    await using world = await createWorld();
    await writeFile(join(world.folder, "runledger.yaml"), configFrom(historyStart, effectiveFrom));
    await reported(world, "2026-W10");
    await reported(world, "2026-W12");

    const { rows } = await world.history.pool.query(
      `select verdict in ('met', 'at_risk', 'missed') as is_scored, attained is not null as has_share,
              attained_raw is not null as has_raw, burn_rate is not null as has_rate, budget_left is not null as has_budget
       from runledger.sla_results order by week`,
    );
    expect(rows).toHaveLength(12);
    for (const { is_scored: isScored, ...has } of rows) {
      expect(Object.values(has)).toEqual(Array(4).fill(isScored));
    }

    const name = join(world.folder, "finance-2026-W12-r1");
    const workbook = await readFile(`${name}.xlsx`);
    const [header = [], ...trend] = (await read(workbook))["Trend"] ?? [];
    const points = trend.map((row) => {
      const cell = (title: string) => row[header.indexOf(title)];
      return {
        week: String(cell("Week")),
        objective: String(cell("Objective")),
        total: Number(cell("Total")),
        attained: cell("Attained"),
        isScored: !["insufficient_data", "not_in_force"].includes(String(cell("Verdict"))),
      };
    });
    expect(points.filter(({ isScored }) => !isScored).length).toBeGreaterThan(13);
    for (const { attained, isScored } of points) expect(attained === null).toBe(!isScored);
    // Nothing is known of the weeks before, so nothing is counted.
    const earliest = historyStart > effectiveFrom ? historyStart : effectiveFrom;
    const firstWeek = earliest < "2026-03-02" ? "2026-W09" : "2026-W10";
    for (const { week, total } of points.filter((point) => point.week < firstWeek)) {
      expect([week, total]).toEqual([week, 0]);
    }

    const page = await readFile(`${name}.html`, "utf8");
    const charts = Object.entries(await parts(workbook)).filter(([path]) =>
      /charts\/chart\d+\.xml/.test(path),
    );
    const quoted = [page, ...Object.values(await parts(workbook))].flatMap((text) => [
      ...text.matchAll(/([\w-]+) (?:[\d.]+%|–) \(target [\d.]+%, lowest ([\d.]+)% in (\S+?)\)/g),
      ...text.matchAll(/(?:descr=")([\w-]+) · [^"]*Lowest ([\d.]+)% in (\S+?)\./g),
    ]);
    expect(quoted.length).toBeGreaterThanOrEqual(10);
    for (const [, objective, share, week] of quoted) {
      const scored = points.filter((point) => point.objective === objective && point.isScored);
      expect(scored.map((point) => point.week)).toContain(week);
      expect(Number(share) / 100).toBeCloseTo(Math.min(...scored.map((point) => Number(point.attained))), 6);
    }

    for (const [, chart] of charts) {
      const objective = /<a:t>([\w-]+) · /.exec(chart)?.[1];
      const [, , attained = ""] = chart.split("<c:ser>");
      if (!chart.includes("target") || objective === undefined) continue;
      const drawn = [...(/<c:val>.*<\/c:val>/.exec(attained)?.[0] ?? "").matchAll(/<c:pt idx="(\d+)"/g)];
      const weeks = points.filter((point) => point.objective === objective);
      expect(drawn.map(([, index]) => Number(index))).toEqual(
        weeks.flatMap(({ isScored }, index) => (isScored ? [index] : [])),
      );
    }
  });
});

async function reported(world: World, week: string): Promise<void> {
  expect(await weekly(world.context(), { out: world.folder, week })).toBe(exitCode.done);
}
