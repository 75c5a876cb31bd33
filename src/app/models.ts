import { CodedError } from "../domain/failure.ts";
import { createFetch } from "../platform/provider_fetch.ts";
import { openFiles } from "../platform/files.ts";
import { openModel } from "../providers/open_model.ts";
import type { CallMeter, LanguageModel } from "../providers/provider.ts";
import type { Setting, Stores } from "./stores.ts";

/** The models of the configuration, counted turn by turn. */
export interface Models {
  /** Whether one is set up. */
  readonly configured: boolean;
  /** The same models for the same turn, whoever asks for them. */
  forTurn(turnId: string): MeteredModels;
}

/** The models of one turn. */
export interface MeteredModels {
  /** @throws {CodedError} `no_model` */
  main(): LanguageModel;
  /** The cheaper one that chooses; the main one where none is set up. */
  selector(): LanguageModel;
  /** Requests sent so far. */
  calls(): number;
}

/** Opens the configured models. Nothing of a provider is loaded before the first question. */
export function openModels(stores: Stores, { layout, config }: Setting): Models {
  const { defaults, selector, fallbackModel, models } = config.agents;
  const settings = { providers: config.providers, models, fallbackModel };
  const ports = { ...stores, fetch: createFetch(), secrets: openFiles(layout.secrets) };
  const turns = new Map<string, MeteredModels>();
  const open = (name: string, meter: CallMeter) => {
    if (name === "") throw noModelConfigured();
    return metered(openModel(name, settings, ports), meter);
  };
  return {
    configured: defaults.model !== "",
    forTurn(turnId) {
      const known = turns.get(turnId);
      if (known) return known;
      let calls = 0;
      const meter: CallMeter = () => {
        calls++;
        return Promise.resolve(() => Promise.resolve());
      };
      const opened: MeteredModels = {
        main: () => open(defaults.model, meter),
        selector: () => open(selector.model || defaults.model, meter),
        calls: () => calls,
      };
      turns.set(turnId, opened);
      return opened;
    },
  };
}

/** The same model, with every request counted. */
function metered(model: LanguageModel, meter: CallMeter): LanguageModel {
  return { ...model, complete: (prompt, signal) => model.complete({ ...prompt, meter }, signal) };
}

function noModelConfigured(): CodedError {
  return new CodedError(
    "no_model",
    "No model is set up.",
    "Run clambot onboard, or set agents.defaults.model.",
  );
}
