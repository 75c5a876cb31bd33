import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { CodedError, type Failure } from "../domain/failure.ts";
import type { Files } from "../platform/platform.ts";

// Needed before anything else starts: this file imports no third-party code.

/** Absolute paths of everything that stands below the home directory. */
export interface HomeLayout {
  readonly home: string;
  /** The configuration, unless another file was named. */
  readonly config: string;
  readonly secrets: string;
  readonly approvals: string;
  readonly cron: string;
  readonly runs: string;
  readonly audit: string;
  readonly usage: string;
  readonly state: string;
  readonly workspace: string;
  readonly clams: string;
  readonly build: string;
  readonly sessions: string;
  readonly logs: string;
  readonly docs: string;
  readonly memory: string;
  readonly upload: string;
  /** Root of the file tool; nothing of the program's own stands in it. */
  readonly files: string;
  /** Directories that the core may write to. The configuration is in none of them. */
  readonly writable: readonly string[];
}

const STATE = ["secrets", "approvals", "cron", "runs", "audit", "usage", "state"] as const;
const WORKSPACE = [
  "clams",
  "build",
  "sessions",
  "logs",
  "docs",
  "memory",
  "upload",
  "files",
] as const;

/** Where everything stands in a home directory, given by its absolute path. */
export function homeLayout(home: string): HomeLayout {
  const workspace = join(home, "workspace");
  const below = <T extends string>(base: string, names: readonly T[]) =>
    Object.fromEntries(names.map((name) => [name, join(base, name)])) as Record<T, string>;
  const state = below(home, STATE);
  return {
    home,
    config: join(home, "config.json"),
    ...state,
    workspace,
    ...below(workspace, WORKSPACE),
    writable: [...Object.values(state), workspace],
  };
}

/** Where the program finds its home and its configuration. */
export interface Places {
  readonly home: string;
  readonly config: string;
  /** Variables beside the configuration; need not exist. */
  readonly envFile: string;
}

/** Where everything is, or why that cannot be said. */
export type Located =
  | { readonly kind: "found"; readonly places: Places }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * Finds home and configuration: `--home`, then `CLAMBOT_HOME`, then `~/.clambot`; and `--config`,
 * then `CLAMBOT_CONFIG`, then `config.json` in the home. `args` are those of the command line;
 * nothing behind `--` counts. `cwd` is absolute; results are too.
 */
export function locatePlaces(
  args: readonly string[],
  env: (name: string) => string | undefined,
  cwd: string,
): Located {
  const person = env("HOME") || env("USERPROFILE");
  const absolute = (path: string) =>
    resolve(cwd, person && /^~[/\\]/.test(path) ? join(person, path.slice(2)) : path);
  for (const name of ["--home", "--config"]) {
    if (findOption(args, name) === "") {
      return usage(`${name} needs a path after it.`);
    }
  }
  const named = findOption(args, "--home") || env("CLAMBOT_HOME") ||
    (person && join(person, ".clambot"));
  if (!named) {
    return usage(
      "There is no home directory: HOME is not set.",
      "Name one with --home PATH or CLAMBOT_HOME.",
    );
  }
  const home = absolute(named);
  const config = absolute(
    findOption(args, "--config") || env("CLAMBOT_CONFIG") || join(home, "config.json"),
  );
  const failure = withinReach(home, config);
  return failure
    ? { kind: "failed", failure }
    : { kind: "found", places: { home, config, envFile: join(dirname(config), ".env") } };
}

function withinReach(home: string, config: string): Failure | undefined {
  const writable = homeLayout(home).writable.find((path) => isBelow(config, path));
  return writable === undefined ? undefined : {
    code: "usage",
    message: `The configuration must not stand in ${writable}, where the program itself writes.`,
    hint: `Move ${config} to another place.`,
  };
}

/**
 * Makes sure that the core cannot write to the configuration. Both paths are absolute and without
 * links.
 * @throws {CodedError} `usage`
 */
export function refuseWithinReach(home: string, config: string): void {
  const failure = withinReach(home, config);
  if (failure) throw new CodedError(failure.code, failure.message, failure.hint);
}

function usage(message: string, hint?: string): Located {
  const failure = { code: "usage", message } as const;
  return { kind: "failed", failure: hint === undefined ? failure : { ...failure, hint } };
}

/** The value of `--name VALUE` or `--name=VALUE`, the last one given; empty when it is missing. */
function findOption(args: readonly string[], name: string): string | undefined {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  let found: string | undefined;
  own.forEach((arg, index) => {
    if (arg === name) found = own[index + 1] ?? "";
    if (arg.startsWith(`${name}=`)) found = arg.slice(name.length + 1);
  });
  return found;
}

function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== "" && way !== ".." && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
}

const SEEDS: Readonly<Record<string, string>> = {
  "workspace/memory/MEMORY.md":
    "# Memory\n\n> What ClamBot keeps in mind about you. Change it as you like.\n",
  "workspace/memory/HISTORY.md":
    "# History\n\n> What was talked about, by date. ClamBot adds to it when a conversation ends.\n",
  "workspace/memory/HEARTBEAT.md": "# Standing tasks\n\n" +
    "> What ClamBot should look at now and then: one open checkbox per line. Behind it may stand\n" +
    "> when: (every 2h), (daily 09:00), or (once). As long as there is no task, it does nothing.\n",
};

/** What may stand in a home, beside backups. */
const OURS: readonly string[] = ["config.json", ".env", "workspace", ...STATE];

/**
 * Makes sure that the home is not a directory of something else, whose modes and content it would
 * change: nothing but what is ours stands in it, or `workspace` with something else of ours.
 * @throws {CodedError} `usage`
 */
export async function refuseForeignHome(files: Files): Promise<void> {
  const names = (await files.list()).map(({ name }) => name);
  const ours = names.filter((name) => OURS.includes(name) || name.startsWith("config.json."));
  if (ours.length === names.length || (ours.includes("workspace") && ours.length > 1)) return;
  throw new CodedError(
    "usage",
    `"${files.path}" holds other things, so it cannot become ClamBot's home.`,
    "Name a new or empty directory with --home DIR or CLAMBOT_HOME.",
  );
}

/**
 * Makes the home complete: directories (0700) and the first memory files, those that are missing
 * and no others. Repairs modes that let others in.
 * @returns a sentence for everything that was repaired
 */
export async function createHome(files: Files): Promise<readonly string[]> {
  const directories = [".", ...STATE, "workspace", ...WORKSPACE.map((name) => `workspace/${name}`)];
  for (const name of directories) await files.makeDirectory(name);
  for (const [name, text] of Object.entries(SEEDS)) {
    if (await files.stat(name) === undefined) await files.replace(name, text);
  }
  return await repairModes(files, [
    ...directories,
    "config.json",
    ".env",
    ...await filesIn(files, "secrets"),
    ...await filesIn(files, "approvals"),
    ...await filesIn(files, "state"),
  ]);
}

/**
 * Takes away what others than the owner may do with these files and directories. Names that do
 * not exist are skipped, and so are links, whose own modes mean nothing.
 * @returns a sentence for everything that was repaired
 */
export async function repairModes(
  files: Files,
  names: readonly string[],
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const name of names) {
    const found = await files.stat(name);
    if (found?.mode === undefined || found.kind === "other" || (found.mode & 0o077) === 0) continue;
    await files.restrict(name, found.kind === "directory" ? 0o700 : 0o600);
    warnings.push(
      `${join(files.path, name)} could be reached by others ` +
        `(mode ${found.mode.toString(8).padStart(4, "0")}); now only you can.`,
    );
  }
  return warnings;
}

async function filesIn(files: Files, directory: string): Promise<string[]> {
  const entries = await files.list(directory);
  return entries.filter(({ kind }) => kind === "file").map(({ name }) => `${directory}/${name}`);
}
