import ICAL from "ical.js";

/**
 * What of a holiday calendar says which days are holidays, as an iCalendar text of its own: names, stamps, order and
 * what is no whole day are left out. Two files that mean the same days by the same rules give the same text.
 */
export function holidayRules(icalendar: string): string {
  const events = new ICAL.Component(ICAL.parse(icalendar)).getAllSubcomponents("vevent").filter(isWholeDays);
  const replaced = new Set(
    events
      .filter((event) => event.hasProperty("recurrence-id"))
      .map((event) => event.getFirstPropertyValue("uid")),
  );
  const rules = events.map((event) => rulesOf(event, replaced)).toSorted();
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...rules, "END:VCALENDAR", ""].join("\r\n");
}

function isWholeDays(event: ICAL.Component): boolean {
  const start = event.getFirstPropertyValue("dtstart");
  return start instanceof ICAL.Time && start.isDate;
}

const DATING = ["dtstart", "dtend", "duration", "rrule", "rdate", "exdate", "recurrence-id"];

/** An event's UID says which of its occurrences another one replaces; some programs write a new one each time. */
function rulesOf(event: ICAL.Component, replaced: ReadonlySet<unknown>): string {
  const isCancelled = event.getFirstPropertyValue("status") === "CANCELLED";
  const isReplaced = replaced.has(event.getFirstPropertyValue("uid"));
  const names = [...DATING, ...(isCancelled ? ["status"] : []), ...(isReplaced ? ["uid"] : [])];
  const lines = names.flatMap((name) =>
    event.getAllProperties(name).map((property) => property.toICALString()),
  );
  return ["BEGIN:VEVENT", ...lines.toSorted(), "END:VEVENT"].join("\r\n");
}
