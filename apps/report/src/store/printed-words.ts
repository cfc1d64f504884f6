import {
  type ExcludedTime,
  type ObjectiveResult,
  type WeeklyReport,
  dateOf,
  exclusionAt,
  withoutOverlap,
} from "@runledger/sla";

/**
 * What a report prints around its figures: how things were called when it was made, and why. Kept as JSON with its
 * revision, for names and reasons change while figures do not. Runs are not in it.
 */
export interface PrintedWords {
  agreement: WeeklyReport["agreement"];
  objectives: readonly ObjectiveResult[];
  exclusions: readonly (Omit<ExcludedTime, "start" | "end"> & { start: string; end: string })[];
  notes: WeeklyReport["notes"];
  /** Missing in those of earlier versions. */
  holidayGaps?: WeeklyReport["holidayGaps"];
  /** Names of the tasks that failed first, by UUID. */
  tasks: Readonly<Record<string, string>>;
}

export function wordsOf(report: WeeklyReport): PrintedWords {
  const { agreement, objectives, exclusions, notes, holidayGaps, incidents } = report;
  const tasks = incidents.flatMap(({ firstFailedTaskUuid: uuid, firstFailedTask: name }) =>
    uuid === null || name === null ? [] : [[uuid, name] as const],
  );
  return {
    agreement,
    objectives,
    exclusions: exclusions.map((time) => ({
      ...time,
      start: time.start.toISOString(),
      end: time.end.toISOString(),
    })),
    notes,
    holidayGaps,
    tasks: Object.fromEntries(tasks),
  };
}

/** A report with the same figures in the words that were printed. */
export function inWords(report: WeeklyReport, words: PrintedWords): WeeklyReport {
  const { agreement, objectives, notes, holidayGaps = report.holidayGaps, tasks } = words;
  const exclusions = excludedTimes(words);
  const reasons = withoutOverlap(exclusions, report.week);
  const pipelines = new Map(objectives.map(({ pipelineUuid, pipelineName }) => [pipelineUuid, pipelineName]));
  const named = <T extends { pipelineUuid: string; pipelineName: string }>(item: T): T => ({
    ...item,
    pipelineName: pipelines.get(item.pipelineUuid) ?? item.pipelineName,
  });
  return {
    ...report,
    agreement,
    objectives,
    exclusions,
    notes,
    holidayGaps,
    incidents: report.incidents.map((incident) => ({
      ...named(incident),
      firstFailedTask: tasks[incident.firstFailedTaskUuid ?? ""] ?? null,
    })),
    runs: {
      length: report.runs.length,
      *[Symbol.iterator]() {
        for (const run of report.runs) {
          yield { ...named(run), whyNot: exclusionAt(reasons, dateOf(run.finishedAt)) };
        }
      },
    },
  };
}

/** Whether the later report prints other excluded times. */
export function haveOtherExclusions(
  { exclusions: before }: PrintedWords,
  { exclusions: now }: PrintedWords,
): boolean {
  const times = (exclusions: PrintedWords["exclusions"]) => exclusions.map(timeOf).toSorted().join();
  return times(before) !== times(now);
}

/** Whether an excluded time that both reports print has another kind, reason or approver in the later one. */
export function areExclusionsReworded(before: PrintedWords, now: PrintedWords): boolean {
  const spans = ({ exclusions }: PrintedWords) => Map.groupBy(exclusions, timeOf);
  const wordsIn = (times: PrintedWords["exclusions"]) =>
    times.map(({ kind, reason, approvedBy }) => JSON.stringify([kind, reason, approvedBy])).toSorted();
  const later = spans(now);
  return Array.from(spans(before)).some(([span, times]) => {
    const same = later.get(span);
    // Of times that came or went the words did not change.
    return same?.length === times.length && wordsIn(times).join() !== wordsIn(same).join();
  });
}

function timeOf({ start, end }: PrintedWords["exclusions"][number]): string {
  return `${start} ${end}`;
}

/** Whether something that both reports name is called otherwise in the later one. */
export function areNamesChanged(before: PrintedWords, now: PrintedWords): boolean {
  const later = namesIn(now);
  return Array.from(namesIn(before)).some(([what, name]) => (later.get(what) ?? name) !== name);
}

function namesIn({ agreement: { title, customer }, objectives, tasks }: PrintedWords): Map<string, string> {
  return new Map([
    ["title", title],
    ["customer", customer],
    ...objectives.map(({ pipelineUuid, pipelineName }) => [pipelineUuid, pipelineName] as const),
    ...Object.entries(tasks),
  ]);
}

/** The week's excluded times as a report printed them. */
export function excludedTimes({ exclusions }: PrintedWords): ExcludedTime[] {
  return exclusions.map((time) => ({ ...time, start: new Date(time.start), end: new Date(time.end) }));
}
