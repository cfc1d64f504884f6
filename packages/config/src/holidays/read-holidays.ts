import type { HolidayCalendar, HolidayFile } from "./holiday-calendar.ts";
import { didYouMean } from "../problems/did-you-mean.ts";
import { shown } from "../problems/issue-text.ts";
import type { ConfigProblem, Finding } from "../problems/problems.ts";
import { readHolidayEvents, type HolidayEvent, type ReadEvents } from "./holiday-event.ts";

/** Gives the text of a file named in the configuration; rejects when it cannot. */
export type ReadFile = (path: string) => Promise<string>;

export interface Holidays {
  /** By the number of the agreement, from 0; those whose files are in order. */
  calendars: ReadonlyMap<number, HolidayCalendar>;
  /** What the configuration itself says wrongly. */
  findings: Finding[];
  /** What is wrong in the calendars' own files. */
  problems: ConfigProblem[];
  warnings: Finding[];
}

/** Reads every holiday calendar that the configuration names, each file once. Never rejects. */
export async function readHolidays(config: unknown, readFile: ReadFile): Promise<Holidays> {
  const calendars = new Map<number, HolidayCalendar>();
  const found: Omit<Holidays, "calendars"> = { findings: [], problems: [], warnings: [] };
  const read = new Map<string, ReadEvents | string>();
  for (const { agreement, files } of namedFiles(config)) {
    const inOrder: HolidayFile[] = [];
    for (const named of files) {
      const { file } = named;
      const result = read.get(file) ?? (await readOne(file, readFile));
      read.set(file, result);
      const events = eventsOf(named, result, found);
      if (events !== null) inOrder.push({ path: file, events });
    }
    if (inOrder.length === files.length) calendars.set(agreement, toCalendar(inOrder));
  }
  return { calendars, ...found };
}

/** A calendar by its text, which was in order once: an earlier version may have accepted what is refused today. */
export function holidayCalendar(path: string, text: string): HolidayCalendar {
  const { events, problems } = readHolidayEvents(text);
  const calendar = toCalendar([{ path, events: events ?? [] }]);
  const unfollowed = events === null ? "it is not an iCalendar text" : problems[0]?.message;
  return unfollowed === undefined ? calendar : { ...calendar, unfollowed };
}

function toCalendar(files: readonly HolidayFile[]): HolidayCalendar {
  return {
    path: files.map(({ path }) => path).join(", "),
    files: [...files],
    events: files.flatMap(({ events }) => events),
  };
}

/** A file as it is named in the configuration, and which of its events count. */
interface NamedFile {
  path: readonly PropertyKey[];
  file: string;
  only: readonly string[] | null;
  except: readonly string[];
}

/** What is not written as it should be is left to the schema to complain of. */
function namedFiles(config: unknown): { agreement: number; files: NamedFile[] }[] {
  const agreements: unknown = Object(config).agreements;
  if (!Array.isArray(agreements)) return [];
  return agreements.flatMap((value: unknown, agreement) => {
    const holidays: unknown = Object(Object(value).calendar).holidays;
    const path = ["agreements", String(agreement), "calendar", "holidays"];
    const files = Array.isArray(holidays)
      ? holidays.flatMap((each: unknown, index) => toNamedFile(each, [...path, String(index)]))
      : toNamedFile(holidays, path);
    return files.length === 0 ? [] : [{ agreement, files }];
  });
}

function toNamedFile(value: unknown, path: readonly PropertyKey[]): NamedFile[] {
  if (typeof value === "string") return [{ path, file: value, only: null, except: [] }];
  const { file, only, except } = Object(value);
  if (typeof file !== "string") return [];
  return [{ path, file, only: Array.isArray(only) ? only.map(String) : null, except: textsOf(except) }];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

async function readOne(file: string, readFile: ReadFile): Promise<ReadEvents | string> {
  try {
    return readHolidayEvents(await readFile(file));
  } catch (error) {
    return `cannot read ${shown(file)}: ${reasonOf(error)}; the path is relative to this file`;
  }
}

/** Who has mended as many will look for the others. */
const MOST_PROBLEMS = 20;

/** The events of a file that count, with what is to be said of it; null when it is of no use. */
function eventsOf(
  { path, file, only, except }: NamedFile,
  result: ReadEvents | string,
  { findings, problems, warnings }: Omit<Holidays, "calendars">,
): HolidayEvent[] | null {
  const complain = (message: string) => findings.push({ path, at: "value", message });
  if (typeof result === "string") {
    complain(result);
    return null;
  }
  if (result.events === null) {
    complain(`${shown(file)} is not an iCalendar file: it has to hold a VCALENDAR with events`);
    return null;
  }
  const isIn = (list: readonly string[], name: string) => list.some((each) => each.trim() === name);
  const counts = (name: string) => (only === null || isIn(only, name)) && !isIn(except, name);
  const inDoubt = result.problems.filter(({ event }) => event === null || counts(event));
  if (inDoubt.length > 0) {
    const inFile = ({ line, message }: { line: number; message: string }) => ({
      file,
      position: { line, column: 1 },
      message,
    });
    const more = inDoubt.length - MOST_PROBLEMS;
    const isNew = (problem: ConfigProblem) =>
      !problems.some(
        (known) =>
          known.file === problem.file &&
          known.message === problem.message &&
          known.position?.line === problem.position?.line,
      );
    problems.push(...inDoubt.slice(0, MOST_PROBLEMS).map(inFile).filter(isNew));
    if (more > 0) complain(`${shown(file)} has ${more} more such events`);
    return null;
  }
  const names = [
    ...new Set([
      ...result.events.map(({ name }) => name),
      ...result.problems.flatMap(({ event }) => event ?? []),
    ]),
  ];
  for (const [list, wantedNames] of Object.entries({ only: only ?? [], except })) {
    for (const [index, wanted] of wantedNames.entries()) {
      if (names.includes(wanted.trim())) continue;
      const message = unknownName(file, wanted, names);
      warnings.push({ path: [...path, list, String(index)], at: "value", message });
    }
  }
  const events = result.events.filter(({ name }) => counts(name));
  if (events.length === 0) {
    const why =
      result.events.length === 0 ? "has no event that is whole days" : "has none of the events named here";
    warnings.push({ path, at: "value", message: `${shown(file)} ${why}: it makes no day a holiday` });
  }
  return events;
}

function unknownName(file: string, name: string, names: readonly string[]): string {
  return `${shown(file)} has no event named ${shown(name)}${didYouMean(name, names)}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return "code" in error && error.code === "ENOENT" ? "there is no such file" : error.message;
}
