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

/**
 * Reads an ISO date or date-time (RFC 9557 with a zone in brackets too). Without an offset it is
 * local to `zone`, without a time it is midnight, without a date it is today; without a text it is
 * `now` (milliseconds since 1970).
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
    if (/^\d{2}:\d{2}(?::\d{2})?$/.test(text)) {
      const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
      return today.withPlainTime(Temporal.PlainTime.from(text));
    }
    if (text.includes("[")) return Temporal.ZonedDateTime.from(text);
    if (/[zZ]$|[+-]\d{2}:?\d{2}$/.test(text) && /[Tt ]/.test(text)) {
      return Temporal.Instant.from(text).toZonedDateTimeISO(zone);
    }
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone);
  } catch {
    throw new CodedError(
      "tool_arguments_invalid",
      `time: "${text}" is no date that is known here; write 2026-11-24 or 2026-11-24T18:05.`,
    );
  }
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
    YYYY: String(at.year),
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

/** How people of a language write dates, by length (ECMA-402 `dateStyle`). */
export const STYLES = ["full", "long", "medium", "short"] as const;

/** Date and time as people of that language write them; `undefined` when it is no language tag. */
export function writeInstant(
  at: Temporal.ZonedDateTime,
  style: typeof STYLES[number],
  locale: string,
): string | undefined {
  try {
    // plain spaces, so that programs can compare and cut
    return new Intl.DateTimeFormat(locale, {
      dateStyle: style,
      timeStyle: "short",
      timeZone: at.timeZoneId,
    }).format(at.epochMilliseconds).replace(/[\u00a0\u202f]/g, " ");
  } catch {
    return undefined; // RangeError: no such tag
  }
}
