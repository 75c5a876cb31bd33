/** The world in small pieces. Everything else in the house asks for the smallest of these. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that only move forward; for durations. */
  monotonic(): number;
  /** The person's IANA time zone. */
  zone(): string;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** Bytes fit for keys. */
  bytes(length: number): Uint8Array;
  /** A fresh lower-case id of 16 letters and digits. */
  id(): string;
}

export interface FileEntry {
  readonly name: string;
  readonly kind: "file" | "directory" | "other";
}

export interface FileStat {
  readonly kind: "file" | "directory" | "other";
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Permission bits, `undefined` where the system has none. */
  readonly mode: number | undefined;
}

/**
 * A directory of the program's own that cannot be left: every path is relative to it, and one
 * that would lead out throws. Not meant for paths that a program or a person chose; the file tool
 * has its own room for those.
 *
 * What the system refuses leaves as a `CodedError`: `disk_full`, else `file_failed`, with a sentence
 * for the person and the system's own error as its `cause`. No other error comes from here but the
 * `RangeError` of a path that leads out.
 */
export interface Files {
  /** Absolute path of this directory. It need not exist yet. */
  readonly path: string;
  /** The same for a directory below. */
  under(path: string): Files;
  /** Text of a file; `undefined` when there is none. */
  readText(path: string): Promise<string | undefined>;
  /** Bytes of a file from `from` (0) to its end; `undefined` when there is none. */
  readBytes(path: string, from?: number): Promise<Uint8Array | undefined>;
  /**
   * Puts a file in place of the old one: a temporary file beside it, fsync, rename. After a crash
   * there is the old or the new content, never a mix. Creates parents (0700). Mode 0600.
   */
  replace(path: string, content: string | Uint8Array): Promise<void>;
  /** Adds to the end and syncs. Creates the file (0600) and its parents (0700). */
  append(path: string, content: string | Uint8Array): Promise<void>;
  /** Entries by name, `[]` when there is no such directory. */
  list(path?: string): Promise<readonly FileEntry[]>;
  stat(path: string): Promise<FileStat | undefined>;
  makeDirectory(path?: string): Promise<void>;
  /** Renames within this directory; replaces a file that stands there. */
  move(from: string, to: string): Promise<void>;
  /** Removes a file or a whole directory; nothing happens when there is none. */
  remove(path: string): Promise<void>;
  /** Restricts a file or directory to its owner. */
  restrict(path: string, mode: 0o600 | 0o700): Promise<void>;
  /**
   * Opens a file for adding to and keeps it open, for this caller alone: `undefined` when another
   * caller or process has it open so. Creates it (0600) and its parents (0700). The system frees it
   * when the process dies.
   */
  openAppend(path: string): Promise<AppendFile | undefined>;
  /**
   * Runs `action` while holding the lock file `<name>.lock` of this directory against other
   * processes and other callers of this one. The system frees it when the process dies. Rejects
   * with the signal's reason when that is aborted while it waits for the lock.
   */
  locked<T>(name: string, action: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** A file that is being added to; see {@linkcode Files.openAppend}. */
export interface AppendFile {
  /**
   * Adds to the end; `durable`: it is on the disk itself when this resolves. What could not be
   * written whole is taken back, as far as the system lets it.
   */
  append(text: string, durable: boolean): Promise<void>;
  /** Takes away everything behind this many bytes. */
  cut(bytes: number): Promise<void>;
  close(): void;
}

/** Why a request to one address failed. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  /**
   * `unreachable`: no connection, nothing of the request was sent. `certificate`: the server could
   * not prove its name, nothing was sent. `broken`: it failed on the way; it may have been sent.
   */
  readonly reason: "unreachable" | "certificate" | "broken";

  constructor(reason: ConnectionError["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** A server that knows the addresses of names. */
export interface NameServer {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  readonly port: number;
}

/** The network as `net/` needs it: names to addresses, and a request to one address. */
export interface Network {
  /**
   * All addresses of a host name, IPv4 and IPv6. Throws when there are none or the name server
   * does not answer. Without `nameServers` the system's are asked.
   */
  lookup(
    hostname: string,
    nameServers: readonly NameServer[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /**
   * Sends one request to exactly this address, without following redirects and without any proxy.
   * TLS server name, certificate name and Host header are those of the request's URL. The body of
   * the answer streams, with gzip taken off; cancelling it or aborting `signal` ends the connection.
   * @throws {ConnectionError} also from the body's stream.
   */
  fetchAt(
    request: Request,
    target: { readonly address: string; readonly port: number; readonly insecureTls?: boolean },
    signal: AbortSignal,
  ): Promise<Response>;
}

/**
 * The web's `fetch` as providers need it: straight to an address that the person configured. It
 * follows no redirect, so that no credential can be led to another host.
 */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface Terminal {
  /** Standard input and output are both a terminal: somebody can be asked. */
  readonly interactive: boolean;
  readonly color: boolean;
  /** Width in characters. */
  columns(): number;
  /** What is piped in; it can be read once. */
  input(): ReadableStream<Uint8Array>;
  /** Writes to standard output as it is. */
  out(text: string): void;
  /** Writes to standard error as it is. */
  err(text: string): void;
}

export interface Log {
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
}
