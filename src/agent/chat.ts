import type { Turn } from "../domain/turn.ts";
import type { PromptMessage } from "../providers/provider.ts";
import { historyForChat, markedBlock } from "./history.ts";
import { noModel } from "./no_model.ts";
import type { AgentPorts, Knowledge, MemoryText } from "./ports.ts";
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
  ports.tell({ kind: "phase", phase: "answering" });
  const { docs, memory, history } = selected.knowledge;
  const system = formatSystem({
    rules: CHAT_RULES,
    tools: "",
    docs,
    memory: isMarked(memory) ? "" : memory.code,
    candidates: [],
    missing: ports.missing,
    situation: ports.situation(),
  });
  const boundary = ports.random.id();
  const { text } = await ports.models.main.complete({
    messages: [
      { role: "system", text: system },
      ...memoryForChat(memory, boundary),
      ...historyForChat(history, boundary),
      { role: "user", text: requestForChat(turn, boundary) },
    ],
    maxTokens: ports.settings.maxTokens,
    temperature: ports.settings.temperature,
    ...(ports.streams ? { onText: (piece: string) => ports.tell({ kind: "text", piece }) } : {}),
  }, signal);
  const foreign = isMarked(memory) || turn.message.pasted !== undefined ||
    history.some(({ mark }) => mark !== undefined);
  return { reply: text.trim(), foreign };
}

function requestForChat({ message }: Turn, boundary: string): string {
  const { text, pasted } = message;
  return pasted ? `${text}\n\n${markedBlock(pasted.text, boundary)}` : text;
}

function isMarked({ code, chat }: MemoryText): boolean {
  return chat !== code;
}

/** A memory with notes of untrusted origin is no part of the rules: it stands in a block. */
function memoryForChat(memory: MemoryText, boundary: string): PromptMessage[] {
  if (!isMarked(memory)) return [];
  const text = `What is known about me, some of it from what others wrote:\n` +
    markedBlock(memory.chat, boundary);
  return [{ role: "user", text }];
}
