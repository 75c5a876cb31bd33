import type { Command } from "@commander-js/extra-typings";
import { parseSpan } from "../../../approvals/grants.ts";
import { CodedError } from "../../../domain/failure.ts";
import { LOG_LEVELS, type LogEntry, type LogLevel, readLog } from "../../../gateway/log_reader.ts";
import { createClock } from "../../../platform/deno.ts";
import type { Clock } from "../../../platform/platform.ts";
import { escapeLine } from "../../../text/escape.ts";
import { formatSecond } from "../../../text/local_time.ts";
import type { CliContext, End, ExitCode } from "../../context.ts";
import { cancelOnInterrupt } from "../../options.ts";
import { formatJson } from "../../stores.ts";

interface LogsOptions {
  readonly follow?: true | undefined;
  readonly since?: string | undefined;
  readonly level?: string | undefined;
  readonly json?: true | undefined;
}

/** `clambot logs`: what the gateway noted, whether it runs or not. */
export function registerLogs(program: Command, context: CliContext, end: End): void {
  program.command("logs")
    .description("Print what the gateway noted: ids, codes and times, never what was said")
    .option("-f, --follow", "go on with what comes, until Ctrl-C")
    .option("--since <span|time>", "30m, 12h, 7d, 2w, a date, or a time such as 2026-11-28T18:00")
    .option("--level <level>", "debug (all of it) or warn", "debug")
    .option("--json", "print a JSON object per line, as it stands in the log")
    .action(async (options) => end(await printLogs(options, context)));
}

async function printLogs(options: LogsOptions, context: CliContext): Promise<ExitCode> {
  const { terminal, config, environment, layout, openFiles } = context;
  const clock = createClock(environment.TZ);
  const zone = config.agents.defaults.timezone ?? clock.zone();
  const wish = { since: readSince(options.since, clock, zone), level: readLevel(options.level) };
  const { signal, release } = cancelOnInterrupt(context);
  try {
    const follow = options.follow ? { clock, signal } : undefined;
    for await (const entry of readLog(openFiles(layout.logs), wish, follow)) {
      terminal.out(options.json ? formatJson(entry.line) : formatEntry(entry, zone));
    }
    return signal.aborted ? 130 : 0;
  } finally {
    release();
  }
}

function formatEntry({ at, level, event, fields }: LogEntry, zone: string): string {
  const more = Object.entries(fields).map(([name, value]) =>
    ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  const line = `${formatSecond(at, zone)}  ${level.padEnd(5)}  ${event}${more.join("")}`;
  return `${escapeLine(line)}\n`;
}

function readLevel(text = "debug"): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text);
  if (level) return level;
  throw new CodedError("usage", `--level ${text}: there are ${LOG_LEVELS.join(" and ")}.`);
}

function readSince(text: string | undefined, clock: Clock, zone: string): number {
  if (text === undefined) return 0;
  const span = parseSpan(text);
  const at = span === undefined ? readMoment(text, zone) : clock.now() - span;
  if (at !== undefined) return at;
  const message = `--since ${text}: this is neither a span of time nor a time.`;
  throw new CodedError("usage", message, "Write 30m, 12h, 7d, 2w, 2026-11-28 or 2026-11-28T18:00.");
}

/** A time with its offset, or one of the person's own clock. */
function readMoment(text: string, zone: string): number | undefined {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    // RangeError: it has no offset
  }
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return undefined; // RangeError: it is no time
  }
}
