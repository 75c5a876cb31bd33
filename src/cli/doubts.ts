import type { ConfigWarning } from "../config/parse.ts";
import type { Config } from "../config/schema.ts";
import { CodedError } from "../domain/failure.ts";
import { parseModelName } from "../providers/names.ts";
import { complainOfScope, complainOfUnknown } from "../tools/names.ts";

/**
 * A sentence for everything in the configuration that is most likely not what was meant, and does
 * not stop the program. Keys that change nothing in this version are left out.
 */
export function listDoubts(
  { warnings, config }: {
    readonly warnings: readonly ConfigWarning[];
    readonly config: Config;
  },
): string[] {
  const written = warnings.filter(({ kind }) => kind !== "unused").map(({ message }) => message);
  return [...written, ...unknownTools(config), ...unknownModels(config)];
}

function unknownTools({ agents: { approvals, defaults } }: Config): string[] {
  const named: readonly (readonly [key: string, names: readonly string[]])[] = [
    ["agents.defaults.availableTools", defaults.availableTools ?? []],
    ["agents.defaults.disabledTools", defaults.disabledTools],
    ["agents.approvals.askAlso", approvals.askAlso],
    ["agents.approvals.alwaysGrants", approvals.alwaysGrants.map(({ tool }) => tool)],
  ];
  const useless = approvals.alwaysGrants.flatMap(({ tool, scope }) =>
    complainOfScope(tool, scope) ?? []
  );
  return [
    ...named.flatMap(([key, names]) =>
      complainOfUnknown(names).map((sentence) => `${key}: ${sentence}`)
    ),
    ...useless.map((sentence) => `agents.approvals.alwaysGrants: ${sentence}`),
  ];
}

function unknownModels({ agents, providers }: Config): string[] {
  const named: readonly (readonly [key: string, name: string])[] = [
    ["agents.defaults.model", agents.defaults.model],
    ["agents.fallbackModel", agents.fallbackModel],
    ["agents.selector.model", agents.selector.model],
  ];
  return named.filter(([, name]) => name.trim() !== "").flatMap(([key, name]) => {
    try {
      parseModelName(name, providers);
      return [];
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      const { message, hint = "" } = error.failure;
      return [`${key}: ${message} ${hint}`.trim()];
    }
  });
}
