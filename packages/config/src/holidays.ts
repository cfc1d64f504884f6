import ICAL from "ical.js";
import type { HolidayCalendar } from "./config.ts";
import { type Entry, entriesAt } from "./entries.ts";
import { shown } from "./explain.ts";
import type { Finding } from "./problems.ts";

/** Gives the text of a file named in the configuration; rejects when it cannot. */
export type ReadFile = (path: string) => Promise<string>;

export interface Holidays {
  /** Those that are in order, by their path as written. */
  calendars: ReadonlyMap<string, HolidayCalendar>;
  findings: Finding[];
}

/** Reads every holiday calendar that the configuration names. Never rejects. */
export async function readHolidays(file: unknown, readFile: ReadFile): Promise<Holidays> {
  const calendars = new Map<string, HolidayCalendar>();
  const findings: Finding[] = [];
  for (const entry of entriesAt(file, "agreements.*.calendar.holidays")) {
    const result = await readCalendar(entry, readFile);
    if ("message" in result) findings.push(result);
    else calendars.set(result.path, result);
  }
  return { calendars, findings };
}

async function readCalendar(entry: Entry, readFile: ReadFile): Promise<HolidayCalendar | Finding> {
  const complaint = (message: string): Finding => ({ path: entry.path, at: "value", message });
  let text: string;
  try {
    text = withoutByteOrderMark(await readFile(entry.text));
  } catch (error) {
    return complaint(
      `cannot read ${shown(entry.text)}: ${reasonOf(error)}; the path is relative to this file`,
    );
  }
  return isCalendar(text)
    ? { path: entry.text, text }
    : complaint(
        `${shown(entry.text)} is not an iCalendar file: it has to hold one VCALENDAR of dated events`,
      );
}

/** ical.js throws errors of many classes at what is no calendar; each means just that. */
function isCalendar(text: string): boolean {
  try {
    const calendar = new ICAL.Component(ICAL.parse(text));
    return calendar.name === "vcalendar" && calendar.getAllSubcomponents("vevent").every(hasStart);
  } catch {
    return false;
  }
}

function hasStart(event: ICAL.Component): boolean {
  return event.getFirstPropertyValue("dtstart") instanceof ICAL.Time;
}

function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return "code" in error && error.code === "ENOENT" ? "there is no such file" : error.message;
}
