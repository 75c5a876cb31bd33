import type { QuestionQueue } from "../approvals/question_queue.ts";
import type { TimeLimit } from "../agent/time_limit.ts";
import { CodedError } from "../domain/failure.ts";
import type { ToolCall } from "../domain/tool_call.ts";
import type { Tell, TurnEvent } from "../domain/turn_event.ts";
import { abortable } from "../platform/abortable.ts";
import type { Secret } from "../secrets/secret.ts";
import { formatSecretHost } from "../secrets/secret_host.ts";
import {
  NOBODY_ASKED,
  type SecretAsker,
  secretNotGiven,
  type SecretReply,
  type SecretWish,
} from "../secrets/secret_wish.ts";
import type { Stores } from "./stores.ts";

/** Secrets that one turn may ask for. */
const MOST_ASKED = 5;

/** Means of asking for secrets in a turn. */
export interface SecretQuestionPorts {
  readonly stores: Pick<Stores, "vault" | "audit" | "redactor">;
  readonly asker: SecretAsker;
  /** The questions of the turn's conversation: one is asked at a time. */
  readonly questions: QuestionQueue;
  readonly limit: Pick<TimeLimit, "without">;
  readonly tell: Tell;
}

/** Asks the person for a secret that a call needs, and keeps it. */
export type AskSecret = (wish: SecretWish, call: ToolCall, signal: AbortSignal) => Promise<Secret>;

/** The questions for secrets of one turn; its clock stands while one is open. */
export function openSecretQuestions(ports: SecretQuestionPorts): AskSecret {
  const { stores, asker, questions, limit } = ports;
  let asked = 0;
  return async (wish, call, signal) => {
    return await questions.take(async () => {
      signal.throwIfAborted();
      // it may have come while another question was open
      const known = await stores.vault.find(wish.name);
      if (known) return known;
      if (++asked > MOST_ASKED) throw secretNotGiven(wish, `${MOST_ASKED} were asked for already`);
      const reply = await limit.without(() => askTelling(wish, call, asker, ports, signal));
      if (reply.kind === "given") return await keep(wish, reply, stores);
      throw secretNotGiven(
        wish,
        reply.kind === "refused" ? "you gave none" : NOBODY_ASKED,
      );
    }, signal);
  };
}

async function askTelling(
  wish: SecretWish,
  { id: call, tool }: ToolCall,
  asker: SecretAsker,
  { tell }: SecretQuestionPorts,
  signal: AbortSignal,
): Promise<SecretReply> {
  tell({ kind: "question_asked", call, tool });
  let answer: Extract<TurnEvent, { kind: "question_answered" }>["answer"] = "left";
  try {
    const reply = await abortable(asker.ask(wish, signal), signal);
    answer = reply.kind === "refused" ? "reject" : reply.kind;
    return reply;
  } finally {
    tell({ kind: "question_answered", call, tool, answer });
  }
}

async function keep(
  { name, place, description, program }: SecretWish,
  { value, hosts }: Extract<SecretReply, { kind: "given" }>,
  { vault, audit, redactor }: Pick<Stores, "vault" | "audit" | "redactor">,
): Promise<Secret> {
  await vault.put({ name, value, hosts, places: [place], description });
  const written = hosts.map(formatSecretHost);
  const stored = { name, hosts: written, by: "person", program: program ?? null };
  await audit.record("secret_stored", redactor.clean(stored));
  const kept = await vault.find(name);
  if (kept) return kept;
  throw new CodedError("secret_not_found", `The secret "${name}" was taken away again.`);
}
