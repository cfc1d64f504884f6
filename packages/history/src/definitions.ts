import {
  appliesFromWeek,
  definitionHash,
  definitionOf,
  isSamePromise,
  recordedDefinition,
  type Agreement,
  type Definition,
} from "@runledger/config";
import type { Kysely } from "kysely";
import type { History, HistoryDatabase } from "./connection/database.ts";
import { parseStored } from "./stored-value.ts";

/** One of the definitions that an agreement has had. */
export interface RecordedDefinition {
  hash: string;
  definition: Definition;
  /** First ISO week it applies to, `2026-W13`; `null` for all weeks. */
  appliesFrom: string | null;
}

/** When the configuration's definition was seen. */
export interface Sighting {
  seenAt: Date;
  /** The ISO week from which it applies, whatever was promised then; `null`: it applies from the next week on. */
  restatedFrom: string | null;
}

/**
 * Records what an agreement promises by the configuration, where that is not what was recorded last. Gives all its
 * definitions in the order in which they were seen.
 */
export async function recordDefinition(
  { db }: History,
  agreement: Agreement,
  sighting: Sighting,
): Promise<RecordedDefinition[]> {
  for (;;) {
    const recorded = await readDefinitions(db, agreement);
    const seen = await unrecorded(db, agreement, recorded, sighting);
    if (seen === null) {
      return recorded;
    }
    // Of two commands that see it at once one takes the next number; the other one looks again.
    const { numInsertedOrUpdatedRows: inserted } = await db
      .insertInto("definitions")
      .values({
        agreement: agreement.id,
        number: recorded.length + 1,
        applies_from: seen.appliesFrom,
        definition_hash: seen.hash,
        definition: JSON.stringify(seen.definition),
        recorded_at: sighting.seenAt,
      })
      .onConflict((conflict) => conflict.constraint("definitions_pkey").doNothing())
      .executeTakeFirstOrThrow();
    if (inserted === 1n) {
      return [...recorded, seen];
    }
  }
}

/** What `recordDefinition` would give; nothing is recorded. */
export async function foreseeDefinition(
  { db }: History,
  agreement: Agreement,
  sighting: Sighting,
): Promise<RecordedDefinition[]> {
  const recorded = await readDefinitions(db, agreement);
  const seen = await unrecorded(db, agreement, recorded, sighting);
  return seen === null ? recorded : [...recorded, seen];
}

/** The definition that counts for an ISO week: of those that apply to it the one that was seen last. */
export function definitionFor(
  definitions: readonly RecordedDefinition[],
  week: string,
): RecordedDefinition | undefined {
  return definitions.findLast(({ appliesFrom }) => appliesFrom === null || appliesFrom <= week);
}

async function readDefinitions(
  db: Kysely<HistoryDatabase>,
  { id }: Agreement,
): Promise<RecordedDefinition[]> {
  const rows = await db
    .selectFrom("definitions")
    .select(["number", "definition_hash", "definition", "applies_from"])
    .where("agreement", "=", id)
    .orderBy("number")
    .execute();
  return rows.map((row) => ({
    hash: row.definition_hash,
    definition: parseStored(recordedDefinition, row.definition, {
      name: `definition ${row.number} of agreement ${id} (runledger.definitions)`,
      remedy: "restore that row from a backup",
    }),
    appliesFrom: row.applies_from,
  }));
}

/** The configuration's definition as it is to be recorded; `null` when that has been done. */
async function unrecorded(
  db: Kysely<HistoryDatabase>,
  agreement: Agreement,
  recorded: readonly RecordedDefinition[],
  { seenAt, restatedFrom }: Sighting,
): Promise<RecordedDefinition | null> {
  const isRecorded = (known: RecordedDefinition | undefined): boolean =>
    known !== undefined && isSamePromise(agreement, known);
  const newest = recorded.at(-1);
  const isInForce = restatedFrom === null || isRecorded(definitionFor(recorded, restatedFrom));
  if (isRecorded(newest) && isInForce) {
    return null;
  }
  const next = async () => appliesFromWeek(seenAt, agreement.timezone, await lastReported(db, agreement));
  return {
    hash: definitionHash(agreement),
    definition: definitionOf(agreement),
    appliesFrom: newest === undefined ? null : (restatedFrom ?? (await next())),
  };
}

async function lastReported(db: Kysely<HistoryDatabase>, { id }: Agreement): Promise<string | null> {
  const { week } = await db
    .selectFrom("reports")
    .select((eb) => eb.fn.max("week").as("week"))
    .where("agreement", "=", id)
    .executeTakeFirstOrThrow();
  return week;
}
