import { expect, test } from "vitest";
import { SourceHistory } from "../src/index.ts";
import { at, historyOf, LATER, OTHER_TASK, PIPELINE, row, second } from "./rows.ts";

const NOON = second("2026-03-10 12:00:00");

test("returns all rows of a run that has any row in the window", () => {
  const before = row({ executedAtMicros: at("2026-03-10 11:59:00") });
  const inside = row({ executedAtMicros: at("2026-03-10 12:00:30"), taskUuid: OTHER_TASK });
  const after = row({ executedAtMicros: at("2026-03-10 12:05:00"), taskUuid: OTHER_TASK });
  const timeless = row({ executedAtMicros: null });
  const stranger = row({ runUuid: "run-2", executedAtMicros: at("2026-03-10 11:59:30") });
  const history = historyOf(stranger, timeless, inside, after, before);

  expect(history.runLog(PIPELINE, NOON, NOON + 60, LATER)).toEqual([after, inside, before, timeless]);
});

test("includes both boundary seconds, as instants", () => {
  const first = row({ runUuid: "first", executedAtMicros: at("2026-03-10 12:00:00") });
  const last = row({ runUuid: "last", executedAtMicros: at("2026-03-10 12:01:00") });
  const early = row({ runUuid: "early", executedAtMicros: at("2026-03-10 11:59:59.999999") });
  const late = row({ runUuid: "late", executedAtMicros: at("2026-03-10 12:01:00.000001") });
  const history = historyOf(early, first, last, late);

  expect(history.runLog(PIPELINE, NOON, NOON + 60, LATER)).toEqual([last, first]);
});

test("loses a row between windows that do not share their boundary second", () => {
  const history = historyOf(row({ executedAtMicros: at("2026-03-10 12:01:00.4") }));

  expect(history.runLog(PIPELINE, NOON, NOON + 60, LATER)).toEqual([]);
  expect(history.runLog(PIPELINE, NOON + 61, NOON + 120, LATER)).toEqual([]);
  expect(history.runLog(PIPELINE, NOON + 60, NOON + 120, LATER)).toHaveLength(1);
});

test("keeps rows of a loop that are equal in everything", () => {
  expect(historyOf(row(), row(), row()).runLog(PIPELINE, NOON, NOON, LATER)).toHaveLength(3);
});

test("shows a row from the moment the queue delivered it", () => {
  const prompt = row();
  const late = row({ taskUuid: OTHER_TASK, visibleAtMicros: at("2026-03-10 14:00:00") });
  const history = historyOf(prompt, late);

  expect(history.runLog(PIPELINE, NOON, NOON, new Date("2026-03-10T13:59:59.999Z"))).toEqual([prompt]);
  expect(history.runLog(PIPELINE, NOON, NOON, new Date("2026-03-10T14:00:00Z"))).toHaveLength(2);
});

test("does not find a run by a row that is not visible yet", () => {
  const outside = row({ executedAtMicros: at("2026-03-10 11:00:00") });
  const late = row({ taskUuid: OTHER_TASK, visibleAtMicros: at("2026-03-10 14:00:00") });

  const asOf = new Date("2026-03-10T13:00:00Z");
  expect(historyOf(outside, late).runLog(PIPELINE, NOON, NOON, asOf)).toEqual([]);
});

test("reads only the runs of the window, however long the history", () => {
  let reads = 0;
  const history = new SourceHistory();
  const midnight = at("2026-01-01 00:00:00");
  for (let minute = 0; minute < 50_000; minute++) {
    const executedAtMicros = midnight + BigInt(minute) * 60_000_000n;
    const counted = { ...row({ runUuid: `run-${minute}` }) };
    history.add([
      Object.defineProperty(counted, "executedAtMicros", { get: () => ((reads += 1), executedAtMicros) }),
    ]);
  }
  reads = 0;

  const noon = second("2026-01-20 12:00:00");
  const hour = history.runLog(PIPELINE, noon - 3600, noon, LATER);

  expect(hour).toHaveLength(61);
  expect(reads).toBeLessThan(1000);
});
