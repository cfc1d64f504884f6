import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { exampleYaml, jsonSchema, loadConfig } from "../src/index.ts";
import { HEAD, problemsOf, withAgreementLine, withObjectives } from "./config-text.ts";

const folder = new URL("../../..", import.meta.url);
const read = (name: string): Promise<string> => readFile(new URL(name, folder), "utf8");

const validate = new Ajv({ formats: { uuid: true, date: true, "idn-email": true } }).compile(jsonSchema());

describe("the files kept in the repository are current (else: pnpm --filter @runledger/config generate)", () => {
  it("runledger.example.yaml", async () => {
    expect(await read("runledger.example.yaml")).toBe(exampleYaml());
  });

  it("runledger.schema.json", async () => {
    expect(JSON.parse(await read("runledger.schema.json"))).toEqual(jsonSchema());
  });
});

describe("the example", () => {
  it("loads as it is", async () => {
    const config = await loadConfig(new URL("runledger.example.yaml", folder).pathname);
    expect(config.agreements[0]?.objectives.map(({ kind }) => kind)).toEqual([
      "success",
      "duration",
      "deadline",
      "freshness",
      "volume",
    ]);
  });

  it("names its schema for editors in the first line", () => {
    expect(exampleYaml()).toMatch(/^# yaml-language-server: \$schema=\.\/runledger\.schema\.json\n/);
  });

  it("shows every key there is", () => {
    for (const key of keysIn(jsonSchema())) {
      expect(exampleYaml()).toMatch(new RegExp(`(?:^[ #-]*|[{,] )${key}:`, "m"));
    }
  });
});

describe("the JSON Schema", () => {
  it("accepts the example", () => {
    expect(validate(parseYaml(exampleYaml())), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    HEAD,
    withAgreementLine("calendar: { workdays: [mon, wed-fri] }"),
    withAgreementLine('exclusions: [{ every: "mon,tue 02:00", for: 1h30m, reason: x }]'),
    withObjectives(
      "{ id: a, pipeline: orders, volume: { per: day, at_least: 1, on: [mon] }, target: 100.0% }",
    ),
  ])("accepts what the parser accepts: %#", async (text) => {
    expect(await problemsOf(text)).toEqual([]);
    expect(validate(parseYaml(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    `${HEAD}outpts: all\n`,
    HEAD.replace("2026-01-01", "2026-02-30"),
    HEAD.replace("name: orders", 'name: "a\\tb"'),
    withObjectives("{ id: a, pipeline: orders, success: {}, target: 98 }"),
    withObjectives("{ id: a, pipeline: orders, target: 98% }"),
    withObjectives("{ id: a, pipeline: orders, success: {}, freshness: { max_age: 1h }, target: 98% }"),
    withObjectives("{ id: a, pipeline: orders, freshness: { max_age: 26 }, target: 98% }"),
    withAgreementLine("exclusions: [{ every: sun, for: 2h, reason: x }]"),
  ])("refuses what the parser refuses: %#", async (text) => {
    expect(await problemsOf(text)).not.toEqual([]);
    expect(validate(parseYaml(text))).toBe(false);
  });
});

function keysIn(schema: object): string[] {
  const keys: string[] = [];
  JSON.stringify(schema, (name, value: object) => {
    if (name === "properties") keys.push(...Object.keys(value));
    return value;
  });
  return keys;
}
