import type { PeriodStats } from "../source/source-history.ts";
import type { RunFigures } from "../source/run-figures.ts";

/** How figures get into answers. */
export interface FigureReader {
  ofWindow(figures: RunFigures): RunFigures;
  /** The periods of one answer, in the order in which they are read. */
  ofPeriods(periods: readonly PeriodStats[], keepsDates: boolean): readonly PeriodStats[];
}

/** All figures as they are. */
export const faithfulReader: FigureReader = {
  ofWindow: (figures) => figures,
  ofPeriods: (periods) => periods,
};

/**
 * Figures as a server reads them whose successes are unsigned: at a negative count it breaks off reading the row, so the
 * successes are 0 and the other fields keep what they held before, of whatever was read before, also for another request;
 * at first zeros. Nothing in the answer says so. `keepsDates` is whether a period's dates are read before the successes,
 * or are among what is left as it was for the period before in the same answer.
 */
export function unsignedReader(): FigureReader {
  let window = NOTHING;
  let period = NOTHING;
  return {
    ofWindow(figures) {
      window = figures.successes < 0 ? { ...window, successes: 0 } : onlyFigures(figures);
      return window;
    },
    ofPeriods(periods, keepsDates) {
      let dates = { fromSec: ZERO_SEC, toSec: ZERO_SEC };
      return periods.map(({ fromSec, toSec, ...figures }) => {
        const isRead = figures.successes >= 0;
        period = isRead ? figures : { ...period, successes: 0 };
        dates = isRead || keepsDates ? { fromSec, toSec } : dates;
        return { ...dates, ...period };
      });
    },
  };
}

function onlyFigures({ successes, failures, averageDurationMs }: RunFigures): RunFigures {
  return { successes, failures, averageDurationMs };
}

const NOTHING: RunFigures = { successes: 0, failures: 0, averageDurationMs: 0 };

/** 0001-01-01 00:00:00, which the API writes for a time that is not there. */
const ZERO_SEC = -62_135_596_800;
