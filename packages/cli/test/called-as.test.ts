import { expect, test } from "vitest";
import { calledAs } from "../src/called-as.ts";

const PROGRAM = { bin: "runledger-ingest", script: "ingest" };

test.each([
  [
    "pnpm ingest",
    { npm_lifecycle_event: "ingest", npm_config_user_agent: "pnpm/12.21.0 npm/?" },
    "/r/main.ts",
  ],
  [
    "npm run ingest --",
    { npm_lifecycle_event: "ingest", npm_config_user_agent: "npm/11.1.0 node/v24" },
    "/r/main.ts",
  ],
  ["runledger-ingest", {}, "/usr/bin/runledger-ingest"],
  ["node apps/ingest/src/main.ts", {}, "/r/apps/ingest/src/main.ts"],
  ["node apps/ingest/src/main.ts", { npm_lifecycle_event: "demo" }, "/r/apps/ingest/src/main.ts"],
  ["node /opt/main.ts", {}, "/opt/main.ts"],
])("shows the command as it was called: %s", (expected, env, path) => {
  expect(calledAs(PROGRAM, { env, argv: ["/usr/bin/node", path], cwd: "/r" })).toBe(expected);
});
