import { compact, type CompactPorts } from "../agent/compact.ts";
import { converse, saidBefore } from "../agent/converse.ts";
import { endConversation } from "../agent/end_conversation.ts";
import type { AgentPorts, Knowledge, MemoryText, TurnModels } from "../agent/ports.ts";
import type { ScriptPorts } from "../agent/script.ts";
import type { TimeLimit } from "../agent/time_limit.ts";
import { createMatcher } from "../clams/match.ts";
import { CodedError } from "../domain/failure.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import { openFiles } from "../platform/files.ts";
import { follow } from "../platform/follow.ts";
import { declareTools } from "../tools/declarations.ts";
import type { Tool } from "../tools/tool.ts";
import { openLearning } from "./learning.ts";
import { memoryBudget } from "./memory_budget.ts";
import type { MeteredModels, Models } from "./models.ts";
import type { AppOptions, Setting, Stores } from "./stores.ts";

/** Everything that conversations are made with. */
export interface House {
  readonly stores: Stores;
  readonly setting: Setting;
  readonly options: AppOptions;
  readonly tools: readonly Tool[];
  readonly runtime: ScriptPorts;
  readonly models: Models;
  readonly timeLimit: TimeLimit;
}

/** What the house does with conversations; see `App`. */
export interface Conversations {
  answer(conversation: string, text: string, signal: AbortSignal): Promise<Answer>;
  endConversation(conversation: string, signal: AbortSignal): Promise<string>;
  finish(): Promise<void>;
}

/** Builds the part of the house that talks. */
export function openConversations(house: House): Conversations {
  const { stores, models, setting } = house;
  const learning = openLearning(house);
  const matcher = createMatcher(stores);
  return {
    answer: (conversation, text, signal) =>
      stores.sessions.exclusively(conversation, () => answer(conversation, text, signal)),
    endConversation: (conversation, signal) =>
      stores.sessions.exclusively(conversation, () => end(conversation, signal)),
    finish: () => learning.finish(),
  };

  async function answer(conversation: string, text: string, signal: AbortSignal) {
    const message = { origin: "cli" as const, conversation, text, at: stores.clock.now() };
    const limit = house.timeLimit.start(conversation);
    const ending = new AbortController();
    const unfollow = [follow(ending, signal), follow(ending, limit.signal)];
    const ports = {
      ...stores,
      portsFor: (turn: Turn) => portsFor(turn, matcher, house, ending.signal),
    };
    const { turn, answer } = await converse(message, ports, ending.signal).finally(() => {
      limit.stop();
      unfollow.forEach((stop) => stop());
    });
    await recordTurn(turn, answer, stores);
    await learning.take(turn, answer);
    return answer;
  }

  async function end(conversation: string, signal: AbortSignal): Promise<string> {
    if (!models.configured) {
      const entries = await stores.sessions.read(conversation);
      await stores.sessions.rewrite(conversation, entries, []);
      return "A new conversation begins. Without a model there is no summary of the old one; " +
        "it is in the archive.";
    }
    const ports = compactPorts(house, stores.random.id());
    const { summaryMaxTokens } = setting.config.agents.compaction;
    const ended = await endConversation(conversation, summaryMaxTokens, ports, signal);
    return ended.kind === "ended_without_summary"
      ? `A new conversation begins. The old one is in the archive, without a summary: ${ended.failure.message}`
      : "A new conversation begins.";
  }
}

/** Requests that a kept clam saves: choosing and writing. */
const SAVED_CALLS = 2;

/** Counts the turn for `clambot usage`; an answer is not lost because it could not be counted. */
async function recordTurn(turn: Turn, answer: Answer, { ledger }: Stores): Promise<void> {
  const reused = answer.clam !== undefined && answer.modelCalls === 0;
  const { origin } = turn.message;
  try {
    await ledger.add((_recent, stamp) => ({
      ...stamp,
      kind: "turn",
      turn: turn.id,
      origin,
      reused,
      savedCalls: reused ? SAVED_CALLS : 0,
    }));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  }
}

function compactPorts({ stores, models }: House, turn: string): CompactPorts {
  return { ...stores, model: models.forTurn(turn).selector() };
}

/** Shortens a conversation that has grown too long; when that fails, it goes on as it is. */
async function shorten(turn: Turn, house: House, signal: AbortSignal): Promise<void> {
  const { compaction } = house.setting.config.agents;
  if (!compaction.enabled) return;
  const { main, selector } = house.models.forTurn(turn.id);
  const contextTokens = Math.min(main().contextTokens, selector().contextTokens);
  const systemTokens = SYSTEM_TOKENS + memoryBudget(house.setting.config, contextTokens);
  await compact(
    turn.message.conversation,
    { ...compaction, contextTokens, systemTokens },
    compactPorts(house, turn.id),
    signal,
  );
}

/** Rules and tool declarations of a prompt, roughly. */
const SYSTEM_TOKENS = 4_000;

function portsFor(
  turn: Turn,
  matcher: AgentPorts["matcher"],
  house: House,
  signal: AbortSignal,
): AgentPorts {
  const { stores, setting, options, tools, runtime, models } = house;
  const { defaults, selector } = setting.config.agents;
  const metered = models.forTurn(turn.id);
  return {
    ...stores,
    ...runtime,
    matcher,
    models: models.configured ? opened(metered) : undefined,
    knowledge: (request) => readKnowledge(request, turn, house, signal),
    situation: () => ({
      now: stores.clock.now(),
      zone: stores.clock.zone(),
      person: defaults.userName || setting.environment.USER || "",
    }),
    declarations: declareTools(tools),
    toolNames: tools.map(({ name }) => name),
    settings: {
      maxFixes: defaults.maxSelfFixAttempts,
      maxTokens: defaults.maxTokens,
      temperature: defaults.temperature,
      selector,
    },
    ...(options.onText ? { onText: options.onText } : {}),
  };
}

/** Opened when asked, so that a kept clam answers also where the model's name leads nowhere. */
function opened(metered: MeteredModels): TurnModels {
  return {
    get main() {
      return metered.main();
    },
    get selector() {
      return metered.selector();
    },
  };
}

/** Read only when a model is asked; a conversation that is too long for it is shortened first. */
async function readKnowledge(
  request: string,
  turn: Turn,
  house: House,
  signal: AbortSignal,
): Promise<Knowledge> {
  await shorten(turn, house, signal);
  const entries = await house.stores.sessions.read(turn.message.conversation);
  return {
    docs: await readDocs(house.setting),
    memory: await readMemory(request, turn, house),
    history: saidBefore(entries, turn),
  };
}

async function readMemory(
  request: string,
  turn: Turn,
  { stores, setting, models }: House,
): Promise<MemoryText> {
  const { contextTokens } = models.forTurn(turn.id).selector();
  const budget = memoryBudget(setting.config, contextTokens);
  if (budget === 0) return { code: "", chat: "" };
  return {
    code: await stores.memory.promptText(budget, request, "code"),
    chat: await stores.memory.promptText(budget, request, "chat"),
  };
}

/** `workspace/docs/*.md`, in the order of their names; other files are not for prompts. */
async function readDocs({ layout }: Setting): Promise<{ name: string; text: string }[]> {
  const files = openFiles(layout.docs);
  const names = (await files.list()).map(({ name }) => name).filter((name) => name.endsWith(".md"));
  const texts = await Promise.all(names.map((name) => files.readText(name)));
  return names.map((name, index) => ({ name, text: texts[index] ?? "" }));
}
