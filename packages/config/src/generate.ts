/** Writes the files that come from the schema to the top of the repository: `pnpm --filter @runledger/config generate`. */
import { writeFile } from "node:fs/promises";
import { generatedFiles } from "./generated-files.ts";

for (const [name, text] of Object.entries(generatedFiles())) {
  await writeFile(new URL(`../../../${name}`, import.meta.url), text);
}
