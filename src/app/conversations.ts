import { converse } from "../agent/converse.ts";
import { endConversation } from "../agent/end_conversation.ts";
import { setAside } from "../agent/set_aside.ts";
import type { Failure } from "../domain/failure.ts";
import type { Origin } from "../domain/message.ts";
import type { Answer } from "../domain/turn.ts";
import { agentPorts } from "./_agent_ports.ts";
import { followUp } from "./_follow_up.ts";
import type { House } from "./_house.ts";
import { compactPorts } from "./_knowledge.ts";
import { takeScoped, unbegun } from "./_scoped_turn.ts";
import { withoutSecrets } from "./_typed_keys.ts";
import { openTurnScope, type TurnScope } from "./_turn_scope.ts";
import { openLateSummaries } from "./late_summaries.ts";
import { lookAfterRuns } from "./run_care.ts";
import { openLearning } from "./learning.ts";
import type { OpenTurn, ResumeRun } from "./surroundings.ts";
import { rightsOf } from "./turn_rights.ts";

/** What the house does with conversations; see `App`. */
export interface Conversations {
  readonly openTurn: OpenTurn;
  readonly resumeRun: ResumeRun;
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
      const { conversation } = heard;
      let isWaiting = true;
      const begin = async () => {
        isWaiting = false;
        await stores.vault.refresh(); // else what is in it would not be known in what was said
        const { message: said, notes } = withoutSecrets(heard, stores.redactor);
        const message = await setAside(said, stores);
        const scope = openTurnScope(message, surroundings, house, signal, "turn");
        return await takeScoped(scope, notes, () => answer(scope, notes));
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
    async resumeRun(id, surroundings, signal) {
      const { resume } = await import("./_resumption.ts");
      return await resume(id, surroundings, signal, house, learning);
    },
    endConversation: (conversation, origin, signal) =>
      stores.sessions.exclusively(
        conversation,
        () => end(conversation, origin, house, signal),
        signal,
      ),
    async finish() {
      await Promise.all([learning.finish(), late.finish()]);
      await lookAfterRuns(stores).catch(() => {}); // the next one tries again
    },
  };

  async function answer(scope: TurnScope, before: readonly string[]): Promise<Answer> {
    const ports = { ...stores, tell: scope.tell, agent: agentPorts(scope, house) };
    const { turn } = scope;
    const answer = await converse(turn, ports, scope.signal);
    const answered = await followUp(turn, answer, before, scope, { stores, learning });
    late.take(turn, answer);
    return answered;
  }
}

const WAITED: Failure = {
  code: "cancelled",
  message: "You stopped it while it waited for another answer of the same conversation to end; " +
    "nothing was done.",
};

async function end(
  conversation: string,
  origin: Origin,
  { stores, models, setting }: House,
  signal: AbortSignal,
): Promise<string> {
  if (!models.configured || !rightsOf(conversation).memory) {
    const entries = await stores.sessions.read(conversation);
    await stores.sessions.rewrite(conversation, entries, stores.redactor.clean([]));
    return models.configured
      ? "A new conversation begins."
      : "A new conversation begins. Without a model there is no summary of the old one; it is in " +
        "the archive.";
  }
  const ports = compactPorts(stores, models.open({ turn: stores.random.id(), origin }));
  const { summaryMaxTokens } = setting.config.agents.compaction;
  const ended = await endConversation(conversation, summaryMaxTokens, ports, signal);
  return ended.kind === "ended_without_summary"
    ? `A new conversation begins. The old one is in the archive, without a summary: ${ended.failure.message}`
    : "A new conversation begins.";
}
