import type { Command } from "@commander-js/extra-typings";
import type { Cleaned } from "../../../cleanup/cleanup.ts";
import { CodedError } from "../../../domain/failure.ts";
import { escapeLine } from "../../../text/escape.ts";
import { formatTime } from "../../../text/local_time.ts";
import type { CliContext, End } from "../../context.ts";
import { formatTable } from "../../print.ts";
import { formatJson } from "../../stores.ts";
import { withJobs } from "../cron/with_jobs.ts";

/** `clambot cleanup`: puts away what nobody needs, as the gateway does by itself. */
export function registerCleanup(program: Command, context: CliContext, end: End): void {
  program.command("cleanup")
    .description("Put away what was not used for long, into archives")
    .option("--dry-run", "only say what would be put away")
    .option("--json", "print one JSON object")
    .action(({ dryRun = false, json }) =>
      withJobs(context, end, async ({ book }, stores) => {
        const { cleanHome } = await import("../../../app/cleanup.ts");
        const cleaned = await cleanHome(stores, { ...context, book }, { dryRun });
        const zone = stores.clock.zone();
        context.terminal.out(
          json ? formatJson({ dryRun, ...cleaned }) : formatCleaned(cleaned, dryRun, zone),
        );
        const [failed] = cleaned.failed;
        if (failed) throw failureOf(failed);
      })
    );
}

function formatCleaned({ putAway }: Cleaned, dryRun: boolean, zone: string): string {
  if (putAway.length === 0) return "There is nothing to put away.\n";
  const rows = putAway.map(({ kind, name, lastUsed }) => [
    kind,
    escapeLine(name),
    formatTime(lastUsed, zone),
  ]);
  const said = dryRun ? "This would be put away:" : "This was put away:";
  return `${said}\n${formatTable([["KIND", "NAME", "LAST USED"], ...rows])}`;
}

function failureOf({ failure: { code, message, hint } }: Cleaned["failed"][number]): CodedError {
  return new CodedError(code, message, hint);
}
