import { parseConfig, type Agreement } from "@runledger/config";
import { expect, test } from "vitest";
import {
  definitionFor,
  foreseeDefinition,
  recordDefinition,
  StoredValueError,
  type RecordedDefinition,
} from "../src/index.ts";
import { createTestHistory, type TestHistory } from "../src/testing/test-history.ts";

const WEDNESDAY = new Date("2026-03-18T12:00:00Z");
const seen = { seenAt: WEDNESDAY, restatedFrom: null };

async function promising(target: string, holidays: string[] | null = null): Promise<Agreement> {
  const calendar = holidays === null ? "" : "\n    calendar: { holidays: ./de.ics }";
  const { agreements } = await parseConfig(
    `version: 1
history_start: 2026-01-01
pipelines: [{ uuid: 7b1c0f7e-0000-4000-8000-000000000001, name: orders }]
agreements:
  - agreement: daily
    title: Daily${calendar}
    objectives: [{ id: succeeds, pipeline: orders, success: {}, target: ${target} }]
`,
    "runledger.yaml",
    async () => ics(holidays ?? []),
  );
  const [agreement] = agreements;
  if (agreement === undefined) throw new Error("no agreement");
  return agreement;
}

function ics(event: string[]): string {
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", ...event, "END:VEVENT", "END:VCALENDAR", ""].join(
    "\r\n",
  );
}

/** Which target, in percent, is promised for a week. */
function promised(definitions: readonly RecordedDefinition[], week: string): unknown {
  return definitionFor(definitions, week)?.definition.objectives[0]?.target.numerator;
}

async function count({ pool }: TestHistory): Promise<number> {
  const { rows } = await pool.query<{ count: number }>("select count(*) from runledger.definitions");
  return rows[0]?.count ?? 0;
}

test("has the first definition apply to all weeks, a changed one from the next week on", async () => {
  await using history = await createTestHistory();
  await recordDefinition(history, await promising("98%"), seen);
  const definitions = await recordDefinition(history, await promising("95%"), seen);
  const weeks = ["2025-W01", "2026-W12", "2026-W13"];
  expect(weeks.map((week) => promised(definitions, week))).toEqual([98, 98, 95]);
});

test("records a definition once, however many see it at once", async () => {
  await using history = await createTestHistory();
  const agreement = await promising("98%");
  await Promise.all([1, 2, 3].map(() => recordDefinition(history, agreement, seen)));
  expect(await count(history)).toBe(1);
});

test("takes a definition that is changed back for one more", async () => {
  await using history = await createTestHistory();
  for (const target of ["98%", "95%"]) {
    await recordDefinition(history, await promising(target), seen);
  }
  const definitions = await recordDefinition(history, await promising("98%"), seen);
  expect(await count(history)).toBe(3);
  expect(promised(definitions, "2026-W13")).toBe(98);
});

test("restates the weeks from the named one on", async () => {
  await using history = await createTestHistory();
  await recordDefinition(history, await promising("98%"), seen);
  await recordDefinition(history, await promising("95%"), seen);
  const restated = { seenAt: WEDNESDAY, restatedFrom: "2026-W10" };
  await recordDefinition(history, await promising("95%"), restated);
  const definitions = await recordDefinition(history, await promising("95%"), restated);
  expect(await count(history)).toBe(3);
  expect(["2026-W09", "2026-W10"].map((week) => promised(definitions, week))).toEqual([98, 95]);
});

test("leaves the weeks that were reported as they are", async () => {
  await using history = await createTestHistory();
  await recordDefinition(history, await promising("98%"), seen);
  await history.pool.query(
    `insert into runledger.reports (agreement, week, revision, as_of, definition_hash, content_hash,
                                    software_version, notes)
     values ('daily', '2026-W20', 1, now(), '', '', '', '{}')`,
  );
  const definitions = await recordDefinition(history, await promising("95%"), seen);
  expect(["2026-W20", "2026-W21"].map((week) => promised(definitions, week))).toEqual([98, 95]);
});

test("records nothing where it only foresees", async () => {
  await using history = await createTestHistory();
  expect(await foreseeDefinition(history, await promising("98%"), seen)).toMatchObject([
    { appliesFrom: null },
  ]);
  expect(await count(history)).toBe(0);
});

test.each([
  [
    "an end",
    ["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"],
    ["DTSTART;VALUE=DATE:20261224", "DURATION:P4D"],
  ],
  [
    "a rule without what its start says",
    ["DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=YEARLY"],
    ["DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=MONTHLY"],
  ],
  [
    "a count",
    ["DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=DAILY;COUNT=3"],
    ["DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=DAILY;COUNT=4"],
  ],
])(
  "takes a promise that an earlier version wrote in another form for the same: %s",
  async (_, same, other) => {
    await using history = await createTestHistory();
    const agreement = await promising("98%", same);
    await recordDefinition(history, agreement, seen);
    const { rows } = await history.pool.query<{ text: string }>(
      "select definition->'calendar'->>'holidays' as text from runledger.definitions",
    );
    expect(rows[0]?.text).not.toBe(ics(same));
    await history.pool.query(
      `update runledger.definitions set definition_hash = 'older',
       definition = jsonb_set(definition::jsonb, '{calendar,holidays}', to_jsonb($1::text))`,
      [ics(same)],
    );
    await recordDefinition(history, agreement, seen);
    await recordDefinition(history, agreement, { ...seen, restatedFrom: "2026-W10" });
    expect(await count(history)).toBe(1);
    await recordDefinition(history, await promising("98%", other), seen);
    expect(await count(history)).toBe(2);
  },
);

test("does not take a promise for the same of which a part is not followed any more", async () => {
  await using history = await createTestHistory();
  const event = ["DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1"];
  const empty = ["SUMMARY:Meeting", "DTSTART:20260301T100000Z"];
  await recordDefinition(history, await promising("98%", empty), seen);
  await history.pool.query(
    `update runledger.definitions set definition_hash = 'older',
       definition = jsonb_set(definition::jsonb, '{calendar,holidays}', to_jsonb($1::text))`,
    [ics(event)],
  );
  await recordDefinition(history, await promising("98%", empty), seen);
  expect(await count(history)).toBe(2);
});

test.each([
  ["{timezone}", "timezone: "],
  ["{calendar,workdays,0}", "calendar.workdays[0]: "],
  ["{objectives,0,target}", "objectives[0].target: "],
  ["{objectives,0,kind}", "objectives[0].kind: "],
])("names the row of a definition whose %s is not what was recorded", async (path, fault) => {
  await using history = await createTestHistory();
  await recordDefinition(history, await promising("98%"), seen);
  await history.pool.query(
    `update runledger.definitions set definition = jsonb_set(definition, '${path}', '8')`,
  );
  const again = recordDefinition(history, await promising("95%"), seen);
  await expect(again).rejects.toThrow(StoredValueError);
  await expect(again).rejects.toThrow(
    `definition 1 of agreement daily (runledger.definitions) cannot be read (${fault}`,
  );
  expect(await count(history)).toBe(1);
});
