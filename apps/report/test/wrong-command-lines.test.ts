import { UsageError } from "@runledger/cli";
import { expect, test } from "vitest";
import { InvalidWeekError } from "@runledger/sla";
import { deliveries } from "../src/commands/deliveries.ts";
import { explain } from "../src/commands/explain.ts";
import { preview } from "../src/commands/preview.ts";
import { suppress } from "../src/commands/suppress.ts";
import { weekly } from "../src/commands/weekly.ts";
import { createWorld } from "./weekly-fixture.ts";

test("says what is expected instead of what was written, before anything is touched", async () => {
  await using world = await createWorld();
  // Whoever gets as far as the database fails otherwise.
  const context = world.context({ DATABASE_URL: "postgres://127.0.0.1:1/x" });
  const out = world.folder;
  for (const week of ["junk", "2026-W54", "2026-12", "2026-w12", "2026-W12 ", ""]) {
    await expect(deliveries(context, { week })).rejects.toThrow(InvalidWeekError);
    await expect(weekly(context, { out, week })).rejects.toThrow(InvalidWeekError);
    await expect(weekly(context, { out, week, send: true })).rejects.toThrow(InvalidWeekError);
    await expect(preview(context, { week })).rejects.toThrow(InvalidWeekError);
    await expect(explain(context, { week }, ["finance", "succeeds"])).rejects.toThrow(InvalidWeekError);
  }
  for (const asOf of ["junk", "2026-02-30", "1", "2026-03-23T06:00"]) {
    const message = `--as-of ${asOf} is not a time; write it like 2026-03-01T06:00:00Z`;
    await expect(weekly(context, { out, asOf })).rejects.toThrow(message);
    await expect(preview(context, { asOf })).rejects.toThrow(message);
    await expect(explain(context, { asOf }, ["finance", "succeeds"])).rejects.toThrow(message);
  }
  for (const address of [
    "not-an-address",
    "a@",
    "@b",
    "a b@acme.example",
    "a@acme.example, b@acme.example",
    "",
  ]) {
    await expect(suppress(context, {}, [address])).rejects.toThrow(UsageError);
    await expect(preview(context, { to: [address] })).rejects.toThrow(UsageError);
  }
});
