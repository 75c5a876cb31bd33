import { join } from "node:path";
import { type Addition, Copy } from "../contracts/copy.ts";

// A service to supervise: a copy of the program with a command `serve` that does on order what a
// core and a clam must never do. With CLAMBOT_BINARY the copy is compiled as the program is.

const SERVE: Addition = {
  list: "src/cli/command_list.ts",
  line: 'export { serveCommand } from "./commands/serve/facts.ts";',
  files: {
    "src/cli/commands/serve/facts.ts": `import type { CliCommand } from "../../command.ts";
      export const serveCommand: CliCommand = {
        name: "serve",
        group: "Ask:",
        isService: true,
        examples: { "": ["clambot serve"] },
        load: async () => (await import("./serve.ts")).registerServe,
      };`,
    "src/cli/commands/serve/serve.ts": `import type { Register } from "../../command.ts";
      import { createWorkerSandbox } from "../../../sandbox/worker_sandbox.ts";
      import { DEFAULT_LIMITS } from "../../../sandbox/limits.ts";
      export const registerServe: Register = (program, context, end) => {
        program.command("serve").action(async () => {
          const { terminal, service, config, workers } = context;
          const sandbox = createWorkerSandbox({ workers });
          const tell = (event: string) => terminal.out(event + "\\n");
          const runs = new Set<Promise<void>>();
          const run = async (order: string) => {
            const controller = new AbortController();
            const release = context.onInterrupt(() => controller.abort());
            const outcome = await sandbox.run(
              { source: "await wait({}); return '" + order + "'", args: {}, tools: ["wait"],
                seed: "", now: 0, timezoneOffset: 0 },
              { ...DEFAULT_LIMITS, cpuMs: 300 },
              async (_call, signal) => {
                const ms = Number(/^wait (\\d+)/.exec(order)?.[1] ?? 0);
                if (ms > 0) tell("waiting");
                await new Promise<void>((resolve) => {
                  const timer = setTimeout(resolve, ms);
                  signal.addEventListener("abort", () => (clearTimeout(timer), resolve()));
                });
                return { kind: "result", value: null, now: 0 };
              },
              controller.signal,
            );
            release();
            tell(order + ": " + (outcome.kind === "failed" ? outcome.failure.code : outcome.kind));
          };
          const orders = async () => {
            let text = "";
            for await (const piece of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
              const lines = (text + piece).split("\\n");
              text = lines.pop() ?? "";
              for (const order of lines) {
                if (order === "core crash") setTimeout(() => { throw new Error("down"); }, 0);
                else if (order === "core reject") Promise.reject(new Error("nobody waits"));
                else if (order === "core loop") for (;;);
                else {
                  const one = run(order);
                  runs.add(one);
                  one.finally(() => runs.delete(one));
                }
              }
            }
          };
          if (config.agents.defaults.userName === "Nobody") return end(1);
          tell("serving " + config.agents.defaults.userName);
          service.serving();
          const ordered = orders();
          await new Promise((resolve) => service.draining.addEventListener("abort", resolve));
          await Promise.all(runs);
          sandbox.close();
          tell("drained");
          end(0);
          void ordered;
        });
      };`,
  },
};

/** What a clam does beside the program that it was given. */
const ATTACKS = `
  const attack = /return '(clam \\w+)'/.exec(String(message.source))?.[1];
  if (attack === "clam flood") {
    for (;;) {
      (self as unknown as Worker).postMessage(new Uint8Array(1_000_000));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  if (attack === "clam crash") setTimeout(() => { throw new Error("down"); }, 0);
  if (attack === "clam close") return self.close();
  if (attack === "clam silence") return port.close();
  if (attack === "clam loop") for (;;);
  run.start();`;

/** A running service. */
export class Supervised implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #orders: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #told = "";
  #waiting: (() => void)[] = [];

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#orders = child.stdin.getWriter();
    for (const stream of [child.stdout, child.stderr]) void this.#listen(stream);
  }

  static start(copy: SupervisedCopy, env: Readonly<Record<string, string>> = {}): Supervised {
    return new Supervised(copy.start(env));
  }

  async #listen(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
      this.#told += piece;
      this.#waiting.splice(0).forEach((resume) => resume());
    }
  }

  /** Waits until it has told this, after what was waited for before. */
  async tells(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#told);
      if (found) {
        this.#told = this.#told.slice(found.index + found[0].length);
        return found[0];
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async order(...orders: readonly string[]): Promise<void> {
    await this.#orders.write(new TextEncoder().encode(`${orders.join("\n")}\n`));
  }

  signal(name: Deno.Signal): void {
    this.#child.kill(name);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Its exit code, once it has one. */
  async code(): Promise<number> {
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.#child.status;
    await this.#orders.close().catch(() => {});
  }
}

/** The copy that a service is started from. */
export class SupervisedCopy implements AsyncDisposable {
  private constructor(readonly copy: Copy, private readonly program: readonly string[]) {}

  /** `undefined` where no runtime base for a binary can be had. */
  static async make(): Promise<SupervisedCopy | undefined> {
    const copy = await Copy.with([SERVE]);
    await change(copy, "src/sandbox/_serve.ts", "run.start();", ATTACKS);
    await change(copy, "src/walls/supervisor.ts", "pingMs: 2_000", "pingMs: 500");
    await change(copy, "src/walls/supervisor.ts", "firstRestartMs: 1_000", "firstRestartMs: 20");
    if (Deno.env.get("CLAMBOT_BINARY") === undefined) {
      const flags = ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write"];
      const main = join(copy.directory, "main.ts");
      return new SupervisedCopy(
        copy,
        [Deno.execPath(), ...flags, "--allow-net", "--allow-env", "--allow-run", main, "serve"],
      );
    }
    const binary = await copy.compile();
    if (binary !== undefined) return new SupervisedCopy(copy, [binary, "serve"]);
    await copy[Symbol.asyncDispose]();
    return undefined;
  }

  /** Writes the configuration of the home. */
  async configure(text: string): Promise<void> {
    await this.copy.write("home/config.json", text);
  }

  start(env: Readonly<Record<string, string>>): Deno.ChildProcess {
    const [program = "", ...args] = this.program;
    return new Deno.Command(program, {
      args,
      cwd: this.copy.directory,
      env: { ...env, NO_COLOR: "1", CLAMBOT_HOME: join(this.copy.directory, "home") },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.copy[Symbol.asyncDispose]();
  }
}

async function change(copy: Copy, path: string, from: string, to: string): Promise<void> {
  const before = await copy.read(path);
  const after = before.replace(from, () => to);
  if (after === before) throw new Error(`${path} has no ${from} any more`);
  await copy.write(path, after);
}
