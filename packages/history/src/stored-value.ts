import { z } from "zod";
import { HistoryError } from "./connection/errors.ts";

/** Something was kept as JSON that is not what Runledger keeps there. */
export class StoredValueError extends HistoryError {
  override name = "StoredValueError";
}

/** Where a value is kept, for somebody who has to mend it, and how: "restore it from a backup". */
export interface StoredPlace {
  name: string;
  remedy: string;
}

/** @throws StoredValueError, which names the place, when the value is not as the schema says. */
export function parseStored<T>(schema: z.ZodType<T>, value: unknown, place: StoredPlace): T {
  const { data, error, success } = schema.safeParse(value);
  if (success) return data;
  const faults = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`,
  );
  throw new StoredValueError(`${place.name} cannot be read (${faults.join("; ")}); ${place.remedy}`, {
    cause: error,
  });
}

/** The same of what is kept as a text. */
export function parseStoredText<T>(schema: z.ZodType<T>, text: string, place: StoredPlace): T {
  const json = z.string().transform((written, context): unknown => {
    try {
      return JSON.parse(written);
    } catch {
      context.addIssue({ code: "custom", message: "it is not JSON" });
      return z.NEVER;
    }
  });
  return parseStored(schema, parseStored(json, text, place), place);
}
