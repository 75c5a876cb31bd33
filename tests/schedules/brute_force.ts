// Next times of a schedule, looked up minute by minute over Temporal, without any cron package: what
// the program computes is compared with it. `deno run tests/schedules/brute_force.ts` prints the table.

/** A case of the table. */
export interface ScheduleCase {
  readonly cron: string;
  readonly zone: string;
  /** ISO 8601: times after this one. */
  readonly after: string;
  readonly days: number;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

interface Fields {
  readonly minute: ReadonlySet<number>;
  readonly hour: ReadonlySet<number>;
  readonly day: ReadonlySet<number>;
  readonly month: ReadonlySet<number>;
  readonly weekday: ReadonlySet<number>;
  readonly isAnyDay: boolean;
  readonly isAnyWeekday: boolean;
  readonly isFixed: boolean;
  readonly isHourly: boolean;
}

function readField(text: string, from: number, to: number, names: readonly string[]) {
  const numberOf = (word: string) => {
    const named = names.indexOf(word.toLowerCase().slice(0, 3));
    return named >= 0 ? named + (names === MONTHS ? 1 : 0) : Number(word);
  };
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step = "1"] = part.split("/");
    const [first = "", last = first] = range === "*"
      ? [String(from), String(to)]
      : range.split("-");
    const end = part.includes("/") && !range.includes("-") && range !== "*" ? to : numberOf(last);
    for (let at = numberOf(first); at <= end; at += Number(step)) {
      found.add(names === WEEKDAYS ? at % 7 : at);
    }
  }
  return found;
}

function readFields(cron: string): Fields {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = cron.split(" ");
  return {
    minute: readField(minute, 0, 59, []),
    hour: readField(hour, 0, 23, []),
    day: readField(day, 1, 31, []),
    month: readField(month, 1, 12, MONTHS),
    weekday: readField(weekday, 0, 7, WEEKDAYS),
    isAnyDay: day.startsWith("*"),
    isAnyWeekday: weekday.startsWith("*"),
    isFixed: /^\d+$/.test(minute) && /^\d+$/.test(hour),
    isHourly: hour === "*",
  };
}

function fits(fields: Fields, wall: Temporal.PlainDateTime): boolean {
  const inDay = fields.day.has(wall.day);
  const inWeek = fields.weekday.has(wall.dayOfWeek % 7);
  const isDay = fields.isAnyDay || fields.isAnyWeekday ? inDay && inWeek : inDay || inWeek;
  return isDay && fields.month.has(wall.month) && fields.hour.has(wall.hour) &&
    fields.minute.has(wall.minute);
}

/** Longer than any change of clocks. */
const LEAD_MS = 4 * 3_600_000;

/** All times of a case, by walking every minute of real time and every minute that clocks skip. */
export function walk({ cron, zone, after, days }: ScheduleCase): readonly string[] {
  const fields = readFields(cron);
  const start = Temporal.Instant.from(after).epochMilliseconds;
  const found = new Set<number>();
  const seen = new Set<string>();
  // earlier, so that what a wall showed a first time is known
  let before = wallOf(start - LEAD_MS, zone);
  const first = Math.floor((start - LEAD_MS) / 60_000) * 60_000 + 60_000;
  for (let at = first; at <= start + days * 86_400_000; at += 60_000) {
    const wall = wallOf(at, zone);
    // wall minutes between the last one and this one were skipped
    for (
      let skipped = before.add({ minutes: 1 });
      Temporal.PlainDateTime.compare(skipped, wall) < 0;
      skipped = skipped.add({ minutes: 1 })
    ) {
      if (fits(fields, skipped) && !fields.isHourly && at > start) found.add(at);
    }
    const name = wall.toString();
    const isAgain = seen.has(name);
    seen.add(name);
    before = wall;
    if (!fits(fields, wall) || (isAgain && fields.isFixed)) continue;
    if (at > start) found.add(at);
  }
  return [...found].toSorted((one, other) => one - other).map((at) => new Date(at).toISOString());
}

function wallOf(at: number, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime()
    .round("minute");
}

/** Around every kind of change that clocks make. */
const CHANGES: readonly (readonly [zone: string, after: string, hour: number])[] = [
  ["America/New_York", "2027-03-13T12:00:00Z", 2],
  ["America/New_York", "2027-11-06T12:00:00Z", 1],
  ["Europe/London", "2027-03-27T12:00:00Z", 1],
  ["Europe/London", "2027-10-30T12:00:00Z", 1],
  ["Australia/Lord_Howe", "2027-10-01T20:00:00Z", 2],
  ["Australia/Lord_Howe", "2027-04-02T20:00:00Z", 1],
  ["Africa/Casablanca", "2027-02-06T12:00:00Z", 2],
  ["Africa/Casablanca", "2027-03-13T12:00:00Z", 2],
  ["America/Santiago", "2027-09-04T00:00:00Z", 0],
  ["America/Santiago", "2027-04-02T12:00:00Z", 23],
  ["Asia/Kathmandu", "2027-03-13T12:00:00Z", 2],
  ["UTC", "2027-03-13T12:00:00Z", 2],
];

/** The cases of the table. */
export function cases(): readonly ScheduleCase[] {
  const around = CHANGES.flatMap(([zone, after, hour]) =>
    [
      `30 ${hour} * * *`,
      `0 ${hour} * * *`,
      `45 ${hour} * * *`,
      `*/20 ${hour} * * *`,
      `0,30 ${hour} * * *`,
      `30 ${hour},${(hour + 1) % 24} * * *`,
      "30 * * * *",
      "*/30 * * * *",
      "15 */2 * * *",
      "0 9 * * *",
    ].map((cron) => ({ cron, zone, after, days: 2 }))
  );
  const days = [
    "0 0 29 2 *",
    "0 0 31 * *",
    "0 9 1-31 * 4",
    "0 9 13 * FRI",
    "0 9 * * 7",
    "0 9 * * 1-5",
    "0 9 * mar-apr sun",
    "0 12 1,15 * *",
    "0 0 1 1 *",
  ].map((cron) => ({ cron, zone: "UTC", after: "2027-12-01T00:00:00Z", days: 120 }));
  return [...around, ...days];
}

/** The table: a line per case, with its first times. */
export function table(): string {
  const lines = cases().map((one) =>
    JSON.stringify({ ...one, times: walk(one).slice(0, MOST_TIMES) })
  );
  return `${lines.join("\n")}\n`;
}

const MOST_TIMES = 60;

/** Where the table lies. */
export const TABLE = new URL("table.jsonl", import.meta.url);

if (import.meta.main) await Deno.writeTextFile(TABLE, table());
