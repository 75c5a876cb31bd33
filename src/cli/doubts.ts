import type { ConfigWarning } from "../config/parse.ts";
import type { Config } from "../config/schema.ts";
import { CodedError } from "../domain/failure.ts";
import { machineZone } from "../platform/deno.ts";
import { parseModelName } from "../providers/names.ts";
import { readTimeZone } from "../platform/time_zone.ts";
import { complainOfScope, complainOfUnknown, TOOLS } from "../tools/names.ts";

/**
 * A sentence for everything in the configuration that is most likely not what was meant, and does
 * not stop the program. Keys that change nothing in this version are left out.
 */
export function listDoubts(
  { warnings, config, environment }: {
    readonly warnings: readonly ConfigWarning[];
    readonly config: Config;
    /** Without it nothing is said about the zone of the machine. */
    readonly environment?: Readonly<Record<string, string>>;
  },
): string[] {
  const written = warnings.filter(({ kind }) => kind !== "unused").map(({ message }) => message);
  const zone = environment ? unknownZone(config, environment) : [];
  return [...written, ...unknownTools(config), ...unknownModels(config), ...zone];
}

function unknownZone({ agents }: Config, { TZ }: Readonly<Record<string, string>>): string[] {
  if (agents.defaults.timezone !== undefined) return [];
  const { doubt } = readTimeZone(TZ, machineZone());
  return doubt === undefined ? [] : [doubt];
}

function unknownTools({ agents: { approvals, defaults }, tools }: Config): string[] {
  const servers = Object.keys(tools.mcpServers);
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
      complainOfUnknown(names, TOOLS, servers).map((sentence) => `${key}: ${sentence}`)
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
