import { createAside } from "../agent/aside.ts";
import { converse } from "../agent/converse.ts";
import { endConversation } from "../agent/end_conversation.ts";
import type { AgentPorts, TurnModels } from "../agent/ports.ts";
import { failureFrom } from "../agent/turn.ts";
import type { Failure } from "../domain/failure.ts";
import type { Origin } from "../domain/message.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { TurnEvent } from "../domain/turn_event.ts";
import { declareTools } from "../tools/declarations.ts";
import type { House } from "./_house.ts";
import { compactPorts, readKnowledge } from "./_knowledge.ts";
import { withoutSecrets } from "./_typed_keys.ts";
import { openTurnScope, type TurnScope } from "./_turn_scope.ts";
import { openLateSummaries } from "./late_summaries.ts";
import { openLearning } from "./learning.ts";
import type { MeteredModels } from "./models.ts";
import type { Stores } from "./stores.ts";
import type { OpenTurn } from "./surroundings.ts";

/** What the house does with conversations; see `App`. */
export interface Conversations {
  readonly openTurn: OpenTurn;
  endConversation(conversation: string, origin: Origin, signal: AbortSignal): Promise<string>;
  finish(): Promise<void>;
}

/** Builds the part of the house that talks. */
export function openConversations(house: House): Conversations {
  const { stores } = house;
  const learning = openLearning(house);
  const late = openLateSummaries(house);
  return {
    async openTurn(heard, surroundings, signal) {
      const { conversation, origin } = heard;
      let isWaiting = true;
      const begin = async () => {
        isWaiting = false;
        await stores.vault.refresh(); // else what is in it would not be known in what was said
        const { message, notes } = withoutSecrets(heard, stores.redactor);
        const scope = openTurnScope(message, surroundings, house, signal);
        scope.tell({ kind: "turn_started", turn: scope.turn.id, conversation, origin });
        for (const note of notes) scope.tell({ kind: "note", note });
        const answered = await answer(scope, notes)
          .catch((error) => unbegun(failureFrom(error), notes))
          .finally(scope.end);
        scope.tell(endOf(answered));
        return answered;
      };
      const waiting = { kind: "phase", phase: "waiting for the conversation" } as const;
      surroundings.listen?.(stores.redactor.clean(waiting));
      try {
        return await stores.sessions.exclusively(conversation, begin, signal);
      } catch (error) {
        if (!isWaiting || !signal.aborted) throw error;
        return unbegun(WAITED);
      }
    },
    endConversation: (conversation, origin, signal) =>
      stores.sessions.exclusively(
        conversation,
        () => end(conversation, origin, house, signal),
        signal,
      ),
    finish: async () => void await Promise.all([learning.finish(), late.finish()]),
  };

  /** Whatever follows the answer, the person gets it. */
  async function answer(scope: TurnScope, before: readonly string[]): Promise<Answer> {
    const ports = { ...stores, tell: scope.tell, agent: agentPorts(scope, house) };
    const { turn, answer } = await converse(scope.turn, ports, scope.signal);
    const notes = [...before, ...answer.notes ?? []];
    const aside = createAside(notes, scope.tell);
    await aside("This answer is missing in clambot usage", () => recordTurn(turn, answer, stores));
    await aside("What you told about yourself was not noted", () => learning.take(turn, answer));
    late.take(turn, answer);
    return { ...answer, ...(notes.length > 0 ? { notes } : {}) };
  }
}

const WAITED: Failure = {
  code: "cancelled",
  message: "You stopped it while it waited for another answer of the same conversation to end; " +
    "nothing was done.",
};

function endOf({ status, modelCalls, durationMs, failure }: Answer): TurnEvent {
  const code = failure && { code: failure.code };
  return { kind: "turn_ended", status, modelCalls, durationMs, ...code };
}

/** The answer of a turn in which nothing was done yet. */
function unbegun(failure: Failure, notes: readonly string[] = []): Answer {
  const nothing = { calls: [], modelCalls: 0, durationMs: 0, foreign: false };
  const told = notes.length > 0 ? { notes } : {};
  return { status: "failed", reply: "", failure, ...nothing, ...told };
}

async function end(
  conversation: string,
  origin: Origin,
  { stores, models, setting }: House,
  signal: AbortSignal,
): Promise<string> {
  if (!models.configured) {
    const entries = await stores.sessions.read(conversation);
    await stores.sessions.rewrite(conversation, entries, stores.redactor.clean([]));
    return "A new conversation begins. Without a model there is no summary of the old one; " +
      "it is in the archive.";
  }
  const ports = compactPorts(stores, models.open({ turn: stores.random.id(), origin }));
  const { summaryMaxTokens } = setting.config.agents.compaction;
  const ended = await endConversation(conversation, summaryMaxTokens, ports, signal);
  return ended.kind === "ended_without_summary"
    ? `A new conversation begins. The old one is in the archive, without a summary: ${ended.failure.message}`
    : "A new conversation begins.";
}

/** Requests that a kept clam saves: choosing and writing. */
const SAVED_CALLS = 2;

/** Counts the turn for `clambot usage`. */
async function recordTurn(turn: Turn, answer: Answer, { ledger }: Stores): Promise<void> {
  const reused = answer.clam !== undefined && answer.modelCalls === 0;
  const { origin } = turn.message;
  await ledger.add((_recent, stamp) => ({
    ...stamp,
    kind: "turn",
    turn: turn.id,
    origin,
    reused,
    savedCalls: reused ? SAVED_CALLS : 0,
  }));
}

function agentPorts(scope: TurnScope, house: House): AgentPorts {
  const { stores, setting, tools, models, matcher } = house;
  const { defaults, selector } = setting.config.agents;
  return {
    ...stores,
    ...scope.runtime,
    matcher,
    models: models.configured ? opened(scope.models) : undefined,
    knowledge: (request) => readKnowledge(request, scope, house),
    situation: () => ({
      now: stores.clock.now(),
      zone: stores.clock.zone(),
      person: defaults.userName || setting.environment.USER || "",
    }),
    get declarations() {
      return declareTools(tools); // for models alone
    },
    toolNames: tools.map(({ name }) => name),
    settings: {
      maxFixes: defaults.maxSelfFixAttempts,
      maxTokens: defaults.maxTokens,
      temperature: defaults.temperature,
      selector,
    },
    streams: scope.streams,
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
