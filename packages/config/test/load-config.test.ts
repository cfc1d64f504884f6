import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, holidaysBetween, loadConfig } from "../src/index.ts";
import { withAgreementLine } from "./config-text.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "runledger-config-"));
});
afterEach(() => rm(folder, { recursive: true }));

const event = (start: string): string =>
  `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${start}END:VEVENT\r\nEND:VCALENDAR\r\n`;
const NEW_YEAR = event("DTSTART;VALUE=DATE:20260101\r\n");

/** Writes a configuration that names `calendars/de.ics`, and that file. */
async function writeConfig(calendar: string): Promise<string> {
  const path = join(folder, "runledger.yaml");
  await mkdir(join(folder, "calendars"));
  await writeFile(join(folder, "calendars", "de.ics"), calendar);
  await writeFile(path, withAgreementLine("calendar: { holidays: calendars/de.ics }"));
  return path;
}

describe("holiday calendars", () => {
  it("are found beside the configuration, wherever the command runs", async () => {
    const config = await loadConfig(await writeConfig(NEW_YEAR));
    const holidays = config.agreements[0]?.calendar.holidays;
    expect(holidays?.path).toBe("calendars/de.ics");
    expect(holidaysBetween(holidays?.events ?? [], "2026-01-01", "2026-12-31")).toEqual(
      new Map([["2026-01-01", "Holiday"]]),
    );
  });

  it("may begin with a byte order mark", async () => {
    const config = await loadConfig(await writeConfig(`\uFEFF${NEW_YEAR}`));
    expect(config.agreements[0]?.calendar.holidays?.events).toHaveLength(1);
  });

  it.each([
    ["an empty file", ""],
    ["a web page", "<!doctype html>\n<title>Not found</title>\n"],
    ["an address card", "BEGIN:VCARD\nEND:VCARD\n"],
  ])("are refused with their position: %s", async (_, calendar) => {
    const path = await writeConfig(calendar);
    await expect(loadConfig(path)).rejects.toThrow(
      `${path}:10:27: "calendars/de.ics" is not an iCalendar file: it has to hold a VCALENDAR with events`,
    );
  });

  it("are missed with their position", async () => {
    const path = await writeConfig(NEW_YEAR);
    await rm(join(folder, "calendars", "de.ics"));
    await expect(loadConfig(path)).rejects.toThrow(
      `${path}:10:27: cannot read "calendars/de.ics": there is no such file; the path is relative to this file`,
    );
  });
});

describe("the file itself", () => {
  it("is missed with the way to start", async () => {
    const path = join(folder, "runledger.yaml");
    const error: unknown = await loadConfig(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toHaveProperty(
      "message",
      `${path}: there is no such file; start from the example: cp runledger.example.yaml runledger.yaml`,
    );
    expect(error).toHaveProperty("cause.code", "ENOENT");
  });

  it("is refused when it cannot be read", async () => {
    await expect(loadConfig(folder)).rejects.toThrow(`${folder}: cannot be read: `);
  });
});
