import { createTestHistory } from "@runledger/history/testing";
import { checkedWords } from "@runledger/history/testing/checked-words";
import type { Period, SubjectKind } from "@runledger/ylem-client";
import { expect, it } from "vitest";

it("lets the same words into the database as the API has", async () => {
  await using history = await createTestHistory();

  expect(await checkedWords(history)).toMatchObject({
    period_stats_period_known: Object.keys(periods).toSorted(),
    period_stats_subject_kind_known: Object.keys(subjectKinds).toSorted(),
    stat_snapshots_subject_kind_known: Object.keys(subjectKinds).toSorted(),
  });
});

const periods: Record<Period, true> = { day: true, week: true, month: true, quarter: true, year: true };

const subjectKinds: Record<SubjectKind, true> = { pipeline: true, task: true };
