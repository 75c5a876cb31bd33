import type { Config } from "../config/schema.ts";

/** `agents.memoryPromptBudget`: tokens of memory in a prompt, for a model with such a window. */
export function memoryBudget(config: Config, contextTokens: number): number {
  const { maxTokens, minTokens, reserveTokens, maxContextRatio } = config.agents.memoryPromptBudget;
  const room = Math.min(maxTokens, Math.floor(maxContextRatio * contextTokens)) - reserveTokens;
  return room < minTokens ? 0 : Math.max(0, room);
}
