import { fileURLToPath } from "node:url";
import { bundledMain } from "./bundled.ts";

/** How the program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run gets beside its arguments. */
export interface RunSetting {
  /** Variables besides HOME; nothing else is inherited but PATH and where Deno keeps its cache. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** Gives programs threads of their own in this process too. */
  readonly threads?: boolean;
}

/**
 * The program as a user runs it: the binary that CLAMBOT_BINARY names, else bundled as the binary
 * is, or from source. HOME is an empty directory of the test.
 */
export class Clambot implements AsyncDisposable {
  private constructor(
    readonly directory: string,
    readonly program: readonly string[],
    private readonly isHere = false,
  ) {}

  static async inEmptyHome(): Promise<Clambot> {
    const binary = Deno.env.get(BINARY);
    const program = binary === undefined ? startOf(await bundledMain()) : [binary];
    return new Clambot(await emptyDirectory(), program);
  }

  /** The source itself, as the task `start` runs it. */
  static async fromSource(): Promise<Clambot> {
    return new Clambot(await emptyDirectory(), startOf(`${ROOT}main.ts`));
  }

  /**
   * The same home, where everything is done in this process: for flows that ask what the program
   * answers and not how it starts. CLAMBOT_BINARY runs that binary for them too.
   */
  get here(): Clambot {
    return new Clambot(this.directory, this.program, !Deno.env.has(BINARY));
  }

  /** The home that the program uses. */
  get home(): string {
    return `${this.directory}/.clambot`;
  }

  async run(args: readonly string[], setting: RunSetting = {}): Promise<Ended> {
    if (this.isHere && setting.cwd === undefined) {
      const { runHere } = await import("./in_process.ts");
      return await runHere(args, this.directory, setting);
    }
    const child = this.start(args, setting);
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(setting.stdin ?? "")).catch(() => {});
    await writer.close().catch(() => {});
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /** The same without waiting for its end. */
  start(args: readonly string[], setting: RunSetting = {}): Deno.ChildProcess {
    const [program = "", ...all] = this.commandLine(args);
    return this.spawn(program, all, setting);
  }

  /** The program and all its arguments. */
  commandLine(args: readonly string[]): string[] {
    return [...this.program, ...args];
  }

  /** Starts any program in the surroundings of the test. */
  spawn(program: string, args: readonly string[], setting: RunSetting = {}): Deno.ChildProcess {
    return new Deno.Command(program, {
      args: [...args],
      cwd: setting.cwd ?? this.directory,
      clearEnv: true,
      env: { ...inherited(), HOME: this.directory, ...setting.env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs with `--json` and reads the one object that must be all of standard output. */
  async json(args: readonly string[], setting: RunSetting = {}) {
    const ended = await this.run([...args, "--json"], setting);
    return { ...ended, object: JSON.parse(ended.stdout) as Record<string, unknown> };
  }

  async write(path: string, text: string): Promise<string> {
    const full = `${this.directory}/${path}`;
    await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(full, text);
    return full;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.directory, { recursive: true });
  }
}

const BINARY = "CLAMBOT_BINARY";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function emptyDirectory(): Promise<string> {
  return await Deno.realPath(await Deno.makeTempDir({ prefix: "clambot-" }));
}

/** How a script is run as the program. */
function startOf(main: string): string[] {
  return [Deno.execPath(), ...START, main];
}

/** The flags of the task `start`; a test holds them together. */
const START = [
  "run",
  "--quiet",
  "--no-prompt",
  "--v8-flags=--wasm-tiering-budget=130000000",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-run",
  `--config=${ROOT}deno.json`,
];

function inherited(): Record<string, string> {
  const names = ["PATH", "DENO_DIR", "DENO_TLS_CA_STORE", "SSL_CERT_FILE"];
  const found = names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([["DENO_DIR", denoDirectory()], ...found]);
}

/** Where Deno keeps downloaded packages: its own place below the real home. */
function denoDirectory(): string {
  const home = Deno.env.get("HOME") ?? "/";
  return Deno.env.get("XDG_CACHE_HOME")
    ? `${Deno.env.get("XDG_CACHE_HOME")}/deno`
    : `${home}/.cache/deno`;
}
