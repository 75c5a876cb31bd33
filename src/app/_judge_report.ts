import { askForReport, type StandingResult } from "../agent/report.ts";
import type { House } from "./_house.ts";

/** What of the result of a standing task is worth telling; see `App`. */
export async function judgeReport(
  result: StandingResult,
  payer: { readonly turn: string; readonly mostCalls: number },
  signal: AbortSignal,
  { models, stores, setting }: House,
): Promise<{ readonly report: string | null; readonly calls: number }> {
  if (result.result.trim() === "") return { report: null, calls: 0 };
  if (!models.configured) return { report: result.result, calls: 0 };
  const metered = models.open({ ...payer, origin: "heartbeat" });
  const ports = { model: metered.selector(), random: stores.random };
  const { maxTokens } = setting.config.agents.defaults;
  const report = await askForReport(result, ports, maxTokens, signal);
  return { report, calls: metered.spent().calls };
}
