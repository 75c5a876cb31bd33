import { Client, type Transport } from "@modelcontextprotocol/client";
import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { VERSION } from "../domain/version.ts";
import { type ReadDefinitions, readDefinitions } from "./definition.ts";

/** One connection with a server, from its start to its end. */
export interface Session {
  /** What the server says that it is; text of others. */
  readonly server: string;
  readonly protocol: string;
  /** Everything that it lists, page by page. */
  list(signal: AbortSignal): Promise<ReadDefinitions>;
  /** @throws {CodedError} `server_failed`, `tool_timeout`, `call_in_doubt` */
  call(tool: string, args: JsonObject, signal: AbortSignal): Promise<JsonObject>;
  /** Whether it still stands. */
  isOpen(): boolean;
  close(): Promise<void>;
}

/** How a session is made. */
export interface SessionMeans {
  readonly name: string;
  readonly transport: Transport;
  readonly quietMs: number;
  /** The protocol as it was until 2025, without asking for the newer one. */
  readonly legacy: boolean;
  /** The server says that its tools have changed. */
  changed(): void;
  /** Why the connection broke, as far as it is known. */
  why(): string;
}

/** Milliseconds that a server has for answering at all, and one call has with all its progress. */
const START_MS = 60_000;
const PROBE_MS = 5_000;
const LONGEST_CALL_MS = 600_000;
const MOST_PAGES = 64;

/**
 * Says hello, in the protocol that the server speaks: it is asked for the one without sessions first,
 * and whatever it answers but a sentence of that one, or nothing, is taken for the older one.
 */
export async function openSession(means: SessionMeans, signal: AbortSignal): Promise<Session> {
  const { name, transport, quietMs } = means;
  const client = new Client({ name: "clambot", version: VERSION }, {
    // No roots: servers put them in place of the directories that their command names. No sampling: no
    // server speaks to a model of the person's. No questions: the words would be the server's.
    capabilities: {},
    jsonSchemaValidator: ANY,
    ...(means.legacy
      ? {}
      : { versionNegotiation: { mode: "auto" as const, probe: { timeoutMs: PROBE_MS } } }),
    listMaxPages: MOST_PAGES,
    listChanged: {
      tools: { autoRefresh: false, debounceMs: 0, onChanged: () => means.changed() },
    },
  });
  let isOpen = true;
  client.onclose = () => void (isOpen = false);
  client.onerror = () => {}; // what a broken line says is noise; a broken call fails by itself
  await client.connect(transport, { signal, timeout: START_MS });
  const options = { signal, timeout: quietMs };
  return {
    server: textOf(client.getServerVersion()?.name),
    protocol: client.getNegotiatedProtocolVersion() ?? "",
    isOpen: () => isOpen,
    async list(signal) {
      if (client.getServerCapabilities()?.tools === undefined) return readDefinitions([]);
      return readDefinitions(await listTools(client, { ...options, signal }));
    },
    async call(tool, args, signal) {
      const result = await client.callTool({ name: tool, arguments: args }, {
        signal,
        timeout: quietMs,
        // a token is sent only with a listener, and without one progress lengthens nothing
        onprogress: () => {},
        resetTimeoutOnProgress: true,
        maxTotalTimeout: LONGEST_CALL_MS,
      });
      return result as unknown as JsonObject;
    },
    close: () => client.close(),
  };

  /** Tools as they come; where the SDK refuses one of a page, all are read without its opinion. */
  async function listTools(
    client: Client,
    options: { readonly signal: AbortSignal; readonly timeout: number },
  ): Promise<readonly unknown[]> {
    try {
      return (await client.listTools(undefined, { ...options, cacheMode: "refresh" })).tools;
    } catch (error) {
      options.signal.throwIfAborted();
      if (!isOpen) throw error;
    }
    const tools: unknown[] = [];
    const cursors = new Set<string>();
    let cursor: string | undefined;
    do {
      const params = cursor === undefined ? {} : { cursor };
      const page = await client.request({ method: "tools/list", params }, ANYTHING, options);
      if (Array.isArray(page.tools)) tools.push(...page.tools);
      cursor = typeof page.nextCursor === "string" ? page.nextCursor : undefined;
      if (cursor === undefined) return tools;
      if (cursors.has(cursor) || cursors.size >= MOST_PAGES) {
        throw new CodedError("server_failed", `The server ${name} lists its tools without end.`);
      }
      cursors.add(cursor);
    } while (true);
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 200) : "";
}

/** What a server promises of its results is not held against it: they are data of others anyway. */
const ANY = {
  getValidator: () => (input: unknown) => ({
    valid: true as const,
    data: input as never,
    errorMessage: undefined,
  }),
};

/** Takes any result. */
const ANYTHING = {
  "~standard": {
    version: 1 as const,
    vendor: "clambot",
    validate: (value: unknown) => ({ value: value as Record<string, Json> }),
    types: { input: undefined as unknown, output: {} as Record<string, Json> },
  },
};
