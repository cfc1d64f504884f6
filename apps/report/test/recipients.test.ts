import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asciiAddress, distinctRecipients, isEmailAddress, recipientKey } from "@runledger/config";
import fc from "fast-check";
import { expect, test } from "vitest";
import { weekly } from "../src/commands/weekly.ts";
import { firstSending } from "../src/store/unsynced-pipelines.ts";
import { createWorld, startMailServer, type World } from "./weekly-fixture.ts";

async function configureTo(world: World, to: string[], cc: string[]): Promise<void> {
  const path = join(world.folder, "runledger.yaml");
  const text = await readFile(path, "utf8");
  const report = `report: ${JSON.stringify({ to, cc, settle: "6h" })}`;
  await writeFile(
    path,
    text.replace(/report: \{.*\}/u, () => report),
  );
}

async function send(world: World, url: string, week?: string) {
  const context = world.context({ SMTP_URL: url, MAIL_FROM: "sla@acme.example" });
  const out = join(world.folder, "out");
  return weekly(context, { out, send: true, ...(week !== undefined && { week }) });
}

test("sends one mail to one recipient, whichever spelling is configured or in the ledger", async () => {
  await using world = await createWorld();
  await using server = await startMailServer();
  await configureTo(world, ["Jo.Doe@Acme.example", "Ops@Bücher.example"], ["jo.doe@acme.example"]);
  expect(await send(world, server.url)).toBe(0);
  expect(server.mails.map(({ to }) => String(to)).toSorted()).toEqual([
    "Jo.Doe@acme.example",
    // As smtp-server shows it; it is told Ops@xn--bcher-kva.example.
    "Ops@bücher.example",
  ]);
  await configureTo(world, ["JO.DOE@acme.EXAMPLE", "ops@xn--bcher-kva.example"], ["ops@BÜCHER.example"]);
  expect(await send(world, server.url)).toBe(0);
  expect(await send(world, server.url, "2026-W12")).toBe(0);
  expect(server.mails).toHaveLength(2);
});

test("obeys a suppression however it and the address are spelled", async () => {
  await using world = await createWorld();
  await using server = await startMailServer();
  await configureTo(world, ["Ops@xn--bcher-kva.example"], ["Jo@Acme.example"]);
  await world.history.pool.query(
    "insert into runledger.suppressions (recipient) values ('OPS@BÜCHER.example'), ('jO@aCME.example')",
  );
  expect(await send(world, server.url)).toBe(0);
  expect(server.mails).toEqual([]);
});

test("stays unwell by the hour while a message is refused, until it is suppressed", async () => {
  await using world = await createWorld();
  await using server = await startMailServer((to) => (to.startsWith("a@") ? "550 no" : null));
  expect(await send(world, server.url)).toBe(1);
  expect(await send(world, server.url)).toBe(1);
  expect(await send(world, server.url, "2026-W12")).toBe(1);
  await world.history.pool.query("insert into runledger.suppressions (recipient) values ('a@acme.example')");
  expect(await send(world, server.url)).toBe(0);
  expect(await send(world, server.url, "2026-W12")).toBe(0);
  expect(server.mails).toHaveLength(1);
});

test("takes spellings by case and script for the same address, and no others", () => {
  const label = fc.stringMatching(/^[a-zäöüéñ]{1,12}$/u).filter((text) => !text.startsWith("xn"));
  const local = fc.stringMatching(/^[a-z]{1,8}$/u);
  fc.assert(
    fc.property(local, label, local, (name, domain, other) => {
      const address = `${name}@${domain}.example`;
      const spellings = [address.toUpperCase(), address.normalize("NFD")];
      spellings.push(asciiAddress(address), asciiAddress(address).toUpperCase());
      expect(isEmailAddress(address)).toBe(true);
      expect(new Set(spellings.map(recipientKey))).toEqual(new Set([recipientKey(address)]));
      expect(distinctRecipients([address, ...spellings])).toEqual([asciiAddress(address)]);
      expect(recipientKey(`${other}@${domain}.example`) === recipientKey(address)).toBe(other === name);
    }),
  );
});

test("takes no local part that only some servers take", () => {
  expect(isEmailAddress("jürgen@acme.example")).toBe(false);
  expect(isEmailAddress("ops@bücher.example")).toBe(true);
});

test("waits for the nightly sync without a word, and tells when it has not come", async () => {
  await using world = await createWorld();
  await using server = await startMailServer();
  const path = join(world.folder, "runledger.yaml");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace("settle: 6h", "settle: 6h, failures_to: [oncall@acme.example]"));
  const syncTo = (time: string) =>
    world.history.pool.query("update runledger.pipelines set synced_through = $1", [time]);
  const sendAt = (time: string) =>
    weekly(world.context({ SMTP_URL: server.url, MAIL_FROM: "sla@acme.example" }, new Date(time)), {
      out: join(world.folder, "out"),
      send: true,
    });
  await syncTo("2026-03-22T22:00:00Z");
  expect(await sendAt("2026-03-23T06:00:00Z")).toBe(0);
  expect(server.mails).toEqual([]);
  expect(await sendAt("2026-03-24T01:00:00Z")).toBe(1);
  expect(server.mails.map(({ to }) => to)).toEqual([["oncall@acme.example"]]);
  await syncTo("2026-03-24T02:00:00Z");
  expect(await sendAt("2026-03-24T03:00:00Z")).toBe(0);
  expect(server.mails).toHaveLength(3);
});

test.each([
  ["2026-11-25T02:00:00Z", "2026-12-01T02:00:00.000Z"],
  ["2026-11-29T23:00:00Z", "2026-11-30T23:00:00.000Z"],
  ["2026-11-25T08:00:00Z", "2026-11-30T11:00:00.000Z"],
  ["2026-11-30T05:00:00Z", "2026-11-30T11:00:00.000Z"],
])("foresees from a sync through %s that a New York week can go out at %s", (through, first) => {
  const week = { end: new Date("2026-11-30T05:00:00Z") };
  const closes = new Date("2026-11-30T11:00:00Z");
  expect(firstSending(week, closes, new Date(through)).toISOString()).toBe(first);
});
