import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createLog } from "../src/index.ts";

function lineOf(figures: object): string {
  const stream = new PassThrough();
  createLog({ level: "info", isColorful: false, stream }).info(figures, "stored");
  return String(stream.read());
}

test("tells an event in a line, with its figures behind it", () => {
  expect(lineOf({ rows: 3 })).toMatch(/^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\] INFO: stored \{"rows":3\}\n$/u);
});

test.each([{ time: "noon" }, { time: 1e300 }, { time: null }, { level: "high" }, { level: {} }])(
  "tells an event in a line when a figure has a name of the log's own: %j",
  (figures) => {
    expect(lineOf(figures)).toMatch(/^[^\n]*stored[^\n]*\n$/u);
  },
);

test("tells an event that has no message", () => {
  const stream = new PassThrough();
  createLog({ level: "info", isColorful: false, stream }).info({ rows: 3 });
  expect(String(stream.read())).toMatch(/\] INFO: {2}\{"rows":3\}\n$/u);
});
