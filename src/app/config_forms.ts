import { parseGrant } from "../approvals/grants.ts";
import type { Misform } from "../config/parse.ts";
import type { Config } from "../config/schema.ts";
import { CodedError } from "../domain/failure.ts";
import { ORIGINS } from "../domain/message.ts";
import { readServerEntry } from "../mcp/entry.ts";
import { parseAllowedHost } from "../net/allowed_hosts.ts";
import { parseNameServer } from "../net/name_server.ts";
import { complainOfName } from "../secrets/secret.ts";
import { parseVariable } from "../secrets/variables.ts";
import { escapeLine } from "../text/escape.ts";

// Loaded at every start, so it imports nothing heavy.

/** Values that are only a text to the schema, each with its key, and what reads them. */
const READERS: readonly {
  readonly values: (config: Config) => readonly (readonly [key: string, value: unknown])[];
  readonly read: (value: never) => unknown;
  /** The values are items of one list, and one that cannot be read is dropped alone. */
  readonly dropped?: true;
}[] = [
  {
    values: ({ agents }) =>
      agents.approvals.alwaysGrants.map(({ tool, scope }) =>
        ["agents.approvals.alwaysGrants", `${tool}:${scope}`] as const
      ),
    read: readGrant,
    dropped: true,
  },
  {
    values: ({ network }) => network.allowHosts.map((one) => ["network.allowHosts", one] as const),
    read: parseAllowedHost,
    dropped: true,
  },
  {
    values: ({ secrets }) =>
      secrets.environment.map((one) => ["secrets.environment", one] as const),
    read: parseVariable,
    dropped: true,
  },
  {
    values: ({ agents }) =>
      Object.entries(agents.clamEnv).map(([clam, names]) =>
        [`agents.clamEnv.${clam}`, names] as const
      ),
    read: readClamNames,
  },
  {
    values: ({ agents }) =>
      Object.keys(agents.budgets.perOrigin).map((name) =>
        [`agents.budgets.perOrigin.${name}`, name] as const
      ),
    read: readOrigin,
  },
  {
    values: ({ tools }) =>
      Object.entries(tools.mcpServers).map((server) =>
        [`tools.mcpServers.${server[0]}`, server] as const
      ),
    read: ([name, value]: readonly [string, unknown]) => readServerEntry(name, value),
  },
  {
    values: ({ network }) =>
      network.nameServers.map((one) => ["network.nameServers", one] as const),
    read: parseNameServer,
  },
  {
    values: ({ providers }) =>
      Object.entries(providers).map(([name, provider]) =>
        [`providers.${name}.apiBase`, "apiBase" in provider ? provider.apiBase : undefined] as const
      ),
    read: readAddress,
  },
  {
    values: ({ tools }) => [
      ["tools.transcribe.whisperApiUrl", tools.transcribe.whisperApiUrl] as const,
    ],
    read: readAddress,
  },
];

/**
 * The values of the configuration that their own rooms could not read, so that they are told when
 * they are written and at every start, not when they are first needed.
 */
export function findMisforms(config: Config): Misform[] {
  return READERS.flatMap(({ values, read, dropped }) =>
    values(config).flatMap(([key, value], item) => {
      const message = complaintOf(read, value);
      if (message === undefined) return [];
      return [dropped ? { key, message, item } : { key, message }];
    })
  );
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

function readClamNames(names: Readonly<Record<string, unknown>>): void {
  for (const secret of Object.values(names)) {
    const problem = typeof secret === "string"
      ? complainOfName(secret)
      : 'Write {"API_TOKEN": "MY_SECRET"}.';
    if (problem !== undefined) throw new CodedError("config_invalid", problem);
  }
}

/** A limit for a name that nothing comes from would count as none. */
function readOrigin(name: string): void {
  if (ORIGINS.some((origin) => origin === name)) return;
  const message = `Nothing comes from "${escapeLine(name)}". Origins are ${ORIGINS.join(", ")}.`;
  throw new CodedError("config_invalid", message);
}

function readAddress(text: string | undefined): void {
  if (!text || (/^https?:\/\/[^/]/i.test(text) && URL.canParse(text))) return;
  const message = "It is no address such as https://models.example.com/v1.";
  throw new CodedError("config_invalid", message);
}
