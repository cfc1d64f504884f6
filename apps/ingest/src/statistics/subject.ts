import type { History } from "@runledger/history";
import { ForbiddenError, RequestRefusedError, type SubjectKind } from "@runledger/ylem-client";

/** What the source keeps statistics of: a pipeline or one of its tasks. */
export interface Subject {
  kind: SubjectKind;
  uuid: string;
}

/** The pipeline, then its tasks: those that are configured and those that were seen in a log. */
export async function subjectsOf({ db }: History, pipelineUuid: string): Promise<Subject[]> {
  const tasks = await db
    .selectFrom("tasks")
    .select("task_uuid")
    .where("pipeline_uuid", "=", pipelineUuid)
    .orderBy("task_uuid")
    .execute();
  return [
    { kind: "pipeline", uuid: pipelineUuid },
    ...tasks.map(({ task_uuid }): Subject => ({ kind: "task", uuid: task_uuid })),
  ];
}

/**
 * Asks the source about a subject. Null when it refuses to speak of a task: a task that was deleted there leaves its
 * rows in the log and in its pipeline's statistics, and must not stop them.
 */
export async function unlessRefused<T>({ kind }: Subject, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (kind === "task" && (error instanceof ForbiddenError || error instanceof RequestRefusedError)) {
      return null;
    }
    throw error;
  }
}
