import type { Json, JsonObject } from "../../src/domain/json.ts";
import { type CallName, type ScriptedModel, startScriptedModel } from "../fakes/scripted_model.ts";
import { Clambot } from "../flows/clambot.ts";
import { FILES } from "./files.ts";
import { type FakeSite, startFakeSite } from "./site.ts";
import type { Outcome } from "./tasks.ts";

/** Answers of one model to one request: by kind of question, in the order of the attempts. */
export type Answers = Readonly<Partial<Record<CallName, readonly string[]>>>;

/** The program in a home of its own, with the site, the files and a model that answers by recording. */
export class World implements AsyncDisposable {
  private constructor(
    readonly clambot: Clambot,
    readonly model: ScriptedModel,
    readonly site: FakeSite,
  ) {}

  static async open(): Promise<World> {
    const world = new World(await Clambot.inEmptyHome(), startScriptedModel(), startFakeSite());
    await world.#lay("config.json", world.model.config(configFor(world.site.url)));
    for (const [path, text] of Object.entries(FILES)) {
      await world.#lay(`workspace/files/${path}`, text);
    }
    return world;
  }

  /** Lets the model answer so from now on. */
  prepare(answers: Answers): void {
    this.model.reset();
    for (const [name, texts] of Object.entries(answers)) {
      const told = texts.map((text) => text.replaceAll("{SITE}", this.site.url));
      this.model.on(
        name as CallName,
        ...told.map((text) =>
          text.includes("{ARTEFACT}")
            ? (call: { readonly text: string }) =>
              text.replaceAll("{ARTEFACT}", /artefact (a[a-z2-7]{16})/.exec(call.text)?.[1] ?? "a")
            : text
        ),
      );
    }
  }

  /** Asks in a conversation of its own, or in the one of `session`. */
  async ask(request: string, session?: string): Promise<Outcome & { readonly session: string }> {
    const text = request.replaceAll("{SITE}", this.site.url);
    const within = session === undefined ? [] : ["--session", session];
    const { object } = await this.clambot.here.json(["agent", "-m", text, ...within]);
    const { status, reply, error, modelCalls, calls, conversation } = object as unknown as Printed;
    const code = error?.code ?? "";
    return { status, reply, code, modelCalls, calls, session: conversation };
  }

  /** Characters of all prompts since `prepare`, by four: about so many tokens. */
  tokens(): number {
    const lengths = this.model.calls.map(({ messages }) =>
      messages.reduce((sum, { content }) => sum + content.length, 0)
    );
    return Math.round(lengths.reduce((sum, length) => sum + length, 0) / 4);
  }

  /** A file of the workspace, if it is there. */
  async read(path: string): Promise<string | undefined> {
    return await readIfThere(`${this.clambot.home}/workspace/files/${path}`);
  }

  async memory(): Promise<string> {
    return await readIfThere(`${this.clambot.home}/workspace/memory/MEMORY.md`) ?? "";
  }

  /** How many jobs are kept. */
  async jobs(): Promise<number> {
    const { code, stdout } = await this.clambot.here.run(["cron", "list", "--json"]);
    if (code !== 0) return 0;
    const told = JSON.parse(stdout) as Json;
    const list = Array.isArray(told) ? told : (told as JsonObject).jobs;
    return Array.isArray(list) ? list.length : 0;
  }

  async #lay(path: string, text: string): Promise<void> {
    const full = `${this.clambot.home}/${path}`;
    await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(full, text, { mode: 0o600 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.model[Symbol.asyncDispose]();
    await this.site[Symbol.asyncDispose]();
    await this.clambot[Symbol.asyncDispose]();
  }
}

interface Printed extends Omit<Outcome, "code"> {
  readonly error?: { readonly code: string };
  readonly conversation: string;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Opens the site for programs, and allows what the requests need: nobody is there to be asked. */
function configFor(url: string): JsonObject {
  const tools = ["web_fetch", "http_request"];
  return {
    network: { allowHosts: [{ url, addresses: "127.0.0.1", tools }] },
    agents: {
      approvals: {
        alwaysGrants: [
          ...tools.map((tool) => ({ tool, scope: `path:${url}/` })),
          { tool: "fs", scope: "workspace" },
          "cron:*",
        ],
      },
    },
  };
}
