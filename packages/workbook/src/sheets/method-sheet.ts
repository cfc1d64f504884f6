import { causesInWords, english, headline, momentText, soFarInWords, weekDates } from "@runledger/wording";
import { calculated, numeral, text } from "./cell.ts";
import type { Cell } from "./cell.ts";
import {
  type HolidayGap,
  type ObjectiveKind,
  VERDICTS,
  type Verdict,
  type WeeklyReport,
} from "@runledger/sla";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";
import type { DefinedName } from "../xlsx/package.ts";
import { columnCells } from "../xlsx/reference.ts";

/** What the report covers and what each figure means, in words. */
export function methodSheet(report: WeeklyReport): Sheet {
  return sheetOf(
    "Method",
    [
      { header: "About", cell: ({ about }) => text(about) },
      { header: "Explanation", wrapAt: 100, cell: ({ explanation }) => explanation },
    ],
    entriesOf(report),
  );
}

/** Names what others quote of the report: its week, revision and moments, and how many objectives got which verdict. */
export function reportNames(report: WeeklyReport): DefinedName[] {
  return entriesOf(report).flatMap(({ name }, index) =>
    name === undefined ? [] : [{ name, cells: columnCells("Method", 2, index + 2) }],
  );
}

interface Entry {
  about: string;
  explanation: Cell;
  /** Defined name of the explanation. */
  name?: string;
}

function entriesOf(report: WeeklyReport): Entry[] {
  const inWords = [...report.notes.map((note) => ["Data note", english.note(note)] as const), ...figures];
  return [
    ...thisReport(report),
    ...inWords.map(([about, explanation]) => ({ about, explanation: text(explanation) })),
  ];
}

function thisReport(report: WeeklyReport): Entry[] {
  const { agreement, week, dataThrough } = report;
  const moment = (instant: Date) => `${momentText(instant, week.timezone)} ${week.timezone}`;
  const weekInWords = `${week.id}, ${weekDates(week)}: from ${moment(week.start)} up to ${moment(week.end)}, ${week.hours} hours`;
  const soFar = soFarInWords(report);
  const dataAsOf =
    dataThrough === null ? "At least one pipeline has never been synced." : moment(dataThrough);
  return [
    {
      about: "Agreement",
      name: "Report_agreement",
      explanation: text(`${agreement.title} (${agreement.id}), with ${agreement.customer}`),
    },
    { about: "Result", name: "Report_result", explanation: text(headline(report.objectives)) },
    ...verdictCounts(report),
    {
      about: "Week",
      name: "Report_week",
      explanation: text(soFar === null ? weekInWords : `${weekInWords}; ${soFar}`),
    },
    {
      about: "Time zone",
      explanation: text(`All times are local time in ${agreement.timezone}, unless the column says UTC.`),
    },
    ...(report.timeZoneDatabase === null
      ? []
      : [{ about: "Time-zone database", explanation: text(`IANA ${report.timeZoneDatabase}`) }]),
    ...holidaysOf(report),
    { about: "Revision", name: "Report_revision", explanation: revisionCell(report) },
    ...(report.causes.length === 0
      ? []
      : [{ about: "Revised because", explanation: text(causesInWords(report.causes, english)) }]),
    { about: "As of", name: "Report_as_of", explanation: text(moment(report.asOf)) },
    { about: "Data as of", name: "Report_data_as_of", explanation: text(dataAsOf) },
    {
      about: "Definition",
      name: "Report_definition",
      explanation: text(
        `SHA-256 ${report.definitionHash} of what is promised for the week, exclusions aside`,
      ),
    },
    { about: "Software", explanation: text(`Runledger ${report.softwareVersion}`) },
  ];
}

function holidayGapInWords(gap: HolidayGap): string {
  switch (gap.kind) {
    case "unfollowed":
      return `The holidays of this week's definition cannot all be worked out any more, so what depends on them has no verdict: ${gap.why}. With --restate the week is reported by the configuration's.`;
    case "empty":
      return `The holiday calendar${named(gap)} makes no day a holiday.`;
    case "ended":
      return `The holiday calendar${named(gap)} has no day after ${gap.last}: days of this week that are holidays count as ordinary days.`;
  }
}

function named({ file }: { file: string | null }): string {
  return file === null ? "" : ` ${file}`;
}

function holidaysOf({ holidayGaps }: WeeklyReport): Entry[] {
  return holidayGaps.map((gap) => ({ about: "Holidays", explanation: text(holidayGapInWords(gap)) }));
}

function revisionCell({ revision }: WeeklyReport): Cell {
  return revision === 0 ? text("none: the week is not closed yet") : numeral(revision);
}

function verdictCounts({ objectives }: WeeklyReport): Entry[] {
  return Object.entries(english.verdicts).map(([verdict, label]) => {
    const found = objectives.filter((objective) => objective.verdict === verdict).length;
    return {
      about: `Objectives ${label}`,
      name: `Count_${verdict}`,
      explanation: calculated(numeral(found), `COUNTIF(Summary[Verdict],"${verdict}")`),
    };
  });
}

const kinds: Record<ObjectiveKind, string> = {
  success: "Successful runs of all runs. A run is successful when none of its tasks failed.",
  duration:
    "Runs that succeeded within the time limit, from the start of the first task to the end of the last.",
  deadline:
    "Due days on which a successful run finished in time. Holidays are not due; excluded days are excused.",
  freshness: "Seconds in which the latest successful run had finished recently enough.",
  volume: "Days with at least the agreed number of successful runs.",
};

/** What is met is plain. */
const verdicts: Record<Verdict, string | null> = {
  missed: "Attained is below the target. An agreement is missed when any objective is.",
  at_risk: "Met with less than a quarter of the error budget left.",
  insufficient_data:
    "Nothing or too little to count, or a history that does not cover the whole week or lacks runs that could change the verdict.",
  met: null,
  not_in_force: "The week began before the agreement took effect.",
};

const figures: readonly (readonly [about: string, explanation: string])[] = [
  [
    "Revision, As of",
    "As of is the moment at which the report was made. A later revision replaces this one when a printed figure, exclusion or run changes, and says why.",
  ],
  [
    "Definition",
    "A changed definition applies from the next week on. The weeks before are scored by it too where this report shows them, in Trend, 4 weeks and Change, so that they compare; their own reports stay as they were.",
  ],
  [
    "Total, Good, Bad",
    "What the objective counts: runs for success and duration, due days for deadline, days for volume, seconds for freshness. A run belongs to the week in which it finished. Bad is Total less Good.",
  ],
  ...Object.entries(kinds).map(([kind, explanation]) => [`Type: ${kind}`, explanation] as const),
  [
    "Attained",
    "Good / Total, compared exactly with the target and shown rounded down. Blank when there is no total or no verdict: a week that is not in force, not whole in the history or has too little to count has attained nothing.",
  ],
  [
    "Excluded, Attained (raw)",
    "What agreed exclusions took out, and the share that would have been attained with no exclusion at all.",
  ],
  ["Allowed bad", "Total × (1 − Target), rounded down: how much may go wrong with the target still met."],
  [
    "Burn rate",
    "(1 − Attained) / (1 − Target), rounded up: 1 spends the error budget exactly. Blank at a target of 100 %.",
  ],
  ["Budget left", "1 − Burn rate, rounded down; negative when overspent. Blank at a target of 100 %."],
  [
    "4 weeks",
    "Good and Total pooled over this week and the three before it. Percentages are never averaged.",
  ],
  [
    "Evidence, Check",
    "Evidence leads to the rows that prove a verdict. Total recounted and Bad recounted count these rows by formula; Check says whether Total and Bad are the same. Formulas find rows by the numbers of pipelines and objectives, because a spreadsheet reads names as patterns. Durations are compared with a sliver of less than a microsecond, because a workbook keeps times as binary fractions of a day.",
  ],
  ["Change", "Attained less Attained of the week before, in percentage points."],
  ...VERDICTS.flatMap((verdict) => {
    const explanation = verdicts[verdict];
    return explanation === null ? [] : [[`Verdict: ${english.verdicts[verdict]}`, explanation] as const];
  }),
  [
    "Incident",
    "Bad events of one objective with no good one between: failed runs, or missed, late or empty days. It opens at the first bad event and closes at the next good one.",
  ],
  [
    "Mean time to recover, between failures",
    "Over the incidents of the objective that opened in these 13 weeks and were closed: the mean time from opening to closing, and from the closing of one to the opening of the next.",
  ],
];
