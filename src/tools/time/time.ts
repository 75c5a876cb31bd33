import * as z from "zod";
import { CodedError } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import type { Clock } from "../../platform/platform.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { Tool } from "../tool.ts";
import { describeInstant, formatInstant, readInstant, STYLES, writeInstant } from "./instant.ts";
import { findNearestPlace, findZone } from "./zones.ts";

const NAME = "time";

const span = once(() => z.number().int().min(-100_000).max(100_000).optional());
const parameters = once(() =>
  z.strictObject({
    operation: z.enum(["now", "zone", "convert", "add", "between", "format"]),
    zone: z.string().max(100).optional().describe("IANA zone, or a place such as Tokyo"),
    place: z.string().max(100).optional().describe("The same as zone"),
    at: z.string().min(1).max(80).optional().describe(
      "ISO date or date-time, or HH:MM of today; local to zone unless it has an offset; default now",
    ),
    from: z.string().max(100).optional().describe("convert: zone or place that `at` is local to"),
    to: z.string().max(100).optional().describe(
      "convert: target zone or place; between: second time",
    ),
    years: span(),
    months: span(),
    weeks: span(),
    days: span(),
    hours: span(),
    minutes: span(),
    seconds: span(),
    pattern: z.string().max(100).optional()
      .describe("format: YYYY MM DD HH mm ss, MMMM (month), dddd (weekday), Z (offset)"),
    style: z.enum(STYLES).optional().describe("format, instead of pattern: as people write it"),
    locale: z.string().max(60).optional().describe("format with style: language such as de-AT"),
  })
);
type Arguments = z.infer<ReturnType<typeof parameters>>;
type Field = Exclude<keyof Arguments, "operation">;

/** What each operation reads; anything else is a mistake of the program. */
const FIELDS: Readonly<Record<Arguments["operation"], readonly Field[]>> = {
  now: ["zone", "place"],
  zone: ["zone", "place"],
  convert: ["at", "from", "to", "zone", "place"],
  add: ["at", "zone", "place", "years", "months", "weeks", "days", "hours", "minutes", "seconds"],
  between: ["at", "to", "zone", "place"],
  format: ["at", "zone", "place", "pattern", "style", "locale"],
};

const instant = once(() =>
  z.object({
    iso: z.string(),
    zone: z.string(),
    date: z.string().describe("2026-11-24"),
    time: z.string().describe("18:05:00"),
    weekday: z.string(),
    offset: z.string().describe("+09:00"),
    epoch_ms: z.number(),
    text: z.string().describe("18:05 on Tuesday, 24 November 2026"),
  })
);
const returns = once(() =>
  instant().partial().extend({
    days: z.number().optional().describe("between: whole days; negative when `to` is earlier"),
    hours: z.number().optional(),
    minutes: z.number().optional(),
    seconds: z.number().optional(),
    total_seconds: z.number().optional(),
    calendar: z.object({ years: z.number(), months: z.number(), days: z.number() }).optional(),
  })
);

const GUIDANCE =
  `now {zone}. zone {place}: {zone, offset}. convert {at, from, to}. add {at, zone, days: 3, months: -1, …}
by the calendar. between {at, to, zone}: days … seconds of the difference, total_seconds, calendar.
format {at, zone, pattern} or {at, zone, style, locale}: {text}. A zone is an IANA zone, city, country,
abbreviation or offset. at is an ISO date or date-time, or HH:MM of today, local to zone; default now.`;

/** Clock, zones and calendar: what the engine of programs does not have. */
export function createTimeTool(clock: Pick<Clock, "now" | "zone">): Tool {
  return {
    name: NAME,
    description: "Tells the time anywhere, and calculates with dates and time zones.",
    get parameters() {
      return toParameters(parameters);
    },
    get returns() {
      return toParameters(returns);
    },
    foreign: false,
    guidance: GUIDANCE,
    prepare(args) {
      return Promise.resolve().then(() => {
        const read = readArguments(NAME, parameters, args);
        expectFields(read);
        return {
          args: read as unknown as JsonObject,
          effect: "none",
          resource: { kind: "plain" },
          preview: { title: `time: ${read.operation}`, fields: [] },
          run: () => Promise.resolve().then(() => inRange(() => answer(read, clock))),
        };
      });
    },
  };
}

function expectFields({ operation, ...given }: Arguments): void {
  const stray = (Object.keys(given) as Field[]).find((field) => !FIELDS[operation].includes(field));
  if (stray === undefined) return;
  throw new CodedError(
    "tool_arguments_invalid",
    `${NAME}: the operation "${operation}" takes no argument "${stray}"; ` +
      `it takes ${FIELDS[operation].join(", ")}.`,
  );
}

/** Dates end about 270,000 years from here (ECMA-402, Temporal); beyond is a wrong argument. */
function inRange<T>(calculate: () => T): T {
  try {
    return calculate();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CodedError("tool_arguments_invalid", `${NAME}: the result is no date that exists.`);
  }
}

function answer(args: Arguments, clock: Pick<Clock, "now" | "zone">): JsonObject {
  const zone = zoneOf(args.zone ?? args.place ?? clock.zone());
  const at = (text: string | undefined, local: string) => readInstant(text, local, clock.now());
  switch (args.operation) {
    case "now":
      return describeInstant(at(undefined, zone));
    case "zone": {
      const { offset } = describeInstant(at(undefined, zone));
      return { zone, offset };
    }
    case "convert": {
      const from = args.from === undefined ? zone : zoneOf(args.from);
      const to = args.to === undefined ? zone : zoneOf(args.to);
      return describeInstant(at(args.at, from).withTimeZone(to));
    }
    case "add": {
      return describeInstant(added(at(args.at, zone), args));
    }
    case "between":
      return between(at(args.at, zone), at(required(args.to, "to"), zone));
    case "format":
      return { text: formatted(at(args.at, zone), args) };
  }
}

/** Days and above on the calendar of the place, then the exact parts. */
function added(start: Temporal.ZonedDateTime, args: Arguments): Temporal.ZonedDateTime {
  const { years, months, weeks, days, hours, minutes, seconds } = args;
  const dates = parts({ years, months, weeks, days });
  const local = dates.reduce((sum, part) => sum.add(part), start.toPlainDateTime());
  const day = dates.length === 0 ? start : local.toZonedDateTime(start.timeZoneId);
  return parts({ hours, minutes, seconds }).reduce((sum, part) => sum.add(part), day);
}

/** In one piece where all have the same sign; else one after the other, largest unit first. */
function parts(
  amounts: Readonly<Record<string, number | undefined>>,
): Readonly<Record<string, number>>[] {
  const given = Object.entries(amounts).flatMap(([unit, amount]) =>
    amount === undefined ? [] : [[unit, amount] as const]
  );
  const isOneWay = given.every(([, amount]) => amount >= 0) ||
    given.every(([, amount]) => amount <= 0);
  if (given.length === 0) return [];
  return isOneWay ? [Object.fromEntries(given)] : given.map((part) => Object.fromEntries([part]));
}

function formatted(at: Temporal.ZonedDateTime, { pattern, style, locale }: Arguments): string {
  if (pattern !== undefined && style === undefined) return formatInstant(at, pattern);
  if (pattern !== undefined) {
    throw new CodedError("tool_arguments_invalid", `${NAME}: give "pattern" or "style", not both.`);
  }
  const text = writeInstant(at, style ?? "long", locale ?? "en-GB");
  if (text !== undefined) return text;
  throw new CodedError(
    "tool_arguments_invalid",
    `${NAME}: argument "locale": "${locale}" is no language tag such as en-GB or de-AT.`,
  );
}

/** Days are those of the first one's zone. */
function between(first: Temporal.ZonedDateTime, last: Temporal.ZonedDateTime): JsonObject {
  const second = last.withTimeZone(first.timeZoneId);
  const exact = first.until(second, { largestUnit: "days" });
  const calendar = first.toPlainDate().until(second.toPlainDate(), { largestUnit: "years" });
  return {
    days: exact.days,
    hours: exact.hours,
    minutes: exact.minutes,
    seconds: exact.seconds,
    total_seconds: Math.trunc((second.epochMilliseconds - first.epochMilliseconds) / 1000),
    calendar: { years: calendar.years, months: calendar.months, days: calendar.days },
  };
}

function zoneOf(place: string): string {
  const zone = findZone(place);
  if (zone !== undefined) return zone;
  const nearest = findNearestPlace(place);
  throw new CodedError(
    "tool_arguments_invalid",
    `${NAME}: "${place}" is no place or time zone that is known here` +
      `${nearest === undefined ? "" : `; perhaps ${nearest}`}.`,
  );
}

function required(value: string | undefined, field: string): string {
  if (value !== undefined) return value;
  throw new CodedError("tool_arguments_invalid", `${NAME}: argument "${field}" is missing.`);
}
