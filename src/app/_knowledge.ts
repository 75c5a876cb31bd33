import { compact, type CompactPorts } from "../agent/compact.ts";
import { saidBefore } from "../agent/converse.ts";
import type { Knowledge, MemoryText, Said } from "../agent/ports.ts";
import type { House } from "./_house.ts";
import type { TurnScope } from "./_turn_scope.ts";
import { memoryBudget } from "./memory_budget.ts";
import type { MeteredModels } from "./models.ts";
import type { Setting, Stores } from "./stores.ts";

// What a turn knows beside the request: documents, memory, what was said before.

/** Rules and tool declarations of a prompt, roughly. */
const SYSTEM_TOKENS = 4_000;

/** Entries of a conversation that is not summed up: what others said must not become history. */
const LAST_ENTRIES = 20;
/** Characters of one of them. */
const LONGEST_ENTRY = 4_000;

/** Read only when a model is asked; a conversation that is too long for it is shortened first. */
export async function readKnowledge(
  request: string,
  scope: TurnScope,
  house: House,
): Promise<Knowledge> {
  const { turn, rights } = scope;
  const { conversation } = turn.message;
  if (!rights.memory) {
    const entries = await house.stores.sessions.read(conversation);
    const history = saidBefore(entries, turn).slice(-LAST_ENTRIES).map(cutShort);
    return { docs: [], memory: { code: "", chat: "" }, history };
  }
  await shorten(scope, house);
  const entries = await house.stores.sessions.read(conversation);
  return {
    docs: await readDocs(house.setting),
    memory: await readMemory(request, scope, house),
    history: saidBefore(entries, turn),
  };
}

function cutShort(said: Said): Said {
  return { ...said, text: said.text.slice(0, LONGEST_ENTRY).toWellFormed() };
}

/** What conversations are summed up with. */
export function compactPorts(stores: Stores, models: MeteredModels): CompactPorts {
  return { ...stores, model: models.selector() };
}

/** Shortens a conversation that has grown too long; when that fails, it goes on as it is. */
async function shorten(scope: TurnScope, { stores, setting }: House): Promise<void> {
  const { compaction } = setting.config.agents;
  if (!compaction.enabled) return;
  const { main, selector } = scope.models;
  const contextTokens = Math.min(main().contextTokens, selector().contextTokens);
  const systemTokens = SYSTEM_TOKENS + memoryBudget(setting.config, contextTokens);
  await compact(
    scope.turn.message.conversation,
    { ...compaction, contextTokens, systemTokens },
    compactPorts(stores, scope.models),
    scope.signal,
  );
}

async function readMemory(
  request: string,
  { models }: TurnScope,
  { stores, setting }: House,
): Promise<MemoryText> {
  const budget = memoryBudget(setting.config, models.selector().contextTokens);
  if (budget === 0) return { code: "", chat: "" };
  return {
    code: await stores.memory.promptText(budget, request, "code"),
    chat: await stores.memory.promptText(budget, request, "chat"),
  };
}

/** `workspace/docs/*.md`, in the order of their names; other files are not for prompts. */
async function readDocs(
  { layout, openFiles }: Setting,
): Promise<{ name: string; text: string }[]> {
  const files = openFiles(layout.docs);
  const names = (await files.list()).map(({ name }) => name).filter((name) => name.endsWith(".md"));
  const texts = await Promise.all(names.map((name) => files.readText(name)));
  return names.map((name, index) => ({ name, text: texts[index] ?? "" }));
}
