import { describe, expect, it } from "vitest";
import { instantOf } from "../src/calendar/local-time.ts";

describe("instantOf", () => {
  it.each([
    ["an ordinary time", "2026-03-14T22:00", "Europe/Berlin", "2026-03-14T21:00Z"],
    ["a skipped time, moved forward by the gap", "2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30Z"],
    ["the start of a gap", "2026-03-29T02:00", "Europe/Berlin", "2026-03-29T01:00Z"],
    ["a repeated time, the first of the two", "2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30Z"],
    ["a half-hour gap", "2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45Z"],
    ["a half-hour repetition", "2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45Z"],
    ["a skipped midnight", "2026-03-08T00:00", "America/Havana", "2026-03-08T05:00Z"],
    ["a repeated midnight", "2026-11-01T00:00", "America/Havana", "2026-11-01T04:00Z"],
    ["a skipped day", "2011-12-30T12:00", "Pacific/Apia", "2011-12-30T22:00Z"],
  ])("finds %s", (_, local, timezone, instant) => {
    expect(instantOf(local, timezone)).toEqual(new Date(instant));
  });
});
