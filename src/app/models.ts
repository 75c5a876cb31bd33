import { meteredModel } from "../agent/metered_model.ts";
import { CodedError } from "../domain/failure.ts";
import type { Origin } from "../domain/message.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { TurnUsage } from "../domain/turn.ts";
import { createClock, createRandom } from "../platform/deno.ts";
import { createFetch } from "../platform/provider_fetch.ts";
import type { ProviderPorts } from "../providers/ports.ts";
import { openModel } from "../providers/open_model.ts";
import type { LanguageModel, PromptMessage, ProvidedModel, Usage } from "../providers/provider.ts";
import { revealReference } from "../secrets/reference.ts";
import { createBudget } from "../usage/budget.ts";
import type { Setting, Stores } from "./stores.ts";
import { openVaultOf } from "./vault.ts";

/** The models of the configuration, counted turn by turn. */
export interface Models {
  /** Whether one is set up. */
  readonly configured: boolean;
  /** The models of one turn, with an account of their own. */
  open(payer: Payer): MeteredModels;
}

/** On whose account models are asked. */
export interface Payer {
  readonly turn: string;
  readonly origin: Origin;
  /** The guest who is answered, if it is one. */
  readonly guest?: string | undefined;
  /** Requests that this turn may send at most, where the turn is one of several. */
  readonly mostCalls?: number | undefined;
}

/** The models of one turn. */
export interface MeteredModels {
  /** @throws {CodedError} `no_model` */
  main(): LanguageModel;
  /** The cheaper one that chooses; the main one where none is set up. */
  selector(): LanguageModel;
  /** Requests sent so far, and what was used by those that were answered. */
  spent(): { readonly calls: number; readonly usage: TurnUsage };
}

/** What providers need of the world. */
export function openProviderPorts(
  setting: Pick<Setting, "layout" | "openFiles" | "credential" | "vault">,
): ProviderPorts {
  const { layout, openFiles, vault = openVaultOf(setting) } = setting;
  return {
    reveal: (written) => revealReference(written, vault),
    fetch: createFetch(),
    clock: createClock(),
    random: createRandom(),
    secrets: openFiles(layout.secrets),
  };
}

/**
 * Opens the configured models. Every request is reserved in the budget before it is sent. Nothing
 * of a provider is loaded before the first question.
 */
export function openModels(stores: Stores, setting: Setting): Models {
  const { defaults, selector, fallbackModel, models } = setting.config.agents;
  const budgets = budgetsOf(setting.config);
  const settings = { providers: setting.config.providers, models, fallbackModel };
  const ports = { ...stores, ...openProviderPorts({ ...setting, ...stores }), clock: stores.clock };
  const budget = createBudget({ ...stores, limits: budgets });
  // What a model has been found not to understand is known for all turns.
  const known = new Map<string, ProvidedModel>();
  const open = (name: string, payer: Payer, spent: Spent) => {
    if (name === "") throw noModelConfigured();
    const model = known.get(name) ?? openModel(name, settings, ports);
    known.set(name, model);
    const onCall = () => void spent.calls++;
    const metered = meteredModel(model, { ...stores, ...payer, budget, onCall });
    return counted(told(metered, setting.onExchange, stores.redactor), spent);
  };
  return {
    configured: defaults.model !== "",
    open(payer) {
      const spent: Spent = { calls: 0, usage: NOTHING };
      return {
        main: () => open(defaults.model, payer, spent),
        selector: () => open(selector.model || defaults.model, payer, spent),
        spent: () => spent,
      };
    },
  };
}

/** The budgets of the configuration; what the heartbeat may use in a day stands with the heartbeat. */
function budgetsOf({ agents: { budgets }, heartbeat }: Setting["config"]) {
  const { perOrigin } = budgets;
  const ofHeartbeat = { calls: heartbeat.callsPerDay, ...perOrigin["heartbeat"] };
  return { ...budgets, perOrigin: { ...perOrigin, heartbeat: ofHeartbeat } };
}

interface Spent {
  calls: number;
  usage: TurnUsage;
}

const NOTHING: TurnUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  costUsd: 0,
};

/** The same model, its questions and answers told to whoever wants them. */
function told(
  model: LanguageModel,
  onExchange: Setting["onExchange"],
  redactor: Redactor,
): LanguageModel {
  if (!onExchange) return model;
  return {
    ...model,
    async complete(prompt, signal) {
      const { messages, schema } = prompt;
      const tell = (answer: string) =>
        onExchange(
          redactor.clean({
            purpose: schema?.name ?? "text",
            model: model.name,
            messages: messages.map(withoutPictures),
            answer,
          }),
        );
      try {
        const completion = await model.complete(prompt, signal);
        tell(completion.text);
        return completion;
      } catch (error) {
        tell(error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
}

/** Of a picture only its type and size is told. */
function withoutPictures({ role, text, images = [] }: PromptMessage) {
  const shown = images.map(({ type, bytes }) => `[a picture, ${type}, ${bytes.length} bytes]`);
  return { role, text: [text, ...shown].join("\n") };
}

/** The same model, what its answers used added up. */
function counted(model: LanguageModel, spent: Spent): LanguageModel {
  return {
    ...model,
    async complete(prompt, signal) {
      const completion = await model.complete(prompt, signal);
      spent.usage = add(spent.usage, completion.usage);
      return completion;
    },
  };
}

function add(before: TurnUsage, { costUsd, ...tokens }: Usage): TurnUsage {
  const isKnown = before.costUsd !== null && costUsd !== undefined;
  return {
    inputTokens: before.inputTokens + tokens.inputTokens,
    outputTokens: before.outputTokens + tokens.outputTokens,
    cachedInputTokens: before.cachedInputTokens + tokens.cachedInputTokens,
    costUsd: isKnown ? before.costUsd + costUsd : null,
  };
}

function noModelConfigured(): CodedError {
  return new CodedError(
    "no_model",
    "No model is set up.",
    "Run clambot onboard, or set agents.defaults.model.",
  );
}
