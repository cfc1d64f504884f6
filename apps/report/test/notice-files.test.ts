import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StoredValueError } from "@runledger/history";
import { expect, onTestFinished, test } from "vitest";
import { noticeFile } from "../src/due/notice-files.ts";

const KEY = { agreement: "finance", week: "2026-W12", trouble: "late", recipient: "ops@acme.example" };

test.each(["", "{", "{}", "null", '{ "machine": "a", "pid": "1", "pidStarted": null }'])(
  "names the file that does not say who sends a notice: %j",
  async (text) => {
    const out = await mkdtemp(join(tmpdir(), "runledger-notice-"));
    onTestFinished(() => rm(out, { recursive: true }));
    expect(await noticeFile(out, KEY).claim()).toBe("claimed");
    const [name = ""] = await readdir(join(out, ".notices"));
    const path = join(out, ".notices", name);
    await writeFile(path, text);
    const again = noticeFile(out, KEY).claim();
    await expect(again).rejects.toThrow(StoredValueError);
    await expect(again).rejects.toThrow(`${path} cannot be read (`);
  },
);
