import fc from "fast-check";
import { expect, test } from "vitest";
import { shownAddress, takeApart } from "../src/connection-url.ts";

test.each([
  ["postgres://me:s3cret@db.acme.example:5433/history", "db.acme.example:5433/history"],
  ["postgresql://db.acme.example/history?sslmode=verify-full", "db.acme.example/history"],
  ["postgres://me:p%40ss%2Fword@[2001:db8::1]:5432/history", "[2001:db8::1]:5432/history"],
  ["postgres://me@%2Frun%2Fpostgresql/history", "%2Frun%2Fpostgresql/history"],
  ["smtps://me:s3cret@mail.acme.example", "mail.acme.example"],
  ["https://api.datamin.io/v1", "api.datamin.io/v1"],
  ["http://me:s3cret@proxy:3128", "proxy:3128"],
])("shows of %s where it leads", (url, address) => {
  expect(shownAddress(url)).toBe(address);
});

test.each([
  ["postgres://me:s3/cret@db/history"],
  ["postgres://me:5432/cret@db/history"],
  ["postgres://me:s3?cret@db/history"],
  ["postgres://me:s3#cret@db/history"],
  ["postgres://me:s3@cret/more@db/history"],
  ["smtps://me:s3cret"],
  ["postgres://db:99999/history"],
  ["host=db user=me password=s3cret"],
  ["s3cret"],
  [""],
])("takes %s for nothing that it could use", (url) => {
  expect(takeApart(url)).toBeNull();
});

test.each([["smtps://me@acme.example:s3cret@mail"], ["postgres://me:s3 cret@db/x"], ["http://a:b:c@proxy"]])(
  "uses %s and shows nothing of it",
  (url) => {
    expect(takeApart(url)).toMatchObject({ isCertain: false });
    expect(shownAddress(url)).toBeNull();
  },
);

test("never shows a character of a password, whatever it is made of", () => {
  // What may be shown is in other letters than the password.
  const password = fc.string({ unit: fc.constantFrom(...Array.from("XYZ0189/?#@:%[] \\&=ü")), minLength: 1 });
  const rest = fc.constantFrom("@db.acme.example:5/path", "@db/path?q=1", "@[::abc]/path", "");
  fc.assert(
    fc.property(fc.constantFrom("postgres", "smtps", "http"), password, rest, (scheme, secret, end) => {
      const shown = shownAddress(`${scheme}://me:${secret}${end}`);
      // With no host behind it, what has the form of one is one.
      fc.pre(end !== "" || !/^\d*(?:[/?]|$)|@/u.test(secret));
      expect(shown ?? "").not.toMatch(/[XYZ0189]/u);
    }),
    { numRuns: 2000 },
  );
});
