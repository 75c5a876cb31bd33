import { CodedError } from "../../domain/failure.ts";

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** In brackets a zone has no `=`, unlike other annotations (RFC 9557). */
const ZONE_IN_BRACKETS = /\[[^\]=]+\]/;
/** A time of day with `Z` or a sign behind it: an offset, of hours alone too. */
const TIME_WITH_OFFSET = /[Tt ][\d:.,]+[zZ+-]/;

/**
 * Reads an ISO date or date-time (RFC 9557 with a zone in brackets too). Without an offset it is
 * local to `zone`, without a time it is midnight, without a date it is today; without a text it is
 * `now` (milliseconds since 1970). The calendar is always that of ISO 8601.
 */
export function readInstant(
  text: string | undefined,
  zone: string,
  now: number,
): Temporal.ZonedDateTime {
  if (text === undefined) {
    return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  }
  try {
    return read(text, zone, now).withCalendar("iso8601");
  } catch {
    throw new CodedError(
      "tool_arguments_invalid",
      `time: "${text}" is no date that is known here; write 2026-11-24 or 2026-11-24T18:05.`,
    );
  }
}

/** @throws {RangeError} when it is no date */
function read(text: string, zone: string, now: number): Temporal.ZonedDateTime {
  if (/^\d{2}:\d{2}(?::\d{2})?$/.test(text)) {
    const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
    return today.withPlainTime(Temporal.PlainTime.from(text));
  }
  if (ZONE_IN_BRACKETS.test(text)) return Temporal.ZonedDateTime.from(text);
  if (TIME_WITH_OFFSET.test(text)) {
    return Temporal.Instant.from(text).toZonedDateTimeISO(zone);
  }
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone);
}

/** An instant in every form that programs want. */
export function describeInstant(at: Temporal.ZonedDateTime) {
  const weekday = WEEKDAYS[at.dayOfWeek - 1] ?? "";
  const clock = at.toPlainTime().toString({ smallestUnit: "second" });
  return {
    iso: at.toString({ smallestUnit: "second", timeZoneName: "never" }),
    zone: at.timeZoneId,
    date: at.toPlainDate().toString(),
    time: clock,
    weekday,
    offset: at.offset,
    epoch_ms: at.epochMilliseconds,
    text: `${clock.slice(0, 5)} on ${weekday}, ${at.day} ${MONTHS[at.month - 1]} ${at.year}`,
  };
}

/** Puts an instant into a pattern of YYYY MMMM MM DD dddd HH mm ss Z; other text stays. */
export function formatInstant(at: Temporal.ZonedDateTime, pattern: string): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const parts: Readonly<Record<string, string>> = {
    YYYY: `${at.year < 0 ? "-" : ""}${String(Math.abs(at.year)).padStart(4, "0")}`,
    MMMM: MONTHS[at.month - 1] ?? "",
    MM: two(at.month),
    DD: two(at.day),
    dddd: WEEKDAYS[at.dayOfWeek - 1] ?? "",
    HH: two(at.hour),
    mm: two(at.minute),
    ss: two(at.second),
    Z: at.offset,
  };
  return pattern.replace(/YYYY|MMMM|MM|DD|dddd|HH|mm|ss|Z/g, (part) => parts[part] ?? part);
}

const DAY_AND_ERA = {
  era: "short",
  year: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
} as const;

/** How people of a language write dates, by length (ECMA-402 `dateStyle`). */
export const STYLES = ["full", "long", "medium", "short"] as const;

/** The same lengths in parts, for dates before the year 1: they need an era, which styles lack. */
const WITH_ERA: Readonly<Record<typeof STYLES[number], Intl.DateTimeFormatOptions>> = {
  full: { ...DAY_AND_ERA, weekday: "long", month: "long" },
  long: { ...DAY_AND_ERA, month: "long" },
  medium: { ...DAY_AND_ERA, month: "short" },
  short: { ...DAY_AND_ERA, month: "numeric" },
};

/** Date and time as people of that language write them; `undefined` when it is no language tag. */
export function writeInstant(
  at: Temporal.ZonedDateTime,
  style: typeof STYLES[number],
  locale: string,
): string | undefined {
  try {
    const length = at.year < 1
      ? WITH_ERA[style]
      : { dateStyle: style, timeStyle: "short" } as const;
    const text = new Intl.DateTimeFormat(locale, { ...length, timeZone: at.timeZoneId })
      .format(at.epochMilliseconds);
    return text.replace(/[\u00a0\u202f]/g, " "); // so that programs can compare and cut
  } catch {
    return undefined; // RangeError: no such tag
  }
}
