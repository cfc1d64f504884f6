/** The single values of the file: how each is written, what is said when it is not, and what it becomes. */
import { z } from "zod";
import { asciiAddress } from "./email-address.ts";
import { DURATION, DURATION_HINT, durationMs } from "./duration-text.ts";
import { shown, wants } from "./problems/issue-text.ts";
import { LANGUAGES } from "./language-tags.ts";
import { parseTarget, TARGET, TARGET_HINT } from "./target.ts";
import { closestZone, isZone } from "./timezone.ts";
import { parseWeekdays, WEEKDAYS, WEEKDAYS_HINT } from "./weekdays.ts";

/** Names, titles and reasons: they are printed in tables, mails and terminals. */
export const oneLine = z.string().regex(/^(?=.*\S)\P{Cc}+$/u, {
  error: wants("a line of text", "at least one visible character and no line breaks or control characters"),
});

/** Becomes lower case, as Ylem and Postgres write it. */
export const uuid = z
  .guid({ error: wants("a UUID", "8-4-4-4-12 hexadecimal digits, as Ylem shows them") })
  .toLowerCase()
  .meta({ examples: ["7b1c0f7e-0000-4000-8000-000000000001"] });

/** It is part of file names. */
export const agreementId = text(
  /^[a-z0-9-]+$/,
  "an agreement's name",
  "a-z, 0-9 and - only, such as finance-daily",
);

export const objectiveId = text(
  /^[A-Za-z0-9._-]+$/,
  "an objective's name",
  "letters, digits, . _ and - only",
);

const wantsAddress = { error: wants("an e-mail address", "it as name@example.com") };

/** Its domain may be written in any script. Many servers take no local part but an ASCII one, so neither do we. */
export const emailAddress = z
  .string(wantsAddress)
  .refine((address) => !/[^\p{ASCII}].*@/u.test(address), {
    error: ({ input }) =>
      `${shown(input)} has letters before the @ that many mail servers refuse: use ASCII there`,
    abort: true,
  })
  .refine((address) => z.email().safeParse(asciiAddress(address)).success, wantsAddress)
  .meta({ format: "idn-email", examples: ["name@example.com"] });

/** Whether the configuration would take it for a recipient. */
export function isEmailAddress(candidate: string): boolean {
  return emailAddress.safeParse(candidate).success;
}

/** Mail programs post to it, and to https only. */
export const httpsUrl = text(
  /^https:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:[/?][^\s#<>"]*)?$/,
  "an https URL",
  "it as https://status.acme.example/unsubscribe",
)
  .refine((url) => URL.canParse(url), { error: "no host has such an address" })
  .meta({ examples: ["https://status.acme.example/unsubscribe"] });

export const timezone = z
  .string()
  .refine(isZone, {
    error: ({ input }) => {
      const meant = closestZone(String(input));
      return meant
        ? `${shown(input)} is not a time zone: did you mean "${meant}"?`
        : `${shown(input)} is not a time zone: write a name of the IANA database, such as Europe/Berlin`;
    },
  })
  .meta({ examples: ["Europe/Berlin", "UTC"] });

export const language = z.enum(LANGUAGES);

export const date = z.iso
  .date({ error: wants("a date", "an existing day as YYYY-MM-DD, such as 2026-01-31") })
  .meta({ examples: ["2026-01-01"] });

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

export const time = text(TIME, "a time of day", '"HH:mm", from "00:00" to "23:59"');

/** Becomes `YYYY-MM-DDTHH:mm`. It need not exist: clocks skip some. */
export const localTime = z
  .templateLiteral([z.iso.date(), z.enum([" ", "T"]), z.string().regex(TIME)], {
    error: wants("a local time", "an existing day and a time as YYYY-MM-DD HH:mm, such as 2026-03-14 22:00"),
  })
  .meta({ examples: ["2026-03-14 22:00"] })
  .transform((local) => local.replace(" ", "T"));

/** Becomes milliseconds. */
export const duration = text(DURATION, "a duration", DURATION_HINT)
  .meta({ examples: ["45m", "26h", "1h30m"] })
  .transform(durationMs)
  .refine((ms) => ms <= durationMs("520w"), { error: "this is too long: write at most 520w, ten years" });

/** A duration that may not be zero. */
export const someDuration = duration.refine((ms) => ms > 0, {
  error: "this is no time at all: write more than 0",
});

/** Becomes bytes: `64MB` is 64 × 1024 × 1024. */
export const byteSize = text(
  /^\d{1,6}(?:kB|MB)$/,
  "a size",
  "a whole number with its unit, such as 64MB (units: kB MB)",
)
  .transform((size) => Number.parseInt(size, 10) * (size.endsWith("kB") ? 1024 : 1024 ** 2))
  .refine((bytes) => bytes >= 1024 && bytes <= 1024 ** 3, { error: "write a size from 1kB to 1024MB" });

/** Becomes an exact fraction. */
export const target = z
  .string({
    error: ({ input }) =>
      typeof input === "number"
        ? `a target has its percent sign: write ${input > 1 ? input : 98}%, not ${input}`
        : undefined,
  })
  .regex(TARGET, { error: wants("a target", TARGET_HINT) })
  .meta({ examples: ["98%", "99.5%"] })
  .transform(parseTarget);

const weekdayNames = text(WEEKDAYS, "a weekday", WEEKDAYS_HINT);

/** Becomes ISO weekday numbers. */
export const weekdays = z
  .union(
    [
      weekdayNames.meta({ examples: ["mon-fri", "mon,wed,fri"] }),
      z
        .array(weekdayNames)
        .min(1)
        .transform((names) => names.join(",")),
    ],
    { error: wants("a choice of weekdays", WEEKDAYS_HINT) },
  )
  .transform(parseWeekdays);

/** Becomes a `DaySelection`. */
export const days = z.union(
  [
    z.enum(["workdays", "daily"]).transform((kind) => ({ kind })),
    weekdays.transform((names) => ({ kind: "weekdays" as const, weekdays: names })),
  ],
  { error: wants("a choice of days", `workdays, daily, ${WEEKDAYS_HINT}`) },
);

/** Becomes `{ weekdays, at }`. */
export const weeklyTime = text(
  new RegExp(`${WEEKDAYS.source.slice(0, -1)} ${TIME.source.slice(1)}`),
  "a weekly time",
  'weekdays and a time of day, such as "sun 02:00" or "mon-fri 22:30"',
)
  .meta({ examples: ["sun 02:00"] })
  .transform((weekly) => ({ weekdays: parseWeekdays(weekly.slice(0, -6)), at: weekly.slice(-5) }));

function text(pattern: RegExp, what: string, how: string): z.ZodString {
  const error = wants(what, how);
  return z.string({ error }).regex(pattern, { error });
}
