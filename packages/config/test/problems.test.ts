import { describe, expect, it } from "vitest";
import { HEAD, parse, problemsOf, withAgreementLine, withObjectives } from "./config-text.ts";

/** An objective, in line 9; what is `rest` begins at column 36. */
const objective = (rest: string): string => withObjectives(`{ id: a, pipeline: orders, ${rest} }`);

describe("one problem", () => {
  it.each([
    [
      "an unknown key, at the key",
      `${HEAD}outpts: all\n`,
      '5:1 unknown key "outpts": did you mean "outputs"?',
    ],
    ["an unknown key that resembles none", `${HEAD}xyz: 1\n`, '5:1 unknown key "xyz"'],
    ["a missing key, at its parent", HEAD.replace(/history.*\n/, ""), '1:1 "history_start" is missing'],
    ["another version", HEAD.replace("1", "2"), "1:10 2 is not a version this program reads: write 1"],
    ["a key without a value", `${HEAD}timezone:\n`, "5:10 this has no value: give it one or remove the key"],
    [
      "an unknown choice",
      `${HEAD}outputs: some\n`,
      '5:10 "some" is not known here: write none, failures or all',
    ],
    [
      "a language that no mail is written in",
      `${HEAD}language: fr-FR\n`,
      '5:11 "fr-FR" is not known here: write en-GB, en-US or de-DE',
    ],
    [
      "a zone that does not exist",
      `${HEAD}timezone: Europe/Berln\n`,
      '5:11 "Europe/Berln" is not a time zone: did you mean "Europe/Berlin"?',
    ],
    [
      "a city in place of a zone",
      `${HEAD}timezone: Berlin\n`,
      '5:11 "Berlin" is not a time zone: did you mean "Europe/Berlin"?',
    ],
    [
      "an offset in place of a zone",
      `${HEAD}timezone: "+02:00"\n`,
      '5:11 "+02:00" is not a time zone: write a name of the IANA database, such as Europe/Berlin',
    ],
    [
      "a day that does not exist",
      HEAD.replace("01-01", "02-30"),
      '2:16 "2026-02-30" is not a date: write an existing day as YYYY-MM-DD, such as 2026-01-31',
    ],
    [
      "a number as text",
      HEAD.replace("name: orders", "name: 2026"),
      "4:57 2026 stands where text is needed: put it in quotes",
    ],
    [
      "a name with control characters",
      HEAD.replace("name: orders", String.raw`name: "or\eders"`),
      String.raw`4:57 "or\u001bders" is not a line of text: write at least one visible character and no line breaks or control characters`,
    ],
    [
      "a UUID that is none",
      HEAD.replace("7b1c0f7e", "7b1c0f7"),
      '4:13 "7b1c0f7-0000-4000-8000-000000000001" is not a UUID: write 8-4-4-4-12 hexadecimal digits, as Ylem shows them',
    ],
    [
      "a task's UUID that is none, at the key",
      HEAD.replace("orders", "orders, tasks: { x: Load }"),
      '4:74 "x" is not a UUID: write 8-4-4-4-12 hexadecimal digits, as Ylem shows them',
    ],
    [
      "no pipelines",
      "version: 1\nhistory_start: 2026-01-01\npipelines: []\n",
      "3:12 this list needs at least one entry",
    ],
    [
      "a bare number as target",
      objective("success: {}, target: 98"),
      "9:57 a target has its percent sign: write 98%, not 98",
    ],
    [
      "a share as target",
      objective("success: {}, target: 0.98"),
      "9:57 a target has its percent sign: write 98%, not 0.98",
    ],
    [
      "a duration with no unit",
      objective("freshness: { max_age: 26 }, target: 98%"),
      "9:58 26 is not a duration: write a number with its unit, such as 45m, 26h or 1h30m (units: w d h m s ms)",
    ],
    [
      "a duration of nothing",
      objective("freshness: { max_age: 0h }, target: 98%"),
      "9:58 this is no time at all: write more than 0",
    ],
    [
      "a duration beyond all use",
      objective("freshness: { max_age: 521w }, target: 98%"),
      "9:58 this is too long: write at most 520w, ten years",
    ],
    [
      "an unknown pipeline",
      withObjectives("{ id: a, pipeline: order, success: {}, target: 98% }"),
      '9:28 no pipeline above is named "order": did you mean "orders"?',
    ],
    [
      "an objective without a kind",
      objective("target: 98%"),
      "9:9 this objective measures nothing: add one of success, duration, deadline, freshness, volume",
    ],
    [
      "an objective of two kinds",
      objective("success: {}, freshness: { max_age: 1h }, target: 98%"),
      "9:9 this objective measures success and freshness: make it one objective for each",
    ],
    [
      "a mistyped kind, once",
      objective("sucess: {}, target: 98%"),
      '9:36 unknown key "sucess": did you mean "success"?',
    ],
    [
      "a time of day that does not exist",
      objective('deadline: { by: "24:00" }, target: 98%'),
      '9:52 "24:00" is not a time of day: write "HH:mm", from "00:00" to "23:59"',
    ],
    [
      "a grace that reaches beyond the window",
      objective('deadline: { by: "23:59", grace: 30m, opens: "00:00" }, target: 98%'),
      "9:68 the grace reaches 00:00, when the next day's window opens: write at most 59s, or open it later",
    ],
    [
      "a grace that ends at the instant at which the next window opens",
      objective('deadline: { by: "23:30", grace: 30m, opens: "00:00" }, target: 98%'),
      "9:68 the grace reaches 00:00, when the next day's window opens: write at most 29m, or open it later",
    ],
    [
      "a grace where the next window opens at once",
      objective('deadline: { by: "06:00", grace: 1s, opens: "06:00" }, target: 98%'),
      "9:68 the grace reaches 06:00, when the next day's window opens: leave it out, or open it later",
    ],
    [
      "an unquoted list of days in braces",
      objective("deadline: { by: 06:00, on: mon,wed }, target: 98%"),
      '9:67 unknown key "wed": if it belongs to a text with a comma, put that text in quotes',
    ],
    [
      "an unknown weekday, at the element",
      objective("deadline: { by: 06:00, on: [mon, tues] }, target: 98%"),
      '9:69 "tues" is not a weekday: write mon-fri, "mon,wed,fri" or a list such as [mon, wed, fri]',
    ],
    [
      "an unknown choice of days",
      objective("deadline: { by: 06:00, on: weekends }, target: 98%"),
      '9:63 "weekends" is not a choice of days: write workdays, daily, mon-fri, "mon,wed,fri" or a list such as [mon, wed, fri]',
    ],
    [
      "half a run",
      objective("success: {}, target: 98%, min_runs: 0.5"),
      "9:72 0.5 stands where a whole number is needed",
    ],
    [
      "an agreement's name in capitals",
      withAgreementLine("customer: x").replace("agreement: daily", "agreement: Daily"),
      '6:16 "Daily" is not an agreement\'s name: write a-z, 0-9 and - only, such as finance-daily',
    ],
    [
      "an invalid e-mail address",
      withAgreementLine("report: { to: [a@acme.example, nobody] }"),
      '10:36 "nobody" is not an e-mail address: write it as name@example.com',
    ],
    [
      "an exclusion that ends first",
      withAgreementLine("exclusions: [{ from: 2026-03-14 22:00, to: 2026-03-14 22:00, reason: x }]"),
      "10:48 the exclusion ends before it has begun: write a later time than `from`",
    ],
    [
      "an exclusion of neither form",
      withAgreementLine("exclusions: [sunday]"),
      '10:18 "sunday" is not an exclusion: write { from, to, reason } or { every, for, reason }',
    ],
    [
      "a weekly exclusion, judged as one",
      withAgreementLine("exclusions: [{ every: sun, for: 2h, reason: x }]"),
      '10:27 "sun" is not a weekly time: write weekdays and a time of day, such as "sun 02:00" or "mon-fri 22:30"',
    ],
    ["a repeated key", `${HEAD}version: 1\n`, "5:1 Map keys must be unique"],
    ["a tag", `${HEAD}outputs: !x all\n`, "5:10 Unresolved tag: !x"],
    ["an alias to nothing", `${HEAD}outputs: *x\n`, "5:10 *x refers to nothing: put &x before it"],
    ["a syntax error", `${HEAD}outputs: "all\n`, '6:1 Missing closing "quote'],
    ["a list for the whole file", "- 1\n", "1:1 a list stands where a mapping of keys to values is needed"],
  ])("%s", async (_, text, problem) => {
    expect(await problemsOf(text)).toEqual([problem]);
  });

  it.each(["", "\n", "# only a comment\n"])("an empty file: %j", async (text) => {
    expect(await problemsOf(text)).toEqual([
      "file the file is empty; start from the example: cp runledger.example.yaml runledger.yaml",
    ]);
  });
});

describe("names that are taken", () => {
  it("are reported at the second one, for UUIDs in any case", async () => {
    const text = `${HEAD}  - { uuid: 7B1C0F7E-0000-4000-8000-000000000001, name: orders }\n`;
    expect(await problemsOf(text)).toEqual([
      '5:13 "7B1C0F7E-0000-4000-8000-000000000001" is already the UUID of another pipeline: write one that is not taken',
      '5:57 "orders" is already the name of another pipeline: write one that is not taken',
    ]);
  });

  it("are taken by agreements in the file and by objectives in their agreement", async () => {
    const agreement = `  - agreement: daily
    title: Daily
    objectives:
      - { id: a, pipeline: orders, success: {}, target: 98% }
`;
    const text = `${HEAD}agreements:\n${agreement}${agreement}      - { id: a, pipeline: orders, success: {}, target: 98% }\n`;
    expect(await problemsOf(text)).toEqual([
      '10:16 "daily" is already the name of another agreement: write one that is not taken',
      '14:15 "a" is already another objective of this agreement: write one that is not taken',
    ]);
  });
});

describe("several problems", () => {
  it("come at once, in the order of the file, whatever check found them", async () => {
    const text = `version: 1
histroy_start: 2026-01-01
pipelines:
  - { uuid: x, name: orders, ownr: me, ownre: you }
agreements:
  - agreement: daily
    title: Daily
    calendar: { holidays: ./missing.ics }
    objectives:
      - { id: a, pipeline: order, target: 98 }
`;
    expect((await problemsOf(text)).map((problem) => problem.slice(0, problem.indexOf(" ")))).toEqual([
      "1:1",
      "2:1",
      "4:13",
      "4:30",
      "4:40",
      "8:27",
      "10:9",
      "10:28",
      "10:43",
    ]);
  });

  it("make a message with one line for each, that begins with file, line and column", async () => {
    await expect(parse(`${HEAD}a: 1\nb: 2\n`)).rejects.toThrow(
      'runledger.yaml:5:1: unknown key "a"\nrunledger.yaml:6:1: unknown key "b"',
    );
  });

  it("stay one line each, even when a key has line breaks", async () => {
    expect(await problemsOf(`${HEAD}"a\\nb": 1\n`)).toEqual([String.raw`5:1 unknown key "a\nb"`]);
  });
});
