import type { StatisticsSource } from "../../statistics/fetch-period-stats.ts";
import type { Subject } from "../../statistics/subject.ts";
import { halvesOf, isSmallest, joined, type LogWindow } from "../windows/windows.ts";
import { areSame, isUnsound } from "../../statistics/figures.ts";
import { storedInWindow } from "../../statistics/stored-figures.ts";

/**
 * The parts of a window whose log is worth pulling again, because a subject's consolidated statistics there are not
 * those of the stored rows. Halves are compared in turn, and those that differ are halved again, as long as two small
 * requests cost less than pulling what is stored there already.
 */
export async function missingWindows(
  source: StatisticsSource,
  subject: Subject,
  window: LogWindow,
): Promise<LogWindow[]> {
  const whole = await compared(source, subject, window);
  if (whole.differs) {
    return joined(await narrowed(source, subject, whole, MAX_FRUITLESS_HALVINGS));
  }
  return whole.saysNothing ? [window] : [];
}

/** With so few stored rows pulling them again costs about as much as two requests. */
const FEW_ROWS = 8;

/** Rows that are missing all over the place: after so many halvings in a row that ruled nothing out, all is pulled. */
const MAX_FRUITLESS_HALVINGS = 3;

interface Suspect extends LogWindow {
  storedRows: number;
  /** That the source has no success says nothing: a pipeline's figures that it cannot give have none, either. */
  saysNothing: boolean;
}

async function narrowed(
  source: StatisticsSource,
  subject: Subject,
  suspect: Suspect,
  patience: number,
): Promise<LogWindow[]> {
  if (suspect.storedRows <= FEW_ROWS || patience === 0 || isSmallest(suspect)) {
    return [{ from: suspect.from, to: suspect.to }];
  }
  const { from, to } = suspect;
  const halves = await Promise.all(halvesOf(suspect).map((half) => compared(source, subject, half)));
  const suspects = halves.filter((half) => half.differs);
  if (suspects.length === 0) {
    // Something is missing, but of its half the source gives no figures that can be trusted.
    return [{ from, to }];
  }
  // Where next to nothing is stored everything is missing: that half is settled, too.
  const ruledNothingOut = halves.every((half) => half.differs && half.storedRows > FEW_ROWS);
  const windows: LogWindow[] = [];
  for (const half of suspects) {
    windows.push(
      ...(await narrowed(source, subject, half, ruledNothingOut ? patience - 1 : MAX_FRUITLESS_HALVINGS)),
    );
  }
  return windows;
}

async function compared(
  { history, client, pipelineUuid, signal }: StatisticsSource,
  subject: Subject,
  window: LogWindow,
): Promise<Suspect & { differs: boolean }> {
  const stats = await client.stats(subject.kind, subject.uuid, window, { signal });
  const { figures, storedRows } = await storedInWindow(history, pipelineUuid, subject, window);
  const differs = !areSame(figures, stats) && !isUnsound({ stored: figures, source: stats });
  return {
    ...window,
    storedRows,
    differs,
    saysNothing: subject.kind === "pipeline" && stats.successes === 0,
  };
}
