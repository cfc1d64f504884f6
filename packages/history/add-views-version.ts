// Adds the present views to views/versions.txt, where they are not its last ones; with --verify it only looks.
import { appendFile } from "node:fs/promises";
import { ownSchema, VIEWS_THERE_WERE, viewsThereWere } from "./src/schema/schema-version.ts";

const { version } = await ownSchema();
if ((await viewsThereWere()).at(-1) !== version.viewsHash) {
  if (process.argv.includes("--verify")) {
    process.stderr.write(
      "The views have changed: run pnpm --filter @runledger/history run views, and commit views/versions.txt.\n",
    );
    process.exitCode = 1;
  } else {
    await appendFile(VIEWS_THERE_WERE, `${version.viewsHash}\n`);
  }
}
