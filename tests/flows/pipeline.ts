import type { Json, JsonObject } from "../../src/domain/json.ts";
import { type ScriptedModel, startScriptedModel } from "../fakes/scripted_model.ts";
import { Clambot, type Ended } from "./clambot.ts";

// What the flows of the pipeline share: the program as a user runs it, and a scripted model.

export const GENERATE: JsonObject = selection("generate_new");

/** How the selector answers in words. */
export function chatting(reply: string | null): JsonObject {
  return { ...selection("chat"), chat_response: reply };
}

/** How the selector takes a kept clam. */
export function existing(id: string, inputs: JsonObject = {}): JsonObject {
  return { ...selection("select_existing"), clam_id: id, inputs };
}

function selection(decision: string): JsonObject {
  return { decision, clam_id: null, inputs: {}, chat_response: null, reason: "test" };
}

/** What a clam holds beside its script; see the model contract. */
export function clam(script: string, more: JsonObject = {}): JsonObject {
  return {
    language: "javascript",
    script,
    name: "Test clam",
    description: "Does what the test asks",
    declared_tools: [],
    inputs: {},
    input_schema: {},
    result_schema: null,
    capabilities: [],
    secrets: [],
    templates: [],
    source_request: "",
    reusable: true,
    ...more,
  };
}

/** A schema that vouches for replies of this pattern: such a clam needs no verdict. */
export function worded(pattern: string): JsonObject {
  return { type: "string", pattern };
}

/** A clam that returns this text and needs no verdict. */
export function saying(text: string, more: JsonObject = {}): JsonObject {
  return clam(`async function run() { return ${JSON.stringify(text)}; }`, {
    result_schema: { const: text },
    ...more,
  });
}

export const ACCEPT: JsonObject = { decision: "accept", reply: null, fix: null, reason: "" };
export const accepting = (reply: string): JsonObject => ({ ...ACCEPT, reply });
export const fixing = (fix: string, reply: string | null = null): JsonObject => ({
  ...ACCEPT,
  decision: "fix",
  fix,
  reply,
});

/** What `--json` prints. */
export interface Told {
  readonly code: number;
  readonly stderr: string;
  readonly object: {
    readonly status: string;
    readonly reply: string;
    readonly value: Json;
    readonly clam: string | null;
    readonly modelCalls: number;
    /** Of `agent`: what `--session` takes. */
    readonly conversation: string;
    readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
    readonly calls: readonly {
      readonly tool: string;
      readonly decision: string;
      readonly outcome: string;
    }[];
  };
}

/**
 * The program in a home of its own with a scripted model, in this process (see
 * {@linkcode Clambot.here}) unless said otherwise.
 */
export class Pipeline implements AsyncDisposable {
  private constructor(readonly clambot: Clambot, readonly model: ScriptedModel) {}

  static async open(config: JsonObject = {}): Promise<Pipeline> {
    const pipeline = new Pipeline(await Clambot.inEmptyHome(), startScriptedModel());
    await pipeline.configure(config);
    return pipeline;
  }

  async configure(config: JsonObject): Promise<void> {
    await this.put("config.json", this.model.config(config));
  }

  /** Puts a file into the home, as the owner's alone. */
  async put(path: string, text: string): Promise<void> {
    const full = `${this.clambot.home}/${path}`;
    await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(full, text, { mode: 0o600 });
  }

  /** One request in a conversation of its own. */
  async ask(text: string, ...args: readonly string[]): Promise<Told> {
    return await this.clambot.here.json(["agent", "-m", text, ...args]) as unknown as Told;
  }

  /** Several requests in one conversation. */
  async talk(lines: readonly string[], ...args: readonly string[]): Promise<Ended> {
    return await talkTo(this.clambot.here, lines, args);
  }

  /** The same with the program as a user starts it: walls around it, and its own threads. */
  async talkOutside(lines: readonly string[], ...args: readonly string[]): Promise<Ended> {
    return await talkTo(this.clambot, lines, args);
  }

  /** Manifests of the kept clams, as they lie on disk. */
  async kept(): Promise<readonly string[]> {
    const { clams } = await this.files();
    return clams.filter((path) => path.endsWith("CLAM.md"));
  }

  /** Paths below the workspace's `clams` and `build`. */
  async files(): Promise<{ readonly clams: string[]; readonly build: string[] }> {
    const workspace = `${this.clambot.home}/workspace`;
    return {
      clams: await walk(`${workspace}/clams`),
      build: await walk(`${workspace}/build`),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.model[Symbol.asyncDispose]();
    await this.clambot[Symbol.asyncDispose]();
  }
}

function talkTo(
  clambot: Clambot,
  lines: readonly string[],
  args: readonly string[],
): Promise<Ended> {
  return clambot.run(["agent", ...args], { stdin: `${lines.join("\n")}\n` });
}

/** All files below a directory. */
export async function walk(directory: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(directory)) {
      const path = `${directory}/${name}`;
      if (isDirectory) found.push(...await walk(path));
      else found.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found;
}

/** A site on loopback that notes what it is asked. */
export interface Site extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly { method: string; path: string; body: string }[];
  /** The configuration that opens it for programs without a question. */
  readonly config: JsonObject;
}

/** Starts a site; `pages` by path, else an empty 200. */
export function startSite(pages: Readonly<Record<string, Response | string>> = {}): Site {
  const seen: { method: string; path: string; body: string }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const path = new URL(request.url).pathname;
    seen.push({ method: request.method, path, body: await request.text() });
    const page = pages[path] ?? "";
    return typeof page === "string"
      ? new Response(page, { headers: { "content-type": "text/html" } })
      : page.clone();
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  const grants = ["GET", "POST"].flatMap((method) =>
    ["/", ...Object.keys(pages)].map((path) => `exact:${method}:${url}${path}`)
  );
  return {
    url,
    seen,
    config: {
      network: {
        allowHosts: [{ url, addresses: "127.0.0.1", tools: ["web_fetch", "http_request"] }],
      },
      agents: {
        approvals: {
          alwaysGrants: ["web_fetch", "http_request"].flatMap((tool) =>
            grants.map((scope) => ({ tool, scope }))
          ),
        },
      },
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  };
}
