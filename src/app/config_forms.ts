import { parseGrant } from "../approvals/grants.ts";
import type { Misform } from "../config/parse.ts";
import type { Config } from "../config/schema.ts";
import { CodedError } from "../domain/failure.ts";
import { parseAllowedHost } from "../net/allowed_hosts.ts";
import { parseNameServer } from "../net/name_server.ts";

// Loaded at every start, so it imports nothing heavy.

/** Values that are only a text to the schema, and the reader that makes something of each. */
const READERS: readonly {
  readonly key: string;
  readonly values: (config: Config) => readonly unknown[];
  readonly read: (value: never) => unknown;
}[] = [
  {
    key: "agents.approvals.alwaysGrants",
    values: ({ agents }) =>
      agents.approvals.alwaysGrants.map(({ tool, scope }) => `${tool}:${scope}`),
    read: readGrant,
  },
  {
    key: "network.allowHosts",
    values: ({ network }) => network.allowHosts,
    read: parseAllowedHost,
  },
  {
    key: "network.nameServers",
    values: ({ network }) => network.nameServers,
    read: parseNameServer,
  },
];

/**
 * The first value of the configuration that its own room could not read, so that it is told when it
 * is written and at every start, not when it is first needed.
 */
export function findMisform(config: Config): Misform | undefined {
  for (const [name, provider] of Object.entries(config.providers)) {
    const address = "apiBase" in provider ? provider.apiBase ?? "" : "";
    if (address === "" || /^https?:\/\/[^/]/i.test(address) && URL.canParse(address)) continue;
    const message = "It is no address such as https://models.example.com/v1.";
    return { key: `providers.${name}.apiBase`, message };
  }
  for (const { key, values, read } of READERS) {
    for (const value of values(config)) {
      const message = complaintOf(read, value);
      if (message !== undefined) return { key, message };
    }
  }
  return undefined;
}

function complaintOf(read: (value: never) => unknown, value: unknown): string | undefined {
  try {
    read(value as never);
    return undefined;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const { message, hint } = error.failure;
    return hint === undefined ? message : `${message} ${hint}`;
  }
}

function readGrant(text: string): void {
  const grant = parseGrant(text, { root: "/", userHome: undefined });
  if (typeof grant === "string") throw new CodedError("config_invalid", grant);
}
