// Writes src/connection/database-types.ts from a freshly migrated database; with --verify it only compares.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteEmbeddedPostgres, migrate, openHistory, startEmbeddedPostgres } from "./src/index.ts";

const folder = await mkdtemp(join(tmpdir(), "runledger-types-"));
const data = join(folder, "postgres");
try {
  const url = await startEmbeddedPostgres(data);
  {
    await using history = await openHistory({ url });
    await migrate(history.db);
  }
  const options = [
    ["--url", url],
    ["--dialect", "postgres"],
    ["--default-schema", "runledger"],
    ["--exclude-pattern", "kysely_*"],
    ["--date-parser", "string"],
    ["--numeric-parser", "number"],
    ["--type-mapping", JSON.stringify({ int8: "number" })],
    ["--out-file", join(import.meta.dirname, "src/connection/database-types.ts")],
  ].flat();
  execFileSync("kysely-codegen", [...options, ...process.argv.slice(2)], { stdio: "inherit" });
} finally {
  await deleteEmbeddedPostgres(data);
  await rm(folder, { recursive: true, force: true });
}
