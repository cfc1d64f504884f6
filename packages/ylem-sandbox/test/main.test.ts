import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("prints how to reach it, serves, and ends cleanly on Ctrl-C", async () => {
  const child = spawn(process.execPath, [MAIN, "--port", "0", "--weeks", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = await once(child.stdout, "data");
  const env = parseEnv(String(output));
  const query = new URLSearchParams({
    client_id: env["YLEM_CLIENT_ID"] ?? "",
    client_secret: env["YLEM_CLIENT_SECRET"] ?? "",
    grant_type: "client_credentials",
  });
  const response = await fetch(`${env["YLEM_BASE_URL"]}/oauth/token?${query.toString()}`);

  expect(response.status).toBe(200);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
});
