// Starts the embedded Postgres of a folder in a process of its own, to be killed: node start-process.ts FOLDER
import { startEmbeddedPostgres } from "../src/index.ts";

await startEmbeddedPostgres(process.argv[2] ?? "");
