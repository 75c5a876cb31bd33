import { Server, type Transport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { App } from "../../../app/app.ts";
import type { Surroundings } from "../../../app/surroundings.ts";
import type { Clam } from "../../../domain/clam.ts";
import { CodedError } from "../../../domain/failure.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import type { Answer } from "../../../domain/turn.ts";
import type { Terminal } from "../../../platform/platform.ts";
import type { CliContext, End } from "../../context.ts";
import { nothingSaid } from "../../surroundings.ts";

/** Characters of a line of the client at most. */
const LONGEST_LINE = 16_777_216;

/** What `mcp serve` is told. */
export interface ServeOptions {
  readonly starters?: true | undefined;
}

/**
 * Offers kept clams as tools to the program at the other end of standard input and output, until it
 * leaves. Nobody is there to be asked: a clam does what its lease or a grant allows, and else its
 * question waits for the person.
 */
export async function serveClams(
  { starters }: ServeOptions,
  context: CliContext,
  end: End,
): Promise<void> {
  const { startApp } = await import("../../../app/start.ts");
  const app = await startApp(context);
  const ending = new AbortController();
  const release = context.onInterrupt(() => ending.abort());
  const left = Promise.withResolvers<void>();
  const transport = createTransport(context.terminal, () => left.resolve());
  ending.signal.addEventListener("abort", () => left.resolve(), { once: true });
  const handle = serveStdio(
    () => createServer(app, starters === true, context.version, ending.signal),
    { transport },
  );
  try {
    await left.promise;
    ending.abort();
    await handle.close();
    await app.finish();
    end(0);
  } finally {
    release();
    app.close();
  }
}

function createServer(app: App, starters: boolean, version: string, signal: AbortSignal): Server {
  const { library } = app.stores;
  const server = new Server({ name: "clambot", version }, {
    capabilities: { tools: {} },
    jsonSchemaValidator: UNUSED,
  });
  const offered = async (): Promise<Clam[]> => {
    const listed = await library.list();
    const clams = await Promise.all(listed.map(({ id }) => library.get(id).catch(() => undefined)));
    return clams.filter((clam) => clam !== undefined)
      .filter(({ manifest }) => starters || manifest.origin !== "starter");
  };
  server.setRequestHandler("tools/list", async () => ({ tools: (await offered()).map(describe) }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const clam = (await offered()).find(({ id }) => id === params.name);
    if (!clam) return failure(`There is no clam ${JSON.stringify(params.name)}.`);
    const within = AbortSignal.any([signal, mcpReq.signal]);
    return await run(clam, (params.arguments ?? {}) as JsonObject, app, within);
  });
  return server;
}

function describe({ id, manifest: { name, description, inputSchema, inputs } }: Clam) {
  const { properties } = inputSchema;
  return {
    name: id,
    title: name,
    description,
    inputSchema: {
      type: "object" as const,
      // what a clam has a default for may be left out
      properties: (properties ?? {}) as Record<string, never>,
      required: requiredOf(inputSchema).filter((one) => !Object.hasOwn(inputs, one)),
    },
  };
}

function requiredOf({ required }: JsonObject): string[] {
  return Array.isArray(required) ? required.filter((one) => typeof one === "string") : [];
}

async function run(clam: Clam, given: JsonObject, app: App, signal: AbortSignal) {
  try {
    const answer = await app.runClam(clam, given, nothingSaid(app.stores), NOBODY, signal);
    return resultOf(answer);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return failure(`${error.message} ${error.failure.hint ?? ""}`.trim());
  }
}

const NOBODY: Surroundings = {
  approver: { ask: () => Promise.resolve({ kind: "unavailable" }) },
};

function resultOf({ status, reply, value, failure: why }: Answer) {
  if (status !== "completed") {
    return failure(why ? `${why.message} ${why.hint ?? ""}`.trim() : reply);
  }
  return {
    content: [{ type: "text" as const, text: reply }],
    ...(isObject(value) ? { structuredContent: { ...value } } : {}),
  };
}

function failure(text: string) {
  return { content: [{ type: "text" as const, text }], isError: true };
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Messages as lines of standard input and output. */
function createTransport({ input, out }: Terminal, left: () => void): Transport {
  const transport: Transport = {
    start() {
      hear(input(), (line) => {
        try {
          transport.onmessage?.(JSON.parse(line));
        } catch (error) {
          transport.onerror?.(error as Error);
        }
      }).finally(left);
      return Promise.resolve();
    },
    send(message) {
      out(`${JSON.stringify(message)}\n`);
      return Promise.resolve();
    },
    close() {
      transport.onclose?.();
      return Promise.resolve();
    },
  };
  return transport;
}

async function hear(stream: ReadableStream<Uint8Array>, take: (line: string) => void) {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") take(line);
    if (rest.length > LONGEST_LINE) return; // whoever writes so is no client
  }
}

/** Inputs are read by the clam's own schema. */
const UNUSED = {
  getValidator: () => (input: unknown) => ({
    valid: true as const,
    data: input as never,
    errorMessage: undefined,
  }),
};
