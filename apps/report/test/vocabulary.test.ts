import { OBJECTIVE_KINDS } from "@runledger/config";
import { COVERAGE_STATES, DELIVERY_STATUSES, OUTPUT_STATES, SYNC_OUTCOMES } from "@runledger/history";
import { createTestHistory } from "@runledger/history/testing";
import { checkedWords } from "@runledger/history/testing/checked-words";
import type { Trouble } from "@runledger/mail";
import { REVISION_CAUSES, VERDICTS } from "@runledger/sla";
import { languages } from "@runledger/wording";
import { expect, it } from "vitest";
import { channelNames } from "../src/delivery/channel.ts";

it("lets the same words into the database as the vocabularies have", async () => {
  await using history = await createTestHistory();

  expect(await checkedWords(history)).toEqual({
    ...checkedByIngest,
    coverage_state_known: COVERAGE_STATES.toSorted(),
    deliveries_channel_known: channelNames.toSorted(),
    deliveries_status_known: DELIVERY_STATUSES.toSorted(),
    notices_status_known: DELIVERY_STATUSES.filter((status) => status !== "suppressed").toSorted(),
    notices_trouble_known: Object.keys(troubles)
      .filter((kind) => kind !== "database")
      .toSorted(),
    reports_causes_known: REVISION_CAUSES.toSorted(),
    sla_results_kind_known: OBJECTIVE_KINDS.toSorted(),
    sla_results_verdict_known: VERDICTS.toSorted(),
    syncs_outcome_known: SYNC_OUTCOMES.toSorted(),
    task_runs_output_state_known: OUTPUT_STATES.toSorted(),
  });
});

/** Whatever is wrong with the database is kept in files. */
const troubles: Record<Trouble["kind"], true> = {
  not_covered: true,
  failed: true,
  configuration: true,
  database: true,
};

/** What the API has a word for is compared where the API is known. */
const checkedByIngest = {
  period_stats_period_known: expect.any(Array),
  period_stats_subject_kind_known: expect.any(Array),
  stat_snapshots_subject_kind_known: expect.any(Array),
};

it.each(Object.entries(languages))("has a word for each in %s, and for nothing else", (_, language) => {
  expect(Object.keys(language.verdicts).toSorted()).toEqual(VERDICTS.toSorted());
  expect(Object.keys(language.causes).toSorted()).toEqual(REVISION_CAUSES.toSorted());
});
