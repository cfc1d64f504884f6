import { type Language, dayText, durationText } from "@runledger/wording";
import {
  DEADLINE_COUNTS,
  type DeadlineDay,
  type ObjectiveResult,
  type ReportWithoutRuns,
} from "@runledger/sla";

/** What stands behind an objective's bad events, in one line: its worst day, the task that failed first; `null` if unknown. */
export function causeOf(
  { id }: ObjectiveResult,
  { deadlines, incidents }: ReportWithoutRuns,
  { mail, notation }: Language,
): string | null {
  const day = worstOf(deadlines.filter(({ objective }) => objective === id));
  const tasks = incidents
    .filter(({ objective }) => objective === id)
    .flatMap(({ firstFailedTask }) => (firstFailedTask === null ? [] : [firstFailedTask]));
  const task = mostFrequent(tasks);
  const parts = [
    ...(day === null
      ? []
      : [
          mail.worstDay(
            dayText(day.date, notation),
            day.status,
            day.lateByMs === null ? null : durationText(day.lateByMs, notation),
          ),
        ]),
    ...(task === null ? [] : [mail.firstToFail(task.name, task.count, tasks.length)]),
  ];
  return parts.length === 0 ? null : parts.join(". ");
}

/** A day without success is worse than a late one; the later one is worse; of equals the first counts. */
function worstOf(days: readonly DeadlineDay[]): DeadlineDay | null {
  const badness = ({ status, lateByMs }: DeadlineDay) =>
    status === "late" ? (lateByMs ?? 0) : Number.POSITIVE_INFINITY;
  const bad = days.filter(({ status }) => DEADLINE_COUNTS[status] === "bad");
  return bad.toSorted((a, b) => (badness(a) === badness(b) ? 0 : badness(b) - badness(a)))[0] ?? null;
}

function mostFrequent(names: readonly string[]): { name: string; count: number } | null {
  const counted = Array.from(
    Map.groupBy(names, (name) => name),
    ([name, all]) => ({ name, count: all.length }),
  );
  return counted.toSorted((a, b) => b.count - a.count)[0] ?? null;
}
