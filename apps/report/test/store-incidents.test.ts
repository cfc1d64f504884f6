import { randomUUID } from "node:crypto";
import { inTransaction } from "@runledger/history";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Incident, microsOf, weekOf } from "@runledger/sla";
import { storeRevision } from "../src/store/revision.ts";
import { storeIncidents } from "../src/store/store-incidents.ts";
import { fixtureReport } from "@runledger/sla/testing/fixture-report";

let history: TestHistory;
beforeAll(async () => {
  history = await createTestHistory();
});
afterAll(() => history[Symbol.asyncDispose]());

const PIPELINE = "7b1c0f7e-0000-4000-8000-000000000001";
const at = (instant: string) => microsOf(new Date(instant));

/** From Sunday evening of 2026-W12 on. */
function incident(closed: string | null, badEvents: number, opened = "2026-03-22T20:00:00Z"): Incident {
  return {
    objective: "succeeds",
    pipelineUuid: PIPELINE,
    pipelineName: "orders",
    openedAt: at(opened),
    closedAt: closed === null ? null : at(closed),
    lastedMs: 0,
    inWeekMs: 0,
    badEvents,
    firstFailedTaskUuid: null,
    firstFailedTask: null,
    errorMessage: null,
  };
}

/** An agreement whose weeks are reported one after the other, and what the history has of its incidents. */
function agreementOf() {
  const agreement = { ...fixtureReport().agreement, id: randomUUID() };
  return {
    id: agreement.id,
    report: async (week: string, incidents: Incident[], incidentsBefore: Incident[] = []) => {
      const report = fixtureReport({
        agreement,
        week: weekOf(week, "Europe/Berlin"),
        incidents,
        incidentsBefore,
      });
      await inTransaction(history, (transaction) => storeIncidents(transaction, report));
    },
    known: async () => {
      const { rows } = await history.pool.query(
        `select pipeline_uuid, opened_at, closed_at, bad_events, last_week
         from runledger.incidents where agreement = $1`,
        [agreement.id],
      );
      return rows;
    },
  };
}

const opened_at = new Date("2026-03-22T20:00:00Z");
const CLOSED = "2026-03-25T08:00:00Z";
const closed_at = new Date(CLOSED);

test("lets a later week's word stand when an earlier week is printed again", async () => {
  const { report, known } = agreementOf();
  await report("2026-W12", [incident(null, 3)]);
  expect(await known()).toMatchObject([{ opened_at, closed_at: null, bad_events: 3, last_week: "2026-W12" }]);
  await report("2026-W13", [incident(CLOSED, 50)]);
  const after = [{ opened_at, closed_at, bad_events: 50, last_week: "2026-W13" }];
  expect(await known()).toMatchObject(after);
  await report("2026-W12", [incident(null, 3)]);
  expect(await known()).toMatchObject(after);
});

test("lets the word of a week in which it is still open stand, too", async () => {
  const { report, known } = agreementOf();
  await report("2026-W14", [incident(null, 300)]);
  await report("2026-W13", [incident(null, 150)], []);
  const still = [{ opened_at, closed_at: null, bad_events: 300, last_week: "2026-W14" }];
  expect(await known()).toMatchObject(still);
  // What an older report saw closed in a week that nobody reported does not count against it either.
  await report("2026-W13", [], [incident(CLOSED, 50)]);
  expect(await known()).toMatchObject(still);
});

test("closes what was closed in a week that nobody reported, and an older report does not open it again", async () => {
  const { report, known } = agreementOf();
  await report("2026-W12", [incident(null, 3)]);
  await report("2026-W14", [], [incident(CLOSED, 50)]);
  const closed = [{ opened_at, closed_at, bad_events: 50, last_week: "2026-W14" }];
  expect(await known()).toMatchObject(closed);
  await report("2026-W12", [incident(null, 3)]);
  expect(await known()).toMatchObject(closed);
});

test("gives an incident that begins otherwise by late rows the closing, and the week that told of it", async () => {
  const { report, known } = agreementOf();
  await report("2026-W12", [incident(null, 3)]);
  await report("2026-W13", [incident(CLOSED, 50)]);
  await report("2026-W12", [incident(null, 4, "2026-03-22T19:00:00Z")]);
  const moved = [
    { opened_at: new Date("2026-03-22T19:00:00Z"), closed_at, bad_events: 4, last_week: "2026-W13" },
  ];
  expect(await known()).toMatchObject(moved);
  // Else this report would not know that a later one has spoken.
  await report("2026-W12", [incident(null, 5, "2026-03-22T19:00:00Z")]);
  expect(await known()).toMatchObject(moved);
});

const BEGAN = "2025-12-01T08:00:00Z";
const ENDED = "2026-03-20T08:00:00Z";

test.each([
  ["the week that it lasted into", "2026-W11", null],
  ["the week in which it closes", "2026-W12", ENDED],
  ["a later week", "2026-W14", ENDED],
])("takes together what earlier versions made several rows of, by %s", async (_, week, closed) => {
  const { id, report, known } = agreementOf();
  const other = randomUUID();
  await history.pool.query(
    `insert into runledger.incidents (agreement, pipeline_uuid, objective, last_week, opened_at, closed_at, bad_events)
     select $1, pipeline, 'succeeds', last_week, opened_at::timestamptz, closed_at::timestamptz, 30
     from unnest(array[$2, $3]::uuid[]) as pipeline,
          (values ('2025-W50', '2025-12-08 08:00Z', '2025-12-09 08:00Z'),
                  ('2026-W09', $4, null),
                  ('2026-W10', '2025-12-12 08:00Z', null),
                  ('2026-W11', '2025-12-15 08:00Z', null),
                  ('2026-W12', '2025-12-22 08:00Z', $5)) as row (last_week, opened_at, closed_at)`,
    [id, PIPELINE, other, BEGAN, ENDED],
  );
  const whole = incident(closed, 45, BEGAN);
  await (week === "2026-W14" ? report(week, [], [whole]) : report(week, [whole]));
  const rows = await known();
  // What is told of other pipelines, or was closed before, stands.
  expect(rows.filter(({ pipeline_uuid: pipeline }) => pipeline === other).length).toBe(5);
  expect(
    rows
      .filter(({ pipeline_uuid: pipeline }) => pipeline === PIPELINE)
      .toSorted((one, next) => one.opened_at - next.opened_at),
  ).toMatchObject([
    { opened_at: new Date(BEGAN), closed_at: new Date(ENDED), bad_events: 45 },
    { opened_at: new Date("2025-12-08T08:00:00Z"), closed_at: new Date("2025-12-09T08:00:00Z") },
  ]);
});

test("puts the whole incident where only a part of it was known", async () => {
  const { report, known } = agreementOf();
  await report("2026-W10", [incident(null, 30, "2025-12-08T08:00:00Z")]);
  await report("2026-W14", [], [incident(ENDED, 45, "2025-12-01T08:00:00Z")]);
  expect(await known()).toMatchObject([
    {
      opened_at: new Date("2025-12-01T08:00:00Z"),
      closed_at: new Date(ENDED),
      bad_events: 45,
      last_week: "2026-W14",
    },
  ]);
});

test("learns from a report that is the same again of what was closed before it", async () => {
  const agreement = { ...fixtureReport().agreement, id: randomUUID() };
  const report = (week: string, incidents: Incident[], incidentsBefore: Incident[]) => {
    const of = fixtureReport({ agreement, week: weekOf(week, "Europe/Berlin"), incidents, incidentsBefore });
    return storeRevision(history, of, true);
  };
  const reportLater = () => report("2026-W14", [], [incident(CLOSED, 50)]);
  await reportLater();
  // Only now is the week reported in which it opened; the one in which it was closed never is.
  await report("2026-W12", [incident(null, 3)], []);
  expect((await reportLater()).revision).toBe(1);
  const { rows } = await history.pool.query(
    "select closed_at, bad_events, last_week from runledger.incidents where agreement = $1",
    [agreement.id],
  );
  expect(rows).toEqual([{ closed_at, bad_events: 50, last_week: "2026-W14" }]);
});
