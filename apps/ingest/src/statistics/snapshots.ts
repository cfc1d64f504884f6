import { asHolder } from "../store/pipeline-leases.ts";
import type { LogWindow } from "../sync/windows/windows.ts";
import { storedInWindow } from "./stored-figures.ts";
import type { StatisticsSource } from "./fetch-period-stats.ts";
import { unlessRefused, type Subject } from "./subject.ts";

/** Keeps the source's consolidated and last-run statistics of each subject. */
export async function storeSnapshots(
  source: StatisticsSource,
  subjects: readonly Subject[],
  window: LogWindow,
): Promise<void> {
  await Promise.all(
    subjects.map(async (subject) => {
      const snapshot = await unlessRefused(subject, () => fetchSnapshot(source, subject, window));
      if (snapshot === null) {
        return;
      }
      const { pipelineUuid, history } = source;
      const isSound =
        subject.kind === "task" ||
        snapshot.num_of_successes !== 0 ||
        (await storedInWindow(history, pipelineUuid, subject, window)).figures.successes >= 0;
      const row = { ...snapshot, is_sound: isSound };
      await asHolder(source, ({ db }) =>
        db
          .insertInto("stat_snapshots")
          .values({
            pipeline_uuid: pipelineUuid,
            subject_kind: subject.kind,
            subject_uuid: subject.uuid,
            ...row,
          })
          .onConflict((conflict) => conflict.constraint("stat_snapshots_pkey").doUpdateSet(row))
          .execute(),
      );
    }),
  );
}

async function fetchSnapshot(
  { client, signal, now }: StatisticsSource,
  { kind, uuid }: Subject,
  window: LogWindow,
) {
  const [stats, lastRun] = await Promise.all([
    client.stats(kind, uuid, window, { signal }),
    client.lastRun(kind, uuid, { signal }),
  ]);
  return {
    window_from: window.from,
    window_to: window.to,
    num_of_successes: stats.successes,
    num_of_failures: stats.failures,
    average_duration_ms: stats.averageDurationMs,
    is_last_run_successful: lastRun?.isSuccessful ?? null,
    last_run_executed_at: lastRun?.executedAt ?? null,
    last_run_duration_ms: lastRun?.durationMs ?? null,
    fetched_at: now(),
  };
}
