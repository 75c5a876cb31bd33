import type { AgentPorts, TurnModels } from "../agent/ports.ts";
import { declareTools, summarizeTools } from "../tools/declarations.ts";
import { listMissing } from "../tools/names.ts";
import type { House } from "./_house.ts";
import { readKnowledge } from "./_knowledge.ts";
import type { TurnScope } from "./_turn_scope.ts";
import type { MeteredModels } from "./models.ts";
import { toolsFor } from "./turn_rights.ts";

/** What a turn of a conversation asks of the house. */
export function agentPorts(scope: TurnScope, house: House): AgentPorts {
  const { stores, setting, models, matcher } = house;
  const { rights } = scope;
  const tools = toolsFor(rights, house.tools);
  const { defaults, selector } = setting.config.agents;
  return {
    ...stores,
    ...scope.runtime,
    matcher,
    meanwhile: scope.meanwhile,
    chatsOnly: !rights.tools,
    models: models.configured ? opened(scope.models) : undefined,
    knowledge: (request) => readKnowledge(request, scope, house),
    situation: () => ({
      now: stores.clock.now(),
      zone: stores.clock.zone(),
      person: rights.memory ? defaults.userName || setting.environment.USER || "" : "",
    }),
    get declarations() {
      return declareTools(tools); // for models alone
    },
    get toolLines() {
      return summarizeTools(tools);
    },
    missing: listMissing(tools.map(({ name }) => name)),
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
