import assert from "node:assert/strict";
import { type App, createApp } from "../../src/app/app.ts";
import type { Approver } from "../../src/approvals/approver.ts";
import { createHome, homeLayout } from "../../src/config/home.ts";
import { parseConfig } from "../../src/config/parse.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { Answer } from "../../src/domain/turn.ts";
import type { TurnEvent } from "../../src/domain/turn_event.ts";
import { openFiles } from "../../src/platform/files.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { type Fault, MemoryDisk } from "../fakes/memory_disk.ts";
import { API_KEY, type ScriptedModel, startScriptedModel } from "../fakes/scripted_model.ts";
import { NOBODY } from "../fakes/nobody.ts";
import { createTestSandbox, createTestWorkers, createWorkersHere } from "../fakes/workers.ts";

// The house in the process of the test, its own files on a disk that can be made to fail at any
// write. What programs do happens for real: a server on loopback counts it.

/** How one flow goes. */
export interface Flow {
  readonly name: string;
  /** Puts answers into the model's queues. */
  script(model: ScriptedModel, server: string): void;
  readonly text: string;
  /** The person allows what is asked for good; else nobody is there. */
  readonly allows?: boolean;
  /** Grants of the configuration besides; the server may always be reached. */
  readonly grants: readonly { readonly tool: string; readonly scope: string }[];
  /** Further parts of the configuration. */
  readonly config?: JsonObject;
}

/** What a flow came to. */
export interface Observed {
  /** `undefined` when the process was killed before there was one. */
  readonly answer: Answer | undefined;
  /** Requests that the server got. */
  readonly effects: number;
  /** Requests that the model got. */
  readonly asked: number;
  readonly disk: MemoryDisk;
}

/** The world around the house: a model, a server, a sandbox, for many runs. */
export class FaultyWorld implements AsyncDisposable {
  readonly #model = startScriptedModel();
  readonly #sandbox: Sandbox = createTestSandbox({ workers: createWorkersHere() });
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #roots: string[] = [];
  #effects = 0;
  #last: { readonly root: string; disk: MemoryDisk; readonly flow: Flow } | undefined;

  constructor() {
    this.#sandbox.warm();
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      this.#effects++;
      return Response.json({ ok: true });
    });
  }

  /** What asks and is asked in every flow. */
  get model(): ScriptedModel {
    return this.#model;
  }

  get server(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Runs a flow in a new home whose disk fails so. */
  async run(
    flow: Flow,
    fault?: Fault,
    listen?: (event: TurnEvent) => void,
  ): Promise<Observed & { readonly root: string }> {
    const root = await this.#layOut();
    const sound = new MemoryDisk();
    await createHome(sound.openFiles(root));
    const disk = sound.restarted(fault);
    this.#model.reset();
    this.#effects = 0;
    flow.script(this.#model, this.server);
    const app = await this.open(root, disk, flow);
    const ending = new AbortController();
    const answered = ask(app, flow.text, flow.allows, ending.signal, listen)
      .then(async (answer) => {
        await app.finish();
        return answer;
      });
    const answer = await Promise.race([answered, disk.killed.then(() => undefined)]);
    ending.abort();
    answered.catch(() => {}); // a killed process answers nobody
    app.close();
    return { answer, effects: this.#effects, asked: this.#model.calls.length, disk, root };
  }

  /** Goes on with every run that a killed process left; what came of each. */
  async goOn(app: App, flow: Flow): Promise<readonly Answer[]> {
    this.#model.reset();
    flow.script(this.#model, this.server);
    const answers: Answer[] = [];
    for (const { run, state } of await app.stores.runs.list()) {
      if (state !== "interrupted") continue;
      const surroundings = { approver: approverFor(flow.allows) };
      answers.push(await app.resumeRun(run, surroundings, new AbortController().signal));
    }
    return answers;
  }

  /** Requests that the server got since the last flow began. */
  get effects(): number {
    return this.#effects;
  }

  /** A house on a sound disk, its model scripted. */
  async house(flow: Flow): Promise<App> {
    const root = await this.#layOut();
    const disk = new MemoryDisk();
    await createHome(disk.openFiles(root));
    flow.script(this.#model, this.server);
    this.#last = { root, disk, flow };
    return await this.open(root, disk, flow);
  }

  /** The same house as the next process finds it. */
  async again(): Promise<App> {
    assert.ok(this.#last);
    const { root, disk, flow } = this.#last;
    return await this.open(root, this.#last.disk = disk.restarted(), flow);
  }

  /** Real directories for what is no file of the house's own: indexes, and the workspace. */
  async #layOut(): Promise<string> {
    const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "clambot-faults-" }));
    this.#roots.push(root);
    for (const place of ["state", "workspace/files", "workspace/upload", "workspace/memory"]) {
      await Deno.mkdir(`${root}/${place}`, { recursive: true });
    }
    return root;
  }

  /** The house over what a disk holds. */
  async open(root: string, disk: MemoryDisk, flow: Flow): Promise<App> {
    const layout = homeLayout(root);
    const { server } = this;
    const config = {
      agents: {
        defaults: { model: "custom/test" },
        approvals: {
          alwaysGrants: [
            { tool: "http_request", scope: `exact:POST:${server}/effect` },
            ...flow.grants,
          ],
        },
      },
      providers: { custom: { apiKey: API_KEY, apiBase: this.#model.url } },
      network: {
        allowHosts: [{ url: server, addresses: "127.0.0.1", tools: ["http_request"] }],
      },
      ...flow.config,
    };
    const read = parseConfig(JSON.stringify(config), `${root}/config.json`);
    assert.ok(read.kind === "ok", JSON.stringify(read));
    const sandbox = { ...this.#sandbox, close() {} };
    return await createApp({
      workers: createTestWorkers(),
      layout,
      configPath: `${root}/config.json`,
      config: read.config,
      environment: {},
      terminal: NOBODY,
      // programs read what people sent by their own way
      openFiles: (path) => path === layout.upload ? openFiles(path) : disk.openFiles(path),
    }, sandbox);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sandbox.close();
    await this.#model[Symbol.asyncDispose]();
    await this.#server.shutdown();
    for (const root of this.#roots) await Deno.remove(root, { recursive: true });
  }
}

/** One request in the conversation of these flows. */
export async function ask(
  app: App,
  text: string,
  allows = false,
  signal: AbortSignal = new AbortController().signal,
  listen: (event: TurnEvent) => void = () => {},
): Promise<Answer> {
  const message = { origin: "cli", conversation: "cli:faults", text, at: Date.now() } as const;
  return await app.openTurn(message, { approver: approverFor(allows), listen }, signal);
}

/** The person allows what is offered for good; or nobody is there. */
function approverFor(allows = false): Approver {
  return {
    ask({ offers: [narrowest] }) {
      const scope = narrowest?.scope;
      const isAllowed = allows && scope !== undefined;
      return Promise.resolve(isAllowed ? { kind: "always", scope } : { kind: "unavailable" });
    },
  };
}
