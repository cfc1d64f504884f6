import { generateKeyPairSync } from "node:crypto";
import { dkimVerify } from "mailauth";
import { expect, test } from "vitest";
import { createSigner, DkimKeyError } from "../src/dkim.ts";
import { english } from "@runledger/wording";
import { composeMail } from "../src/compose-mail.ts";
import { fixtureReport } from "@runledger/sla/testing/fixture-report";

const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const identity = { domain: "acme.example", selector: "weekly", privateKey };

async function composed(): Promise<Buffer> {
  const mail = await composeMail(fixtureReport({ revision: 2 }), {
    from: "Runledger <sla@acme.example>",
    to: ["cfo@acme.example"],
    cc: ["audit@acme.example"],
    contact: null,
    language: english,
    workbook: Buffer.from("workbook"),
    workbookName: "x.xlsx",
    unsubscribeLink: () => "https://status.acme.example/unsubscribe?token=x",
  });
  return mail.messageFor("cfo@acme.example").compose();
}

/** What a receiver finds, who asks the domain for the key. */
async function verified(message: Buffer) {
  const { results } = await dkimVerify(message, {
    resolver: async (name: string, type: string) => {
      expect([name, type]).toEqual(["weekly._domainkey.acme.example", "TXT"]);
      return [[`v=DKIM1; k=rsa; p=${publicKey.toString("base64")}`]];
    },
  });
  return results[0];
}

test("signs so that a receiver can tell that nobody has changed the mail", async () => {
  const message = await composed();
  const signed = await createSigner(identity)(message);
  expect((await verified(signed))?.status.result).toBe("pass");
  expect(signed.subarray(-message.length).equals(message)).toBe(true);
  expect(await createSigner(identity)(message)).toEqual(signed);

  const changed = Buffer.from(signed.toString("latin1").replace("?token=x", "?token=y"), "latin1");
  expect((await verified(changed))?.status.result).toBe("fail");
});

test("vouches for every header of its own, one-click unsubscribing among them", async () => {
  const result = await verified(await createSigner(identity)(await composed()));
  const headers = (await composed()).toString("latin1").split("\r\n\r\n")[0] ?? "";
  const names = [...headers.matchAll(/^([\w-]+):/gmu)].map(([, name = ""]) => name.toLowerCase());
  expect(names).toContain("list-unsubscribe-post");
  expect(result?.signingHeaders?.keys?.toLowerCase().split(": ").toSorted()).toEqual(names.toSorted());
});

test.each([
  ["is no key", "s3cret"],
  [
    "signs in another way",
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  ],
])("refuses what %s, without showing it", (_what, pem) => {
  const create = () => createSigner({ ...identity, privateKey: pem });
  expect(create).toThrow(DkimKeyError);
  expect(create).not.toThrow(pem);
});
