import { expect, it } from "vitest";

import { clientOf, HOUR, PIPELINE, ylem } from "./ylem.ts";

it("tells the server's time by its answers, whatever this machine's clock says", async () => {
  let elapsed = 5000;
  const date = "Tue, 10 Mar 2026 02:00:00 GMT";
  const { client: clientWith } = await ylem(() => ({ json: [], headers: { date } }), tokenAt(date));
  const client = clientWith({ elapsedMs: () => elapsed, now: () => Date.parse("2026-06-01T00:00:00Z") });
  expect(client.serverTime()).toBeNull();
  await client.runLog(PIPELINE, HOUR);
  elapsed += 90_000;
  expect(client.serverTime()).toEqual(new Date("2026-03-10T02:01:30Z"));
});

it("is not set back by an answer that a cache kept", async () => {
  const dates = ["Tue, 10 Mar 2026 02:00:00 GMT", "Tue, 10 Mar 2026 01:00:00 GMT"];
  const { client: clientWith } = await ylem(
    (_, nth) => ({ json: [], headers: { date: dates[nth - 1] ?? "" } }),
    tokenAt("Tue, 10 Mar 2026 00:00:00 GMT"),
  );
  const client = clientWith({ elapsedMs: () => 0 });
  await client.runLog(PIPELINE, HOUR);
  await client.runLog(PIPELINE, HOUR);
  expect(client.serverTime()).toEqual(new Date("2026-03-10T02:00:00Z"));
});

it("knows no time of a server that tells none, or nonsense", async () => {
  for (const headers of [{}, { date: "yesterday" }]) {
    const token = Response.json({ access_token: "token", expires_in: 60, scope: "stats:read" });
    const answers = [token, new Response("[]", { headers })];
    const client = clientOf("http://127.0.0.1:1/v1", {
      fetch: async () => answers.shift() ?? Response.error(),
    });
    await client.runLog(PIPELINE, HOUR);
    expect(client.serverTime()).toBeNull();
  }
});

function tokenAt(date: string) {
  return () => ({
    json: { access_token: "token", expires_in: 86_400, scope: "stats:read" },
    headers: { date },
  });
}
