import type { ImportedFiles } from "../clams/imported.ts";
import type { ConfigChange } from "../config/change.ts";
import type { ConfigWarning } from "../config/parse.ts";
import type { Config } from "../config/schema.ts";
import type { HomeLayout } from "../config/home.ts";
import type { SocketPlace } from "../config/socket_place.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Children } from "../platform/children.ts";
import type { Workers } from "../platform/workers.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Files, Terminal } from "../platform/platform.ts";
import type { Credential, Vault } from "../secrets/vault.ts";
import type { ProgramEnd, ProgramOrder, UnitFile, UnitFileOrder } from "./service_unit.ts";

/** What the launcher does for the core: the few things the core has no permission for. */
export interface Launcher {
  /**
   * Text of a file that the person named on the command line.
   * @throws {CodedError} `file_not_found`, `file_failed` or `usage`
   */
  readArgument(path: string): Promise<string>;
  /**
   * The files of the clam that the person named on the command line of `clams import`.
   * @throws {CodedError} `file_not_found`, `file_failed` and the like, or `usage`
   */
  readClam(path: string): Promise<ImportedFiles>;
  /**
   * Adds to the file that the person named with `--show-prompts`.
   * @throws {CodedError} `file_failed` or `usage`
   */
  writePrompts(text: string): Promise<void>;
  /** Everything on standard input, for what is piped in. */
  readInput(): Promise<string>;
  /**
   * Sets keys of the person's configuration file, or takes them out (`undefined`).
   * @returns one line per change
   * @throws {CodedError} `config_invalid` when the result would not be valid; nothing is written
   */
  changeConfig(changes: readonly ConfigChange[]): Promise<readonly string[]>;
  /**
   * Shows, writes or removes the unit of the service.
   * @throws {CodedError} `service_failed` or `usage`
   */
  unitFile(order: UnitFileOrder): Promise<UnitFile>;
  /**
   * Opens the browser at an address that the facts of the command name.
   * @returns whether there is one to be opened
   * @throws {CodedError} `usage`
   */
  openAddress(url: string): Promise<boolean>;
  /**
   * Starts the program that a deed of `service` needs, and waits for its end.
   * @throws {CodedError} `service_failed` when there is none
   */
  startProgram(order: ProgramOrder): Promise<ProgramEnd>;
}

/** Everything a command needs of the world around it. */
export interface CliContext {
  readonly version: string;
  readonly layout: HomeLayout;
  readonly configPath: string;
  readonly config: Config;
  /** What was repaired in the home when the program started. */
  readonly repairs: readonly string[];
  readonly warnings: readonly ConfigWarning[];
  /** Variables that the launcher passes on; see `walls/launch.ts`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of the `.env` file beside the configuration; for commands that look for keys. */
  readonly envFile: Readonly<Record<string, string>>;
  /** Values of the variables that `secrets.environment` lists; for commands that run programs. */
  readonly variables: Readonly<Record<string, string>>;
  /** The key that systemd hands to a service. */
  readonly credential?: Credential | undefined;
  readonly vault: Vault;
  /** Knows every secret of the home, as far as the vault was read. */
  readonly redactor?: Redactor;
  readonly terminal: Terminal;
  /** Opens a directory of the home. */
  readonly openFiles: (path: string) => Files;
  readonly launcher: Launcher;
  /** The grants of each wall, printable. */
  readonly walls: readonly JsonObject[];
  /** Where the gateway listens; for commands that talk to it, or are it. */
  readonly socket?: SocketPlace;
  /** Tries to get out of the core's and a clam's wall, in every way. */
  tryWalls(): Promise<readonly WallTrial[]>;
  /** Starts the program's own workers. */
  readonly workers: Workers;
  /** Starts the programs of MCP servers. */
  readonly children: Children;
  /** Registers how something that runs is stopped; returns how to take it back. */
  onInterrupt(action: () => void): () => void;
  /** For commands that go on until they are told to stop. */
  readonly service: {
    /** Says that work is taken from now on. */
    serving(): void;
    /** Aborts when nothing new may begin, and the command is to end once nothing runs. */
    readonly draining: AbortSignal;
  };
}

/** One attempt to get out of a wall. */
export interface WallTrial {
  readonly wall: string;
  readonly tried: string;
  readonly outcome: "denied" | "possible";
  readonly detail: string;
}

/** How a command ends: 0 answered, 1 failed, 2 usage, 3 needs a person. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** A command's way to say how it ended. */
export type End = (code: ExitCode) => void;
