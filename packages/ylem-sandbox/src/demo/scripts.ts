import type { DateTime } from "luxon";
import { GATEWAY_DOWN, type Failure } from "./failures.ts";
import { DAILY, WORKDAYS, type Schedule } from "./schedule.ts";

const MINUTE = 60_000;
const SECOND = 1000;

/** A pipeline of the demo: what it is, when it runs, and what becomes of it. */
export interface Script {
  readonly name: string;
  readonly owner: string;
  readonly tags: readonly string[];
  /** What there is to see in its history. */
  readonly story: string;
  readonly timezone: string;
  readonly schedule: Schedule;
  readonly tasks: readonly ScriptedTask[];
  /** How a run of the slot goes; `null`: there is none. Default: `NORMAL`. */
  readonly mood?: (slot: Slot) => Partial<Mood> | null;
  /** A failed run is started once more so many minutes after it ended. Default: it is not. */
  readonly retryAfterMinutes?: number;
  /** Results arrive minutes to hours late now and then. */
  readonly arrivesLate?: boolean;
  /** Outputs are encrypted with `DEMO_OUTPUT_KEY`. */
  readonly isEncrypted?: boolean;
}

export interface ScriptedTask {
  readonly name: string;
  readonly type: string;
  /** Usual duration. */
  readonly milliseconds: number;
  /** Rows it leaves: a loop leaves one for every item, stamped together. Default 1. */
  readonly items?: readonly [least: number, most: number];
}

interface Slot {
  /** In the pipeline's zone. */
  readonly start: DateTime;
  /** Weeks since the Monday of the story's first week, with fraction. */
  readonly week: number;
  /** Length of the story: its last closed week is `storyWeeks - 1`. */
  readonly storyWeeks: number;
}

export interface Mood {
  /** Chance that the run fails, 0 to 1. */
  readonly failureRate: number;
  /** Factor on every duration. */
  readonly slowness: number;
  /** Why it fails; default: one of the everyday failures. */
  readonly failure: Failure | null;
}

export const NORMAL: Mood = { failureRate: 0.002, slowness: 1, failure: null };

export const SCRIPTS: readonly Script[] = [
  {
    name: "orders-to-warehouse",
    owner: "data-platform",
    tags: ["sales", "core"],
    story: "Runs every hour and is healthy.",
    timezone: "Europe/Berlin",
    schedule: { everyMinutes: 60, offset: 5 },
    tasks: [
      { name: "Read new orders", type: "query", milliseconds: 40 * SECOND },
      { name: "Map to star schema", type: "transformer", milliseconds: 15 * SECOND },
      { name: "Load orders", type: "api_call", milliseconds: 4 * MINUTE },
    ],
  },
  {
    name: "finance-daily-close",
    owner: "finance-systems",
    tags: ["finance", "core"],
    story: "Due by 06:00 in Berlin every day; now and then it fails, starts again and is late.",
    timezone: "Europe/Berlin",
    schedule: { at: "04:30", on: DAILY },
    tasks: [
      { name: "Wait for ledger", type: "external_trigger", milliseconds: 3 * MINUTE },
      { name: "Read journal", type: "query", milliseconds: 18 * MINUTE },
      { name: "Balance check", type: "condition", milliseconds: 20 * SECOND },
      { name: "Consolidate", type: "aggregator", milliseconds: 26 * MINUTE },
      { name: "Tell controlling", type: "notification", milliseconds: 2 * SECOND },
    ],
    mood: ({ start }) => ({ failureRate: 0.06, slowness: start.day === 1 ? 1.7 : 1 }),
    retryAfterMinutes: 20,
  },
  {
    name: "crm-sync",
    owner: "sales-ops",
    tags: ["sales"],
    story: "Fails now and then, for many reasons.",
    timezone: "Europe/Berlin",
    schedule: { everyMinutes: 240, offset: 20 },
    tasks: [
      { name: "Read contacts", type: "api_call", milliseconds: 2 * MINUTE },
      { name: "Match accounts", type: "transformer", milliseconds: 50 * SECOND },
      { name: "Write back", type: "api_call", milliseconds: 3 * MINUTE },
    ],
    mood: () => ({ failureRate: 0.07 }),
  },
  {
    name: "payments-settlement",
    owner: "payments",
    tags: ["finance", "core"],
    story: "Two outages of the gateway: Tuesday morning of the last week, Thursday night five weeks ago.",
    timezone: "Europe/Berlin",
    schedule: { everyMinutes: 60, offset: 15 },
    tasks: [
      { name: "Collect captures", type: "query", milliseconds: 30 * SECOND },
      { name: "Any open?", type: "condition", milliseconds: SECOND },
      { name: "Settle with gateway", type: "api_call", milliseconds: 6 * MINUTE },
    ],
    mood: (slot) => (isOutage(slot) ? { failureRate: 1, failure: GATEWAY_DOWN } : {}),
  },
  {
    name: "inventory-snapshot",
    owner: "logistics",
    tags: ["logistics"],
    story: "Gets slower week by week until it takes more than 45 minutes.",
    timezone: "Europe/Berlin",
    schedule: { everyMinutes: 360, offset: 60 },
    tasks: [
      { name: "Read stock levels", type: "query", milliseconds: 17 * MINUTE },
      { name: "Join with forecasts", type: "transformer", milliseconds: 8 * MINUTE },
      { name: "Publish snapshot", type: "api_call", milliseconds: 3 * MINUTE },
    ],
    mood: ({ week, storyWeeks }) => ({ slowness: 1 + 0.75 * Math.min(1, week / storyWeeks) }),
  },
  {
    name: "legacy-export",
    owner: "data-platform",
    tags: ["legacy"],
    story: "Stopped running ten days before the end of the last week, and nobody noticed.",
    timezone: "Europe/Berlin",
    schedule: { at: "03:00", on: DAILY },
    tasks: [
      { name: "Dump tables", type: "query", milliseconds: 9 * MINUTE },
      { name: "Put on SFTP", type: "api_call", milliseconds: MINUTE },
    ],
    mood: ({ week, storyWeeks }) => (week < storyWeeks - 10 / 7 ? {} : null),
  },
  {
    name: "us-sales-rollup",
    owner: "sales-ops",
    tags: ["sales", "us"],
    story: "Runs at the close of New York's business days.",
    timezone: "America/New_York",
    schedule: { at: "18:00", on: WORKDAYS },
    tasks: [
      { name: "Read closed deals", type: "query", milliseconds: 90 * SECOND },
      { name: "Roll up by region", type: "aggregator", milliseconds: 4 * MINUTE },
      { name: "Post to #us-sales", type: "notification", milliseconds: SECOND },
    ],
    mood: () => ({ failureRate: 0.02 }),
  },
  {
    name: "partner-feeds",
    owner: "partnerships",
    tags: ["partners"],
    story: "Loops over its partners: several rows with the same run, task and time.",
    timezone: "Europe/Berlin",
    schedule: { everyMinutes: 360, offset: 40 },
    tasks: [
      { name: "List partners", type: "query", milliseconds: 3 * SECOND },
      { name: "Fetch each feed", type: "for_each", milliseconds: 7 * MINUTE, items: [3, 9] },
      { name: "Merge feeds", type: "transformer", milliseconds: 80 * SECOND },
    ],
    mood: () => ({ failureRate: 0.02 }),
  },
  {
    name: "clickstream-hourly",
    owner: "data-platform",
    tags: ["web"],
    story: "Its results arrive minutes to hours late.",
    timezone: "UTC",
    schedule: { everyMinutes: 60, offset: 2 },
    tasks: [
      { name: "Compact events", type: "query", milliseconds: 5 * MINUTE },
      { name: "Sessionize", type: "aggregator", milliseconds: 8 * MINUTE },
    ],
    arrivesLate: true,
  },
  {
    name: "customer-churn-scores",
    owner: "data-science",
    tags: ["ml", "personal-data"],
    story: "Its outputs are encrypted.",
    timezone: "Europe/Berlin",
    schedule: { at: "05:15", on: DAILY },
    tasks: [
      { name: "Read features", type: "query", milliseconds: 6 * MINUTE },
      { name: "Score customers", type: "api_call", milliseconds: 12 * MINUTE },
      { name: "Share at risk", type: "aggregator", milliseconds: 40 * SECOND },
    ],
    mood: () => ({ failureRate: 0.04 }),
    isEncrypted: true,
  },
  {
    name: "board-metrics-weekly",
    owner: "finance-systems",
    tags: ["finance"],
    story: "Once a week, on Monday morning.",
    timezone: "Europe/Berlin",
    schedule: { at: "07:00", on: [1] },
    tasks: [
      { name: "Read metrics", type: "query", milliseconds: 25 * SECOND },
      { name: "Send to board", type: "notification", milliseconds: 2 * SECOND },
    ],
  },
  {
    name: "fx-rates",
    owner: "payments",
    tags: ["finance"],
    story: "Every fifteen minutes, many small runs.",
    timezone: "UTC",
    schedule: { everyMinutes: 15 },
    tasks: [
      { name: "Fetch rates", type: "api_call", milliseconds: 2 * SECOND },
      { name: "Store rates", type: "query", milliseconds: SECOND },
    ],
    mood: () => ({ failureRate: 0.004 }),
  },
];

/** 08:00 to 14:00 on the last story week's Tuesday, and 00:00 to 05:00 on the Thursday five weeks before the end. */
function isOutage({ start, week, storyWeeks }: Slot): boolean {
  const weeksFromEnd = storyWeeks - Math.floor(week);
  return (
    (weeksFromEnd === 1 && start.weekday === 2 && start.hour >= 8 && start.hour < 14) ||
    (weeksFromEnd === 5 && start.weekday === 4 && start.hour < 5)
  );
}
