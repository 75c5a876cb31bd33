import { compact, type CompactPorts } from "../agent/compact.ts";
import { converse } from "../agent/converse.ts";
import { endConversation } from "../agent/end_conversation.ts";
import { lessonOf } from "../agent/learn.ts";
import { openLessonQueue } from "../agent/lesson_queue.ts";
import type { AgentPorts, Said } from "../agent/ports.ts";
import type { RuntimePorts } from "../agent/runtime.ts";
import { createMatcher } from "../clams/match.ts";
import type { Config } from "../config/schema.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import { openFiles } from "../platform/files.ts";
import type { Log } from "../platform/platform.ts";
import { declareTools } from "../tools/declarations.ts";
import type { Tool } from "../tools/tool.ts";
import type { Models } from "./models.ts";
import { satisfies } from "./result_schema.ts";
import type { AppOptions, Setting, Stores } from "./stores.ts";

/** Everything that conversations are made with. */
export interface House {
  readonly stores: Stores;
  readonly setting: Setting;
  readonly options: AppOptions;
  readonly tools: readonly Tool[];
  readonly runtime: RuntimePorts;
  readonly models: Models;
}

/** What the house does with conversations; see `App`. */
export interface Conversations {
  answer(conversation: string, text: string, signal: AbortSignal): Promise<Answer>;
  endConversation(conversation: string, signal: AbortSignal): Promise<string>;
  finish(): Promise<void>;
}

/** Milliseconds that learning may take after the last answer. */
const LEARN_MS = 8_000;

/** Turn that models are counted for when nobody's request is being answered. */
const BACKGROUND = "background";

/** Builds the part of the house that talks. */
export function openConversations(house: House): Conversations {
  const { stores, models, setting } = house;
  const lessons = openLessonQueue({ ...stores, files: stores.state, log: SILENT });
  const matcher = createMatcher(stores);
  return {
    async answer(conversation, text, signal) {
      if (models.configured) await shorten(conversation, house, signal);
      const message = { origin: "cli" as const, conversation, text, at: stores.clock.now() };
      const { turn, answer } = await converse(message, {
        ...stores,
        portsFor: (turn, history) => portsFor(turn, history, matcher, house),
      }, signal);
      const lesson = lessonOf(turn, answer);
      if (lesson && models.configured) await lessons.add(lesson);
      return answer;
    },
    async endConversation(conversation, signal) {
      if (!models.configured) {
        const entries = await stores.sessions.read(conversation);
        await stores.sessions.rewrite(conversation, entries, []);
        return "A new conversation begins. Without a model there is no summary of the old one; " +
          "it is in the archive.";
      }
      const ports = compactPorts(house);
      const { summaryMaxTokens } = setting.config.agents.compaction;
      const ended = await endConversation(conversation, summaryMaxTokens, ports, signal);
      return ended.kind === "ended_without_summary"
        ? `A new conversation begins. The old one is in the archive, without a summary: ${ended.failure.message}`
        : "A new conversation begins.";
    },
    async finish() {
      if (!models.configured) return;
      const model = models.forTurn(BACKGROUND).selector();
      await lessons.drain({ model, memory: stores.memory }, AbortSignal.timeout(LEARN_MS));
    },
  };
}

const SILENT: Log = { debug() {}, warn() {} };

function compactPorts({ stores, models }: House): CompactPorts {
  return { ...stores, model: models.forTurn(BACKGROUND).selector() };
}

/** Shortens a conversation that has grown too long; when that fails, it goes on as it is. */
async function shorten(conversation: string, house: House, signal: AbortSignal): Promise<void> {
  const { compaction } = house.setting.config.agents;
  if (!compaction.enabled) return;
  const { main, selector } = house.models.forTurn(BACKGROUND);
  const contextTokens = Math.min(main().contextTokens, selector().contextTokens);
  const systemTokens = SYSTEM_TOKENS + memoryBudget(house.setting.config, contextTokens);
  await compact(
    conversation,
    { ...compaction, contextTokens, systemTokens },
    compactPorts(house),
    signal,
  );
}

/** Rules and tool declarations of a prompt, roughly. */
const SYSTEM_TOKENS = 4_000;

function portsFor(
  turn: Turn,
  history: readonly Said[],
  matcher: AgentPorts["matcher"],
  house: House,
): AgentPorts {
  const { stores, setting, options, tools, runtime, models } = house;
  const { defaults, selector } = setting.config.agents;
  const metered = models.forTurn(turn.id);
  return {
    ...stores,
    ...runtime,
    matcher,
    models: models.configured ? { main: metered.main(), selector: metered.selector() } : undefined,
    modelCalls: metered.calls,
    knowledge: async (request) => ({
      docs: await readDocs(setting),
      memory: await readMemory(request, house),
      history,
    }),
    situation: () => ({
      now: stores.clock.now(),
      zone: stores.clock.zone(),
      person: defaults.userName || setting.environment.USER || "",
    }),
    declarations: declareTools(tools),
    toolNames: tools.map(({ name }) => name),
    satisfies,
    settings: {
      maxFixes: defaults.maxSelfFixAttempts,
      maxTokens: defaults.maxTokens,
      temperature: defaults.temperature,
      selector,
    },
    ...(options.onText ? { onText: options.onText } : {}),
  };
}

async function readMemory(request: string, { stores, setting, models }: House): Promise<string> {
  const { contextTokens } = models.forTurn(BACKGROUND).selector();
  const budget = memoryBudget(setting.config, contextTokens);
  return budget === 0 ? "" : await stores.memory.promptText(budget, request, "code");
}

/** `agents.memoryPromptBudget`: tokens of memory in a prompt. */
function memoryBudget(config: Config, contextTokens: number): number {
  const { maxTokens, minTokens, reserveTokens, maxContextRatio } = config.agents.memoryPromptBudget;
  const room = Math.min(maxTokens, Math.floor(maxContextRatio * contextTokens)) - reserveTokens;
  return room < minTokens ? 0 : Math.max(0, room);
}

/** `workspace/docs/*.md`, in the order of their names; other files are not for prompts. */
async function readDocs({ layout }: Setting): Promise<{ name: string; text: string }[]> {
  const files = openFiles(layout.docs);
  const names = (await files.list()).map(({ name }) => name).filter((name) => name.endsWith(".md"));
  const texts = await Promise.all(names.map((name) => files.readText(name)));
  return names.map((name, index) => ({ name, text: texts[index] ?? "" }));
}
