import { expect, test } from "vitest";
import { requiresTls, SmtpUrlError } from "../src/index.ts";

test.each([
  ["smtp://mail.acme.example:587", true],
  ["smtp://user:pa%2Fss@10.0.0.7:25", true],
  ["smtp://localhost.acme.example:25", true],
  ["smtp://mail.acme.example:25?tls.rejectUnauthorized=false", true],
  ["smtp://mail.acme.example:25?ignoreTLS=true", false],
  ["smtp://localhost:1025", false],
  ["smtp://127.0.0.1:1025", false],
  ["smtp://[::1]:1025", false],
])("%s has to offer STARTTLS: %s", (url, isRequired) => {
  expect(requiresTls(url)).toBe(isRequired);
});

test("does not show a URL that is none: it may hold a password", () => {
  expect(() => requiresTls("user:s3cret@mail")).toThrow(SmtpUrlError);
  expect(() => requiresTls("user:s3cret@mail")).not.toThrow("s3cret");
});

test.each([
  ["smtps://me:s3/cret@mail.acme.example"],
  ["smtps://me:s3?cret@mail.acme.example"],
  ["smtps://me:s3#cret@mail.acme.example"],
])("says what to do about %s and shows nothing of it", (url) => {
  expect(() => requiresTls(url)).toThrow(/percent-encode/u);
  expect(() => requiresTls(url)).not.toThrow(/s3.cret|me:s3/u);
});
