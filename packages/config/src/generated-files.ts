import { exampleYaml } from "./example.ts";
import { jsonSchema } from "./json-schema.ts";

/** What is kept at the top of the repository and generated from the schema, by file name. */
export function generatedFiles(): Record<string, string> {
  return {
    "runledger.example.yaml": exampleYaml(),
    "runledger.schema.json": `${JSON.stringify(jsonSchema(), undefined, 2)}\n`,
  };
}
