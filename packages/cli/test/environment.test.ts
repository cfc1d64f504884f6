import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readEnvironment, UsageError } from "../src/index.ts";

test("has a default for everything that is not a secret", () => {
  expect(readEnvironment({})).toEqual({
    ylem: {
      baseUrl: "https://api.datamin.io/v1",
      clientId: null,
      clientSecret: null,
      outputKey: null,
      outputCipher: "aes-256-gcm",
    },
    databaseUrl: null,
    smtpUrl: null,
    proxies: { https: null, http: null, none: null },
    mailFrom: null,
    mailMaxSize: null,
    dkim: null,
    unsubscribeSecret: null,
    configPath: "./runledger.yaml",
    logLevel: "info",
    color: "auto",
    isCi: false,
  });
});

test("reads each secret from the file that NAME_FILE names", async () => {
  const folder = await mkdtemp(join(tmpdir(), "runledger-secret-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "secret");
  await writeFile(file, "from-file\n");
  const names = [
    "YLEM_CLIENT_ID",
    "YLEM_CLIENT_SECRET",
    "YLEM_OUTPUT_KEY",
    "DATABASE_URL",
    "SMTP_URL",
    "DKIM_PRIVATE_KEY",
    "UNSUBSCRIBE_SECRET",
  ];
  const environment = readEnvironment({
    ...Object.fromEntries(names.map((name) => [`${name}_FILE`, file])),
    DKIM_DOMAIN: "acme.example",
    DKIM_SELECTOR: "s1",
  });
  expect(environment).toMatchObject({
    ylem: { clientId: "from-file", clientSecret: "from-file", outputKey: "from-file" },
    databaseUrl: "from-file",
    smtpUrl: "from-file",
    dkim: { domain: "acme.example", selector: "s1", privateKey: "from-file" },
    unsubscribeSecret: "from-file",
  });
});

test("names the variable whose secret file cannot be read", () => {
  const read = () => readEnvironment({ SMTP_URL_FILE: "/does/not/exist" });
  expect(read).toThrow(UsageError);
  expect(read).toThrow("SMTP_URL_FILE: cannot read /does/not/exist");
});

test("wants all of what signs mail, or none of it", () => {
  expect(() => readEnvironment({ DKIM_DOMAIN: "acme.example" })).toThrow("set all or none");
});

test("says which values are possible", () => {
  expect(() => readEnvironment({ LOG_LEVEL: "loud" })).toThrow(
    'LOG_LEVEL is "loud"; it can be debug, info, warn, error, silent',
  );
});

test.each([
  [{}, "auto"],
  [{ NO_COLOR: "1" }, "never"],
  [{ NO_COLOR: "", FORCE_COLOR: "1" }, "always"],
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, "never"],
  [{ FORCE_COLOR: "" }, "always"],
  [{ FORCE_COLOR: "0" }, "never"],
  [{ TERM: "dumb" }, "never"],
] as const)("knows of %o whether colours are wanted: %s", (env, color) => {
  expect(readEnvironment(env).color).toBe(color);
});

test("takes proxies in lower case first, and hides what is wrong with one", () => {
  const read = (env: Record<string, string>) => readEnvironment(env).proxies;
  expect(read({ HTTPS_PROXY: "http://a:1", https_proxy: "http://b:2", NO_PROXY: "*" })).toEqual({
    https: "http://b:2",
    http: null,
    none: "*",
  });
  expect(read({ HTTP_PROXY: "proxy.acme.example:3128" }).http).toBe("http://proxy.acme.example:3128");
  for (const url of ["http://me:s3/cret@proxy", "socks5://me:s3cret@proxy", "http://me:s3#cret@proxy"]) {
    expect(() => read({ HTTPS_PROXY: url })).toThrow(/HTTPS_PROXY.*percent-encode/u);
    expect(() => read({ HTTPS_PROXY: url })).not.toThrow(/s3/u);
  }
});
