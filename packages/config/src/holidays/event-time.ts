import { DateTime } from "luxon";
import { findIana } from "windows-iana";
import { isoDate, parseCivilDay, type CivilDay } from "./civil-day.ts";
import type { ContentLine } from "./content-lines.ts";

/** A date, or a time of day on it: in UTC, in a zone, or in none. */
export interface EventTime {
  day: CivilDay;
  /** From the midnight that `day` begins with; negative where a time in UTC is taken as one of the next day. */
  second: number;
  isDate: boolean;
  isUtc: boolean;
}

/**
 * Reads a date or a time; null for what is neither. With `like`, the DTSTART of the event, a time is taken to its zone.
 * Where that is not known, a time in UTC is of the day whose midnight is nearest, or with `"until"` of the last day that
 * begins up to it; where the event is of dates, of the day that it is written with.
 */
export type ReadTime = (line: ContentLine, like?: ContentLine, use?: "until") => EventTime | null;

/** A reader of the times of one calendar: it keeps the zones that this names. */
export function timeReader(lines: readonly ContentLine[]): ReadTime {
  const found = new Map<string, string | null>();
  const zoneNamed = (name: string | undefined): string | null => {
    if (name === undefined) return null;
    const known = found.get(name);
    if (known !== undefined) return known;
    const zone = ianaZone(name);
    found.set(name, zone);
    return zone;
  };
  const zoneOf = (line: ContentLine | undefined) => zoneNamed(line?.parameters.get("TZID"));
  const calendarZone = zoneOfCalendar(lines);

  return (line, like, use) => {
    const [, date = "", time, utc] = /^(\d{8})(?:T(\d{6}))?(Z)?$/iu.exec(line.value.trim()) ?? [];
    const day = parseCivilDay(date);
    if (day === null) return null;
    // Some programs write a midnight and say that it is a date.
    if (time === undefined || line.parameters.get("VALUE")?.toUpperCase() === "DATE") {
      return { day, second: 0, isDate: true, isUtc: false };
    }
    const isUtc = utc !== undefined;
    const written: EventTime = { day, second: secondOf(time), isDate: false, isUtc };
    if (!isUtc) return toZone(written, zoneOf(line), zoneOf(like));
    const isOfUtc = like === undefined || /Z$/iu.test(like.value.trim());
    const zone = zoneOf(like) ?? zoneOf(line) ?? (isOfUtc ? zoneNamed(calendarZone) : null);
    if (zone !== null) return toZone(written, "UTC", zone);
    if (!isOfUtc && (use === "until" || !like.value.includes("T"))) return written;
    if (use === "until" && like) return lastBegun(written, like);
    return nearestMidnight(written);
  };
}

/** Of a calendar whose events are in UTC: the zone that it says it is in, or the only one that it has. */
function zoneOfCalendar(lines: readonly ContentLine[]): string | undefined {
  const stated = lines.find(({ name }) => name === "X-WR-TIMEZONE")?.value;
  if (stated !== undefined && stated !== "") return stated;
  const named = new Set(lines.filter(({ name }) => name === "TZID").map(({ value }) => value));
  return named.size === 1 ? [...named][0] : undefined;
}

/** The zone by its IANA name, also of one that is named as Windows does; null where it is not known. */
function ianaZone(name: string): string | null {
  const candidates = [name, ...findIana(name), name.replace(/^.*?(?=[A-Z]\w+\/)/u, "")];
  return candidates.find((candidate) => DateTime.local({ zone: candidate }).isValid) ?? null;
}

function secondOf(time: string): number {
  return Number(time.slice(0, 2)) * 3600 + Number(time.slice(2, 4)) * 60 + Number(time.slice(4));
}

/** As written where one of the zones is not known. */
function toZone(time: EventTime, from: string | null, to: string | null): EventTime {
  if (from === null || to === null || from === to) return time;
  const wall = DateTime.fromISO(isoDate(time.day), { zone: from });
  const hour = Math.floor(time.second / 3600);
  const local = wall
    .set({ hour, minute: Math.floor(time.second / 60) % 60, second: time.second % 60 })
    .setZone(to);
  const day = local.isValid ? parseCivilDay(local.toISODate()) : null;
  return day === null ? time : { ...time, day, second: secondOf(local.toFormat("HHmmss")) };
}

const DAY_SECONDS = 86_400;

/** Zones go from −11:00 to +14:00; of the hours that both sides have, more people live in the east of the date line. */
const FURTHEST_WEST = 10 * 3600;

function nearestMidnight(time: EventTime): EventTime {
  return time.second > FURTHEST_WEST
    ? { ...time, day: time.day + 1, second: time.second - DAY_SECONDS }
    : time;
}

/** The last day of an event in UTC that has begun at a time. In another season its days begin an hour earlier or later. */
function lastBegun(time: EventTime, start: ContentLine): EventTime {
  const startSecond = secondOf(start.value.trim().slice(9, 15));
  const slack = time.second % 900 === 0 ? 3600 : 0;
  const isBefore = time.second < startSecond - slack;
  const isNextDay = startSecond > FURTHEST_WEST;
  return { ...time, day: time.day + (isNextDay ? 1 : 0) - (isBefore ? 1 : 0) };
}
