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
      await requestForChat(turn, boundary, ports),
    ],
    maxTokens: ports.settings.maxTokens,
    temperature: ports.settings.temperature,
    ...(ports.streams ? { onText: (piece: string) => ports.tell({ kind: "text", piece }) } : {}),
  }, signal);
  const { pasted, enclosed } = turn.message;
  const foreign = isMarked(memory) || pasted !== undefined || enclosed !== undefined ||
    history.some(({ mark }) => mark !== undefined);
  return { reply: text.trim(), foreign };
}

/** Pictures of one request that a model is shown; more are too much for some providers. */
const MOST_PICTURES = 5;

/** The request with what came along: texts in blocks of their own, and pictures. */
async function requestForChat(
  { message }: Turn,
  boundary: string,
  { pictures }: Pick<AgentPorts, "pictures">,
): Promise<PromptMessage> {
  const { text, pasted, enclosed = [] } = message;
  const texts = [pasted?.text, ...enclosed.map((one) => one.text)];
  const blocks = texts.flatMap((one) => one === undefined ? [] : markedBlock(one, boundary));
  const shown = enclosed.filter(({ isPicture }) => isPicture).slice(0, MOST_PICTURES);
  const images = await Promise.all(shown.map(({ artefact }) => pictures.read(artefact)));
  return {
    role: "user",
    text: [text, ...blocks].join("\n\n"),
    ...(images.length > 0 ? { images } : {}),
  };
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
