import { z } from "zod";
import { configSchema } from "./schema.ts";

/** JSON Schema (draft 7) of `runledger.yaml` as its author writes it: for editors. */
export function jsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(configSchema, { io: "input", target: "draft-7" });
}
