import { type Incident, type WeeklyReport, microsOf } from "@runledger/sla";
import type { Language } from "./languages/language.ts";

/** What its times alone do not tell of an incident: that it opened in an earlier week, that it is open. */
export function incidentRemarks(
  { openedAt, closedAt, lastedMs }: Incident,
  { week }: Pick<WeeklyReport, "week">,
  { incidents }: Language,
): string[] {
  const isSeenToTheEnd = openedAt + Math.round(lastedMs * 1000) >= microsOf(week.end);
  const open = isSeenToTheEnd ? incidents.openAtWeekEnd : incidents.open;
  return [
    ...(openedAt < microsOf(week.start) ? [incidents.openedEarlier] : []),
    ...(closedAt === null ? [open] : []),
  ];
}
