import type { Command } from "@commander-js/extra-typings";
import { CodedError } from "../../../domain/failure.ts";
import type { UsageRow, UsageSummary } from "../../../usage/summary.ts";
import type { CliContext, End } from "../../context.ts";
import { formatTable } from "../../print.ts";

/** `clambot usage`: tokens, cost, and what kept clams saved. */
export function registerUsage(program: Command, context: CliContext, end: End): void {
  program.command("usage")
    .description("Show tokens, cost, turns, and what kept clams saved")
    .option("--days <n>", "days to look back, today included", "7")
    .option("--json", "print one JSON object")
    .action(async (options) => {
      const days = readDays(options.days);
      const { openStores } = await import("../../../app/stores.ts");
      const { summarizeUsage } = await import("../../../usage/summary.ts");
      const { ledger, clock } = openStores(context);
      const summary = await summarizeUsage(ledger, days, clock.now());
      context.terminal.out(options.json ? `${JSON.stringify(summary)}\n` : formatSummary(summary));
      end(0);
    });
}

function readDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3660) return days;
  throw new CodedError("usage", `--days "${text}" is no number of days.`);
}

function formatSummary(summary: UsageSummary): string {
  const { from, to, total, byDay, byModel, turns, reused, savedCalls } = summary;
  const rate = turns === 0 ? 0 : Math.round(100 * reused / turns);
  const head = `${from} to ${to}: ${turns} turns, ${reused} answered by kept clams (${rate} %), ` +
    `about ${savedCalls} model calls saved\n\n`;
  const rows = [...byDay, ...byModel, { ...total, name: "total" }].map(formatRow);
  return head +
    formatTable([["", "CALLS", "FAILED", "IN", "CACHED", "OUT", "USD"], ...rows]);
}

function formatRow(row: UsageRow): string[] {
  const { name, calls, failed, inputTokens, cachedTokens, outputTokens, usd, unpriced } = row;
  const cost = `${usd.toFixed(4)}${unpriced > 0 ? ` (+${unpriced} without a price)` : ""}`;
  return [name, ...[calls, failed, inputTokens, cachedTokens, outputTokens].map(String), cost];
}
