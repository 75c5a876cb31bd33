import { readInputs } from "../clams/inputs.ts";
import type { Candidate } from "../clams/match.ts";
import type { Clam } from "../domain/clam.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Turn } from "../domain/turn.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import { askFor } from "./ask.ts";
import { SELECTION, type Selection } from "./contracts.ts";
import { historyForCode } from "./history.ts";
import { isOfConversation } from "./keep.ts";
import { noModel } from "./no_model.ts";
import { namesItsRequest } from "./own_words.ts";
import type { AgentPorts, Knowledge, TurnModels } from "./ports.ts";
import { formatSystem } from "./prompt_parts.ts";
import { SELECTION_RULES } from "./prompts/selection.ts";

/** Kept clams that a prompt names at most. */
const CANDIDATES = 12;

/** How a request will be answered. */
export type Selected =
  | {
    readonly kind: "reuse";
    readonly clam: Clam;
    readonly inputs: JsonObject;
    /** A model chose it by its description: whether it fits shows only in what it answers. */
    readonly chosen?: true;
  }
  | { readonly kind: "chat"; readonly reply: string | undefined; readonly knowledge: Knowledge }
  | {
    readonly kind: "generate";
    readonly knowledge: Knowledge;
    readonly candidates: readonly Candidate[];
  };

/**
 * Chooses: a clam that fits as it stands, without a model; else one question to the selector.
 * @throws {CodedError} `no_model`, `clam_changed` (instead of it, where that is why), or what the
 * provider throws; nothing is generated then
 */
export async function select(
  turn: Turn,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Selected> {
  const request = turn.message.text;
  if (ports.chatsOnly) {
    if (!ports.models) {
      throw new CodedError("no_model", "I can only talk here, and no model is set up for that.");
    }
    return { kind: "chat", reply: undefined, knowledge: await ports.knowledge(request) };
  }
  const { pasted, enclosed } = turn.message;
  const match = pasted || enclosed ? undefined : await ports.matcher.find(request);
  const fitting = match && await findReusable(match.clam, ports);
  if (fitting) return { kind: "reuse", clam: fitting, inputs: match.inputs };
  if (!ports.models) throw await ports.matcher.changed(request) ?? noModel();
  ports.tell({ kind: "phase", phase: "choosing" });
  const knowledge = await ports.knowledge(request);
  // Nothing is bound to a conversation in which nothing has been said yet, as after /new.
  const here = knowledge.history.length > 0 ? turn.message.conversation : undefined;
  const candidates = (await ports.matcher.candidates(request, CANDIDATES, here)).filter(mayServe);
  const selection = await askSelector(turn, knowledge, candidates, ports, ports.models, signal);
  return await follow(selection, { knowledge, candidates, here, ports });
}

async function askSelector(
  turn: Turn,
  knowledge: Knowledge,
  candidates: readonly Candidate[],
  ports: AgentPorts,
  models: TurnModels,
  signal: AbortSignal,
): Promise<Selection | undefined> {
  const system = formatSystem({
    rules: SELECTION_RULES,
    tools: ports.toolLines,
    docs: knowledge.docs,
    memory: knowledge.memory.code,
    candidates,
    missing: ports.missing,
    situation: ports.situation(),
  });
  const { retries, maxTokens, temperature } = ports.settings.selector;
  const asked = await askFor(
    SELECTION,
    {
      messages: [
        { role: "system", text: system },
        ...historyForCode(knowledge.history),
        { role: "user", text: turn.message.text },
      ],
      maxTokens,
      temperature,
      repairs: retries,
    },
    models.selector,
    signal,
  );
  return asked.kind === "read" ? asked.value : undefined;
}

/** Whether a clam may answer other requests than its own. */
function mayServe(clam: Clam): boolean {
  return clam.manifest.origin === "starter" || !namesItsRequest(clam);
}

/** What a selection comes to; one that cannot be followed becomes a new clam. */
async function follow(
  selection: Selection | undefined,
  { knowledge, candidates, here, ports }: {
    readonly knowledge: Knowledge;
    readonly candidates: readonly Candidate[];
    readonly here: string | undefined;
    readonly ports: AgentPorts;
  },
): Promise<Selected> {
  const generate: Selected = { kind: "generate", knowledge, candidates };
  const cannot = selection?.cannot ?? null;
  switch (selection?.decision) {
    case "chat": {
      const reply = selection.chat_response?.trim() || (cannot && cannotDo(cannot).message);
      return { kind: "chat", reply: reply || undefined, knowledge };
    }
    case "select_existing": {
      const clam = await findClam(selection.clam_id, here, ports);
      const read = clam && await readInputs(clam.manifest, selection.inputs);
      return clam && read?.ok && mayServe(clam)
        ? { kind: "reuse", clam, inputs: read.inputs, chosen: true }
        : generate;
    }
    default:
      return generate;
  }
}

/** What a model says cannot be done here: it has read nothing of others. */
export function cannotDo(cannot: string): Failure {
  const what = cannot.replace(/\s+/g, " ").replace(/[.\s]+$/, "").slice(0, 200).toWellFormed();
  return {
    code: "not_possible",
    message: `Nothing here can do this: ${what}.`,
    hint: "See clambot status for the tools that are switched on.",
  };
}

/**
 * The clam that the selector means; an id that is none, a broken clam, or one that is bound to
 * another conversation, is not followed.
 */
async function findClam(
  id: string | null,
  here: string | undefined,
  ports: AgentPorts,
): Promise<Clam | undefined> {
  if (id === null) return undefined;
  try {
    const clam = await findReusable(id, ports);
    const conversation = clam?.manifest.conversation;
    return conversation === undefined || conversation === here ? clam : undefined;
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

/** A clam by its id, unless what it works on belongs to the conversation that it was made in. */
async function findReusable(id: string, ports: AgentPorts): Promise<Clam | undefined> {
  const clam = await ports.library.get(id);
  return await isOfConversation(clam, [], ports) ? undefined : clam;
}
