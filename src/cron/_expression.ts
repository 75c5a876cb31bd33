import { Cron } from "croner";
import { CodedError } from "../domain/failure.ts";

/** A cron expression that was read. */
export interface CronFields {
  /** Five fields, or a nickname such as `@daily`. */
  readonly expression: string;
  /** Minute and hour are single numbers. */
  readonly isFixed: boolean;
  /** It is due in every hour of its days. */
  readonly isHourly: boolean;
}

const NICKNAMES: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/**
 * Reads a cron expression.
 * @throws {CodedError} `schedule_invalid` where it is none
 */
export function readCron(text: string): CronFields {
  const said = text.trim().replace(/\s+/g, " ");
  const expression = said.startsWith("@") ? NICKNAMES[said.toLowerCase()] : said;
  const fields = expression?.split(" ") ?? [];
  if (expression === undefined || fields.length !== 5) throw unreadable(said, FIVE);
  const [minute = "", hour = ""] = fields;
  try {
    computed(expression);
  } catch (error) {
    throw unreadable(said, reasonOf(error));
  }
  return {
    expression,
    isFixed: /^\d+$/.test(minute) && /^\d+$/.test(hour),
    isHourly: /^[*?](\/1)?$/.test(hour),
  };
}

/** What is odd about an expression that can be read; often nothing. */
export function doubtsAbout(text: string): readonly string[] {
  const [, , day = "*", , weekday = "*"] = readCron(text).expression.split(" ");
  if (isOpen(day) || isOpen(weekday) || weekday.startsWith("+")) return [];
  const all = /^1-31$/.test(day)
    ? 'The weekday has no effect: "1-31" is every day already; write * in its place.'
    : undefined;
  const either = `Both day fields are set, so it is due on every day that fits either of them; ` +
    `for days that fit both write +${weekday} as the weekday.`;
  return [all ?? either];
}

function isOpen(field: string): boolean {
  return /^[*?]/.test(field);
}

/** The next wall time that fits, after one; both as if they were UTC. `undefined`: none ever. */
export function findNextWall({ expression }: CronFields, after: number): number | undefined {
  return computed(expression).nextRun(new Date(after))
    ?.getTime();
}

/** Made for one answer and dropped: thousands that are kept cost hundreds of megabytes. */
function computed(expression: string): Cron {
  return new Cron(expression, { timezone: "UTC", paused: true, mode: "5-part" });
}

const FIVE = "It needs five fields: minute, hour, day, month, weekday";

function unreadable(text: string, why: string): CodedError {
  return new CodedError(
    "schedule_invalid",
    `"${text}" is no cron expression. ${why}.`,
    'Write it as "0 9 * * 1-5", or @hourly, @daily, @weekly, @monthly, @yearly.',
  );
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^(Cron\w+: )+/, "").replace(/\.$/, "");
}
