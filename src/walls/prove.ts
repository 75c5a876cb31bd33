/** One thing a wall was tried with, and what became of it. */
export interface Trial {
  readonly tried: string;
  readonly outcome: "denied" | "possible";
  /** The error's name, or what was reached. */
  readonly detail: string;
}

/** Where the trials are made; all of it lies outside what the core may touch. */
export interface Targets {
  /** A file outside the home that exists, such as `/etc/hosts`. */
  readonly outsideFile: string;
  /** A path outside the home where nothing stands. */
  readonly outsideWrite: string;
  /** The configuration file. */
  readonly config: string;
  /** A listening address on loopback. */
  readonly connect: { readonly hostname: string; readonly port: number };
  /** An executable. */
  readonly program: string;
  /** Address of a module on another host. */
  readonly foreignModule: string;
}

/**
 * Tries to get out of the wall it is called in, in every way there is. Nothing that succeeds changes
 * anything: the write trials only open, and what they create is removed.
 */
export async function tryEverything(targets: Targets): Promise<Trial[]> {
  const { outsideFile, outsideWrite, config, connect, program, foreignModule } = targets;
  return [
    await attempt("read a file outside the home", () => Deno.readTextFile(outsideFile)),
    await attempt(
      "list a directory outside the home",
      () => Deno.readDirSync("/")[Symbol.iterator]().next(),
    ),
    await attempt("write a file outside the home", () => openAndRemove(outsideWrite)),
    await attempt("write the configuration", () => openForWriting(config)),
    await attempt("replace the configuration", () => Deno.rename(config, `${config}.moved`)),
    await attempt("connect to an address", async () => (await Deno.connect(connect)).close()),
    await attempt(
      "listen on a port",
      () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
    ),
    await attempt("read the environment", () => Deno.env.toObject()),
    await attempt("start a program", () => startProgram(program)),
    await attempt("load native code", () => Deno.dlopen(outsideFile, {}).close()),
    await attempt("ask the system who it is", () => Deno.hostname()),
    await attempt("import foreign code", () => import(foreignModule)),
    await attempt("import a file", () => import(new URL(outsideFile, "file:///").href)),
    await attempt(
      "import a file as data",
      () => import(new URL(outsideFile, "file:///").href, { with: { type: "json" } }),
    ),
    await attempt("start a worker with more permissions", startStrongWorker),
  ];
}

/** Tries what the launcher of a command that answers once has given up. `program`: an executable. */
export async function tryGivenUpRights(program: string): Promise<Trial[]> {
  return [
    await attempt("start a program", () => startProgram(program)),
    await attempt(
      "connect to an address",
      async () => (await Deno.connect({ hostname: "127.0.0.1", port: 9 })).close(),
    ),
    await attempt("read the environment", () => Deno.env.toObject()),
  ];
}

/** How the runtime words a refusal where it has no error class for it. */
const REFUSED = /Requires .* access|escalat|permission|Module not found: https?:/i;

async function attempt(tried: string, action: () => unknown): Promise<Trial> {
  try {
    await action();
    return { tried, outcome: "possible", detail: "it worked" };
  } catch (error) {
    const detail = error instanceof Error ? error.name : String(error);
    const denied = error instanceof Deno.errors.NotCapable ||
      (error instanceof Error && REFUSED.test(error.message));
    return { tried, outcome: denied ? "denied" : "possible", detail };
  }
}

function startProgram(program: string): void {
  new Deno.Command(program, { args: ["--version"] }).outputSync();
}

function openForWriting(path: string): void {
  Deno.openSync(path, { write: true, create: false }).close();
}

function openAndRemove(path: string): void {
  Deno.openSync(path, { write: true, createNew: true }).close();
  Deno.removeSync(path);
}

function startStrongWorker(): void {
  const worker = new Worker("data:text/javascript,0", {
    type: "module",
    deno: { permissions: { read: true, run: true } },
  });
  worker.terminate();
}
