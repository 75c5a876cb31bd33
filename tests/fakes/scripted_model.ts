import type { Json, JsonObject } from "../../src/domain/json.ts";
import { type Behaviour, respond } from "./model_server.ts";

/** The calls that ClamBot makes, by the schema's name; without a schema, by who asks. */
export type CallName =
  | "selection"
  | "clam"
  | "verdict"
  | "facts"
  | "summary"
  | "report"
  /** `ask_model`, with a schema or without. */
  | "answer"
  | "chat";

/** One request as it came in. */
export interface ModelCall {
  readonly name: CallName;
  readonly body: JsonObject;
  readonly system: string;
  /** Everything that the model can read, with its answers in between. */
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** All messages in one text. */
  readonly text: string;
}

/** A reply that is more than an object or a text. */
export class Told {
  constructor(
    readonly behaviour: Behaviour,
    readonly delayMs = 0,
    readonly held: Promise<void> = Promise.resolve(),
  ) {}
}

/** An object is told in the way of the protocol, a text as it stands. */
export type Reply = JsonObject | string | Told;
export type Replies = readonly (Reply | ((call: ModelCall) => Reply))[];

/** A model on loopback that answers each kind of call from a queue of its own. */
export interface ScriptedModel extends AsyncDisposable {
  readonly url: string;
  /** Everything that was asked, in order. */
  readonly calls: readonly ModelCall[];
  /** Puts replies at the end of a queue; the last one of a queue is repeated. */
  on(name: CallName, ...replies: Replies): void;
  /** Forgets calls and queues. */
  reset(): void;
  named(name: CallName): readonly ModelCall[];
  /** Names of the calls so far, in order: `selection clam facts`. */
  sequence(): string;
  /** The configuration that leads to it, `more` laid over it. */
  config(more?: JsonObject): string;
}

/** A status that is no answer. */
export function status(code: number, body = `{"error":{"message":"down"}}`): Told {
  return new Told({ kind: "status", status: code, body });
}

/** The connection dies behind these pieces. */
export function cut(...pieces: string[]): Told {
  return new Told({ kind: "cut", pieces });
}

/** A text that comes in these pieces. */
export function pieces(...texts: string[]): Told {
  return new Told({ kind: "text", pieces: texts });
}

/** The same reply, later. */
export function after(milliseconds: number, reply: Reply): Told {
  return new Told(behaviourOf(reply), milliseconds);
}

/** The same reply, when something else has happened. */
export function once(happened: Promise<void>, reply: Reply): Told {
  return new Told(behaviourOf(reply), 0, happened);
}

/** The key in {@linkcode ScriptedModel.config}: must never be found in what is kept or said. */
export const API_KEY = "sk-test-canary-5c6b7e";

/** Starts a scripted model. A call without a reply is refused for good, so that it shows. */
export function startScriptedModel(): ScriptedModel {
  const calls: ModelCall[] = [];
  let queues = new Map<CallName, { replies: Replies[number][]; at: number }>();
  const gone = new AbortController();
  const serve = async (request: Request) => {
    const call = readCall(await request.json());
    calls.push(call);
    const queue = queues.get(call.name);
    const next = queue?.replies[Math.min(queue.at++, queue.replies.length - 1)];
    const reply = typeof next === "function" ? next(call) : next;
    if (reply === undefined) return await respond(PROTOCOL, unscripted(call), {}, gone.signal);
    if (reply instanceof Told) await reply.held;
    if (reply instanceof Told && reply.delayMs > 0) await sleep(reply.delayMs, gone.signal);
    return await respond(PROTOCOL, behaviourOf(reply), call.body, gone.signal);
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, serve);
  const url = `http://127.0.0.1:${server.addr.port}/v1`;
  return {
    url,
    calls,
    on(name, ...replies) {
      const queue = queues.get(name) ?? { replies: [], at: 0 };
      queue.replies.push(...replies);
      queues.set(name, queue);
    },
    reset() {
      calls.length = 0;
      queues = new Map();
    },
    named: (name) => calls.filter((call) => call.name === name),
    sequence: () => calls.map(({ name }) => name).join(" "),
    config: (more = {}) =>
      JSON.stringify(merge({
        agents: { defaults: { model: "custom/test" } },
        providers: { custom: { apiKey: API_KEY, apiBase: url } },
      }, more)),
    async [Symbol.asyncDispose]() {
      if (gone.signal.aborted) return;
      gone.abort();
      await server.shutdown();
    },
  };
}

const PROTOCOL = "openai_compatible";

function behaviourOf(reply: Reply): Behaviour {
  if (reply instanceof Told) return reply.behaviour;
  return typeof reply === "string"
    ? { kind: "text", pieces: [reply] }
    : { kind: "object", value: reply };
}

function unscripted({ name }: ModelCall): Behaviour {
  const body = JSON.stringify({ error: { message: `nothing is scripted for ${name}` } });
  return { kind: "status", status: 400, body };
}

function readCall(body: JsonObject): ModelCall {
  const sent = body.messages as unknown as readonly { role: string; content: unknown }[];
  const messages = sent.map(({ role, content }) => ({ role, content: wordsIn(content) }));
  const system = messages.filter(({ role }) => role === "system").map(({ content }) => content)
    .join("\n");
  const text = messages.map(({ role, content }) => `${role}: ${content}`).join("\n\n");
  return { name: nameOf(body, system), body, system, messages, text };
}

/** Pictures are told by their beginnings. */
function wordsIn(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = content as { text?: string; image_url?: { url: string } }[];
  return parts.map(({ text, image_url }) => text ?? `(picture ${image_url?.url})`).join("\n");
}

function nameOf({ response_format: format }: JsonObject, system: string): CallName {
  const schema = (format as { json_schema?: { name?: string } } | undefined)?.json_schema;
  if (schema?.name !== undefined) return schema.name as CallName;
  return system.startsWith("You do one piece of work") ? "answer" : "chat";
}

function sleep(milliseconds: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    gone.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function merge(base: JsonObject, more: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return merged;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
