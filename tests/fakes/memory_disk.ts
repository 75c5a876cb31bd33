import { dirname, join, relative, resolve } from "node:path";
import { CodedError } from "../../src/domain/failure.ts";
import { createKeyedQueue, type KeyedQueue } from "../../src/platform/keyed_queue.ts";
import type { AppendFile, FileEntry, Files, FileStat } from "../../src/platform/platform.ts";

/**
 * What goes wrong at the n-th write, counted from 1. `error`: this one write is refused. `full`: it
 * and every later one. `killed`: the process ends in the middle of it, so that a line that was being
 * added is torn and a file that was being replaced is the old one. `killed_after`: it ends when the
 * write is done and before anybody knows.
 */
export interface Fault {
  readonly kind: "error" | "full" | "killed" | "killed_after";
  readonly at: number;
}

interface Node {
  /** `undefined` for a directory. */
  readonly bytes: Uint8Array | undefined;
  readonly modified: number;
  readonly mode: number;
}

/** A disk in memory that fails when it is told to; several directories of it can be open. */
export class MemoryDisk {
  /** Each write so far: what was done to which path. */
  readonly writes: string[] = [];
  /** Resolves when the process was killed; nothing that is asked of the disk then ever ends. */
  readonly killed: Promise<void>;
  #nodes: Map<string, Node>;
  #ticks = 0;
  #isDead = false;
  readonly #opened = new Set<string>();
  readonly #queue: KeyedQueue = createKeyedQueue();
  readonly #kill: () => void;

  constructor(readonly fault?: Fault, nodes: ReadonlyMap<string, Node> = new Map()) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.killed = promise;
    this.#kill = resolve;
    this.#nodes = new Map(nodes);
  }

  /** The disk as the next process finds it. */
  restarted(fault?: Fault): MemoryDisk {
    return new MemoryDisk(fault, this.#nodes);
  }

  /** Text of every file, by its path. */
  texts(): ReadonlyMap<string, string> {
    const decoder = new TextDecoder();
    return new Map(
      [...this.#nodes].flatMap(([path, { bytes }]) =>
        bytes ? [[path, decoder.decode(bytes)] as const] : []
      ),
    );
  }

  /** A directory, as `openFiles` opens one. */
  readonly openFiles = (root: string): Files => {
    const at = (name: string) => {
      const full = resolve(root, name);
      if (relative(root, full).startsWith("..")) throw new RangeError(`"${name}" leads out`);
      return full;
    };
    return {
      path: root,
      under: (name) => this.openFiles(at(name)),
      readText: (name) =>
        this.#read(() => {
          const bytes = this.#bytesOf(at(name));
          return bytes && new TextDecoder().decode(bytes);
        }),
      readBytes: (name, from = 0) => this.#read(() => this.#bytesOf(at(name))?.slice(from)),
      replace: (name, content) =>
        this.#write("replace", at(name), (path) => this.#put(path, content)),
      append: (name, content) =>
        this.#write(
          "append",
          at(name),
          (path) => this.#put(path, joined(this.#bytesOf(path), toBytes(content))),
          (path) => this.#put(path, joined(this.#bytesOf(path), halfOf(content))),
        ),
      list: (name = ".") => this.#read(() => this.#list(at(name))),
      stat: (name) => this.#read(() => statOf(this.#nodes.get(at(name)))),
      makeDirectory: (name = ".") =>
        this.#write("make", at(name), (path) => this.#makeDirectory(path)),
      move: (from, to) =>
        this.#write("move", at(to), (path) => {
          const moved = [...this.#nodes].filter(([one]) => isWithin(one, at(from)));
          if (moved.length === 0) throw refused(`"${from}" is not there`);
          this.#makeDirectory(dirname(path));
          for (const [one, node] of moved) {
            this.#nodes.delete(one);
            this.#nodes.set(path + one.slice(at(from).length), node);
          }
        }),
      remove: (name) =>
        this.#write("remove", at(name), (path) => {
          for (const one of [...this.#nodes.keys()]) {
            if (isWithin(one, path)) this.#nodes.delete(one);
          }
        }),
      restrict: (name, mode) =>
        this.#write("restrict", at(name), (path) => {
          const node = this.#nodes.get(path);
          if (node) this.#nodes.set(path, { ...node, mode });
        }),
      openAppend: (name) => this.#openAppend(at(name)),
      locked: (name, action, signal) => this.#queue.run(at(name), action, signal),
    };
  };

  async #openAppend(path: string): Promise<AppendFile | undefined> {
    if (this.#isDead) await never;
    await Promise.resolve();
    if (this.#opened.has(path)) return undefined;
    this.#opened.add(path);
    return {
      append: (text) =>
        this.#write(
          "append",
          path,
          () => this.#put(path, joined(this.#bytesOf(path), toBytes(text))),
          () => this.#put(path, joined(this.#bytesOf(path), halfOf(text))),
        ),
      cut: (bytes) =>
        this.#write("cut", path, () => this.#put(path, this.#bytesOf(path)?.slice(0, bytes) ?? "")),
      close: () => void this.#opened.delete(path),
    };
  }

  async #read<T>(look: () => T): Promise<T> {
    if (this.#isDead) await never;
    await Promise.resolve();
    return look();
  }

  async #write(
    what: string,
    path: string,
    act: (path: string) => void,
    half: (path: string) => void = () => {},
  ): Promise<void> {
    if (this.#isDead) await never;
    await Promise.resolve();
    this.writes.push(`${what} ${path}`);
    const { kind, at = 0 } = this.fault ?? {};
    const count = this.writes.length;
    if (kind === "error" && count === at) throw refused("the system says no");
    if (kind === "full" && count >= at) {
      throw new CodedError("disk_full", `The disk is full: nothing can be written to ${path}.`);
    }
    if (kind === "killed" && count === at) half(path);
    else act(path);
    if (kind?.startsWith("killed") && count === at) {
      this.#isDead = true;
      this.#kill();
      await never;
    }
  }

  #bytesOf(path: string): Uint8Array | undefined {
    const node = this.#nodes.get(path);
    if (node && !node.bytes) throw refused(`"${path}" is a directory`);
    return node?.bytes;
  }

  #put(path: string, content: string | Uint8Array): void {
    this.#makeDirectory(dirname(path));
    this.#nodes.set(path, { bytes: toBytes(content), modified: ++this.#ticks, mode: 0o600 });
  }

  #makeDirectory(path: string): void {
    for (let one = path; !this.#nodes.has(one); one = dirname(one)) {
      this.#nodes.set(one, { bytes: undefined, modified: ++this.#ticks, mode: 0o700 });
    }
  }

  #list(path: string): FileEntry[] {
    return [...this.#nodes].filter(([one]) => one !== path && dirname(one) === path)
      .map(([one, { bytes }]): FileEntry => ({
        name: one.slice(path.length + 1),
        kind: bytes ? "file" : "directory",
      }))
      .sort((a, b) => a.name < b.name ? -1 : 1);
  }
}

const never = new Promise<never>(() => {});

function refused(why: string): CodedError {
  return new CodedError("file_failed", `Cannot write: ${why}.`);
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function halfOf(content: string | Uint8Array): Uint8Array {
  const bytes = toBytes(content);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

function joined(before: Uint8Array = new Uint8Array(), after: Uint8Array): Uint8Array {
  const all = new Uint8Array(before.length + after.length);
  all.set(before);
  all.set(after, before.length);
  return all;
}

function statOf(node: Node | undefined): FileStat | undefined {
  if (!node) return undefined;
  const { bytes, modified, mode } = node;
  return { kind: bytes ? "file" : "directory", size: bytes?.length ?? 0, modified, mode };
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(join(directory, "/"));
}
