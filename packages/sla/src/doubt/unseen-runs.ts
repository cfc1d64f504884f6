import { nothing, plus, times, valueOf, type Counts, type Furthest, type Worth } from "./outcome.ts";
import { fewestFailed, type Unseen } from "./unseen.ts";

/** What a run is to an objective; `out`: nothing. */
type Standing = "good" | "bad" | "out";

/** What runs are to an objective that counts runs. */
export interface RunRules {
  /** A successful run that is not seen. */
  success: readonly Standing[];
  /** A failed run. */
  failure: Standing;
}

/** How many stored runs of a stretch of disputed days there are of a kind: any may be seen in part. */
export interface SeenRuns {
  good: number;
  /** Successful and bad, as for their duration. */
  slow: number;
  failed: number;
}

/** The runs of a stretch of disputed days, as an objective counts them. */
export interface RunsInDoubt {
  unseen: Unseen;
  /** Those that count, and those that do not: they finished in excluded time, or in another week. */
  counted: SeenRuns;
  uncounted: SeenRuns;
  /** Good runs that finished within a day after the stretch: they may have begun in it, earlier than is seen. */
  following: number;
  /** Whether runs that finish in some of the stretch count, and whether those in some of it do not. */
  someCounts: boolean;
  someDoesNot: boolean;
}

/** Of a week's stretches together. */
export function furthestOfWeek(stretches: readonly RunsInDoubt[], rules: RunRules): Furthest {
  return (worth) => {
    let sum = nothing;
    for (const doubt of stretches) {
      const furthest = furthestOfRuns(doubt, rules, worth);
      if (furthest === null) return null;
      sum = plus(sum, furthest);
    }
    return sum;
  };
}

/**
 * By how much the counts would change from those of the stored runs in the outcome that is worth most. Where all of the
 * stretch counts there is such an outcome; else a little more may be allowed for than there can be, for it is not looked
 * at in which part of the stretch a run was. `null` where no outcome fits what is stored.
 */
export function furthestOfRuns(doubt: RunsInDoubt, rules: RunRules, worth: Worth): Counts | null {
  const { unseen, counted, uncounted } = doubt;
  const isAnySeen = [...Object.values(counted), ...Object.values(uncounted)].some((count) => count > 0);
  if (unseen.spareRows > 0 && unseen.runs === 0 && !isAnySeen && doubt.following === 0) return null;
  let best: Counts | null = null;
  const most = Math.min(unseen.runs, unseen.failures);
  for (let failed = fewestFailed(unseen, isAnySeen); failed <= most; failed += 1) {
    const outcome = outcomeWith(failed, doubt, rules, worth);
    if (outcome !== null && (best === null || valueOf(outcome, worth) > valueOf(best, worth))) best = outcome;
  }
  return best;
}

/** The best outcome in which so many of the runs not seen failed; `null` where there is none. */
function outcomeWith(failed: number, doubt: RunsInDoubt, rules: RunRules, worth: Worth): Counts | null {
  const { unseen, counted, uncounted, someCounts, someDoesNot } = doubt;
  const wherever = (standings: readonly Standing[]): Standing[] => [
    ...(someCounts ? standings : []),
    ...(someDoesNot ? (["out"] as const) : []),
  ];
  const bestOf = (standings: readonly Standing[]) =>
    standings.map((standing) => countsAs[standing]).toSorted(by(worth))[0] ?? nothing;
  const start = plus(
    times(failed, bestOf(wherever([rules.failure]))),
    times(unseen.runs - failed, bestOf(wherever(rules.success))),
  );

  // What one more row would make of a stored run. To have no effect is always possible, but for a failed row that can
  // be on no failed run.
  const leaving: readonly Standing[] = someCounts && someDoesNot ? ["out"] : [];
  const entering = (standings: readonly Standing[]): readonly Standing[] =>
    someCounts && someDoesNot ? standings : [];
  const later = rules.success.filter((standing) => standing === "bad");
  const groups: Group[] = [
    { count: doubt.following, is: "good", plain: later, failed: [] },
    { count: counted.good, is: "good", plain: [...later, ...leaving], failed: [rules.failure, ...leaving] },
    { count: counted.slow, is: "bad", plain: leaving, failed: [rules.failure, ...leaving] },
    { count: counted.failed, is: rules.failure, plain: leaving, failed: [rules.failure, ...leaving] },
    {
      count: uncounted.good,
      is: "out",
      plain: entering(rules.success),
      failed: ["out", ...entering([rules.failure])],
    },
    {
      count: uncounted.slow,
      is: "out",
      plain: entering(["bad"]),
      failed: ["out", ...entering([rules.failure])],
    },
    {
      count: uncounted.failed,
      is: "out",
      plain: entering([rules.failure]),
      failed: ["out", ...entering([rules.failure])],
    },
  ];
  const rows = { failed: unseen.failures - failed, plain: unseen.spareRows - (unseen.failures - failed) };
  const isFailedAlready = failed > 0 || counted.failed > 0 || uncounted.failed > 0;
  const use = (of: readonly Group[], left: Rows) => bestUse(of, left, worth, someDoesNot);
  if (rows.failed === 0 || isFailedAlready) return plus(start, use(groups, rows));

  // No run has failed so far, so the first failed row makes one: all others may be of the same.
  const first = groups.flatMap((group, index) =>
    group.count === 0 || group.failed.length === 0
      ? []
      : [
          plus(
            change(group.is, bestStanding(group.failed, worth)),
            use(
              groups.map((each, at) => (at === index ? { ...each, count: each.count - 1 } : each)),
              { ...rows, failed: rows.failed - 1 },
            ),
          ),
        ],
  );
  const best = first.toSorted(by(worth))[0];
  return best === undefined ? null : plus(start, best);
}

/** Stored runs that are alike, and what a row more may make of each. */
interface Group {
  count: number;
  is: Standing;
  /** A row that did not fail. */
  plain: readonly Standing[];
  failed: readonly Standing[];
}

interface Rows {
  failed: number;
  plain: number;
}

/**
 * Puts rows where they are worth most, and the others where they make no difference. A run gets one row; where runs may
 * leave or enter, one of each sort may be allowed for, so that no outcome is passed over.
 */
function bestUse(groups: readonly Group[], rows: Rows, worth: Worth, isGenerous: boolean): Counts {
  const uses = groups
    .flatMap((group) =>
      // Where rows are worth the same: first to runs that take only one sort, then the sort that others do not take.
      (["failed", "plain"] as const).flatMap((row) =>
        group[row].length === 0
          ? []
          : [{ group, row, gain: change(group.is, bestStanding(group[row], worth)) }],
      ),
    )
    .filter(({ gain }) => valueOf(gain, worth) > 0)
    .toSorted((a, b) => valueOf(b.gain, worth) - valueOf(a.gain, worth));
  const left = { ...rows };
  const used = new Map<Group, number>();
  let sum = nothing;
  for (const { group, row, gain } of uses) {
    const free = isGenerous ? group.count : group.count - (used.get(group) ?? 0);
    const number = Math.min(free, left[row]);
    sum = plus(sum, times(number, gain));
    used.set(group, (used.get(group) ?? 0) + number);
    left[row] -= number;
  }
  return sum;
}

const countsAs: Record<Standing, Counts> = {
  good: { bad: 0, total: 1 },
  bad: { bad: 1, total: 1 },
  out: nothing,
};

function change(from: Standing, to: Standing): Counts {
  return plus(countsAs[to], times(-1, countsAs[from]));
}

function bestStanding(standings: readonly Standing[], worth: Worth): Standing {
  const value = (standing: Standing) => valueOf(countsAs[standing], worth);
  return standings.toSorted((a, b) => value(b) - value(a))[0] ?? "out";
}

function by(worth: Worth): (a: Counts, b: Counts) => number {
  return (a, b) => valueOf(b, worth) - valueOf(a, worth);
}
