import type { Json, JsonObject } from "../domain/json.ts";

/** A key whose change can give programs more rights, and when it does. */
const AUTHORITY: readonly {
  readonly key: string;
  readonly widens: (before: Json | undefined, after: Json | undefined) => boolean;
  readonly sentence: string;
}[] = [
  {
    key: "agents.approvals.enabled",
    widens: turnsTo(false),
    sentence: "Nothing is asked any more; every tool call passes.",
  },
  {
    key: "agents.approvals.allowAlways",
    widens: turnsTo(true),
    sentence: "Questions offer again to allow something always.",
  },
  {
    key: "agents.approvals.askAlso",
    widens: (before, after) => hasMore(after, before),
    sentence: "More calls pass without a question.",
  },
  {
    key: "agents.approvals.alwaysGrants",
    widens: hasMore,
    sentence: "More calls pass without a question.",
  },
  {
    key: "tools.filesystem.restrictToWorkspace",
    widens: turnsTo(false),
    sentence: "Programs may read and write files outside the workspace.",
  },
  {
    key: "network.allowHosts",
    widens: hasMore,
    sentence: "Tools may reach more hosts inside your network.",
  },
  {
    key: "network.nameServers",
    widens: hasMore,
    sentence: "Another name server decides which address a name has.",
  },
  {
    key: "security.sslFallbackInsecure",
    widens: turnsTo(true),
    sentence: "Servers whose certificate cannot be verified are accepted.",
  },
  {
    key: "agents.defaults.availableTools",
    widens: (before, after) => before != null && (after == null || hasMore(before, after)),
    sentence: "Programs may use more tools.",
  },
  {
    key: "agents.defaults.disabledTools",
    widens: (before, after) => hasMore(after, before),
    sentence: "Programs may use more tools.",
  },
  {
    key: "providers",
    widens: sendsKeyElsewhere,
    sentence: "A key and your requests are sent to another address.",
  },
];

/** What a change of the whole configuration allows that was not allowed before, in sentences. */
export function wideningSentences(before: Json, after: Json): string[] {
  return AUTHORITY
    .filter(({ key, widens }) => widens(valueAt(before, key), valueAt(after, key)))
    .map(({ sentence }) => sentence);
}

function turnsTo(value: boolean) {
  return (before: Json | undefined, after: Json | undefined) => before !== value && after === value;
}

/** Whether a provider that is asked with a key, a header or a login gets another address. */
function sendsKeyElsewhere(before: Json | undefined, after: Json | undefined): boolean {
  return Object.entries(after as JsonObject).some(([name, provider]) => {
    const { apiKey, apiBase, extraHeaders } = provider as JsonObject;
    const isTrusted = Boolean(apiKey) || name === "openaiCodex" ||
      Object.keys(extraHeaders ?? {}).length > 0;
    return isTrusted && apiBase !== undefined &&
      apiBase !== valueAt(before ?? {}, `${name}.apiBase`);
  });
}

/** Whether the second list holds something that the first does not. */
function hasMore(before: Json | undefined, after: Json | undefined): boolean {
  const known = new Set((Array.isArray(before) ? before : []).map((one) => JSON.stringify(one)));
  return (Array.isArray(after) ? after : []).some((one) => !known.has(JSON.stringify(one)));
}

function valueAt(value: Json, key: string): Json | undefined {
  return key.split(".").reduce<Json | undefined>(
    (at, name) =>
      at !== null && typeof at === "object" && !Array.isArray(at)
        ? (at as JsonObject)[name]
        : undefined,
    value,
  );
}
