import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readOutlines } from "../src/index.ts";

const TEXT = `
version: 1
timezone: Europe/Berlin
history_start: 2026-01-01
agreements:
  - agreement: finance
    title: Finance close
    report: { to: [cfo@acme.example], failures_to: [oncall@acme.example], settle: 26h }
`;

async function outlinesOf(text: string) {
  const folder = await mkdtemp(join(tmpdir(), "runledger-config-"));
  try {
    const path = join(folder, "runledger.yaml");
    await writeFile(path, text);
    return await readOutlines(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const outline = {
  id: "finance",
  title: "Finance close",
  timezone: "Europe/Berlin",
  effectiveFrom: "2026-01-01",
  report: { to: ["cfo@acme.example"], cc: [], failuresTo: ["oncall@acme.example"], settleMs: 26 * 3_600_000 },
};

test.each([
  ["an unknown key", TEXT.replace("title:", "titel: x\n    title:")],
  ["an objective that is not one", `${TEXT}    objectives: 5\n`],
  ["a list without its end", TEXT.replace("version: 1", "version: [1")],
  ["a mapping without its end", TEXT.replace("26h }", "26h")],
  ["a key twice", `${TEXT}    title: Finance close\n`],
  ["an address that is none", TEXT.replace("[oncall", "[oncall, oncall")],
  ["another agreement without a name", `${TEXT}  - title: Sales\n`],
])("makes out whom to tell in spite of %s", async (_, text) => {
  expect(await outlinesOf(text)).toEqual([outline]);
});

test("takes defaults for what is wrong or not there", async () => {
  const text = TEXT.replace("Europe/Berlin", "Europe/Berin")
    .replace("26h", "26")
    .replace("2026-01-01", "soon");
  const report = { ...outline.report, settleMs: 6 * 3_600_000 };
  expect(await outlinesOf(text)).toEqual([
    { ...outline, timezone: "UTC", effectiveFrom: "1970-01-01", report },
  ]);
});

test.each(["", "{", "agreements: 5", "agreements: [5]", "- *x"])("makes out nothing of %j", async (text) => {
  expect(await outlinesOf(text)).toEqual([]);
});

test("makes out nothing of a file that is not there", async () => {
  expect(await readOutlines("./no-such-file.yaml")).toEqual([]);
});
