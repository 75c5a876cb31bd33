import type { Turn } from "../domain/turn.ts";
import { historyForChat } from "./history.ts";
import { noModel } from "./no_model.ts";
import type { AgentPorts, Knowledge } from "./ports.ts";
import { formatSystem } from "./prompt_parts.ts";
import { CHAT_RULES } from "./prompts/chat.ts";

/** A chat answer, and whether it was made from what others wrote. */
export interface Chatted {
  readonly reply: string;
  readonly foreign: boolean;
}

/** Answers in words. The selector's own reply serves when it is complete; else one streamed call. */
export async function chat(
  selected: { readonly reply: string | undefined; readonly knowledge: Knowledge },
  turn: Turn,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Chatted> {
  if (selected.reply !== undefined) return { reply: selected.reply, foreign: false };
  if (!ports.models) throw noModel();
  ports.onProgress?.("answering");
  const { knowledge } = selected;
  const system = formatSystem({
    rules: CHAT_RULES,
    tools: "",
    docs: knowledge.docs,
    memory: knowledge.memory,
    candidates: [],
    situation: ports.situation(),
  });
  const { text } = await ports.models.main.complete({
    messages: [
      { role: "system", text: system },
      ...historyForChat(knowledge.history, ports.random.id()),
      { role: "user", text: turn.message.text },
    ],
    maxTokens: ports.settings.maxTokens,
    temperature: ports.settings.temperature,
    ...(ports.onText ? { onText: ports.onText } : {}),
  }, signal);
  return { reply: text.trim(), foreign: knowledge.history.some(({ mark }) => mark !== undefined) };
}
