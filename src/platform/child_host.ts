import { CodedError } from "../domain/failure.ts";
import type { FromChild, ToChild } from "./children.ts";

/** How a program is started. Its environment is these variables and no others. */
export interface ChildCommand {
  /** Absolute path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Bounds of children. */
export interface ChildBounds {
  /** Bytes that a child may have written without anybody having read them. */
  readonly unread: number;
  /** The same of what it wrote to standard error. */
  readonly unreadErrors: number;
  /** Bytes that may wait for a child to read them. */
  readonly unwritten: number;
  /** Milliseconds from the end of its input to the stop signal, and from there to its being killed. */
  readonly graceMs: number;
  /** Children that may live at once. */
  readonly living: number;
}

export const CHILD_BOUNDS: ChildBounds = {
  unread: 1_048_576,
  unreadErrors: 65_536,
  unwritten: 33_554_432,
  graceMs: 2_000,
  living: 32,
};

/** Starts programs and holds on to each until it has ended, with everything that it started. */
export interface ChildHost {
  /**
   * Starts one; the port is for whoever wants it.
   * @throws {CodedError} `server_failed` when it cannot be started, or too many live
   */
  start(command: ChildCommand): MessagePort;
  /** Ends the input of every one, and kills what lives after so many milliseconds. */
  endAll(ms: number): Promise<void>;
  /** Kills every one at once. */
  killAll(): void;
  living(): number;
}

/** Children of this process. What they write is passed on as it is and read by nobody here. */
export function createChildHost(bounds: ChildBounds = CHILD_BOUNDS): ChildHost {
  const living = new Map<Deno.ChildProcess, { readonly endInput: () => void }>();
  const killAll = () => {
    for (const { pid } of living.keys()) signalGroup(pid, "SIGKILL");
  };
  return {
    start(command) {
      if (living.size >= bounds.living) {
        throw new CodedError("server_failed", `${bounds.living} servers run already.`);
      }
      const child = spawn(command);
      const { port1, port2 } = new MessageChannel();
      const endInput = relay(child, port1, bounds, () => void living.delete(child));
      living.set(child, { endInput });
      return port2;
    },
    async endAll(ms) {
      const ended = [...living].map(([child, { endInput }]) => {
        endInput();
        return child.status;
      });
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, ms);
      await Promise.race([Promise.all(ended), late.promise]);
      clearTimeout(timer);
      killAll();
    },
    killAll,
    living: () => living.size,
  };
}

/** In a process group of its own, so that what it starts can be ended with it. */
function spawn({ program, args, env, cwd }: ChildCommand): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      env: { ...env },
      clearEnv: true,
      cwd,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      detached: Deno.build.os !== "windows",
    }).spawn();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CodedError("server_failed", `The program "${program}" cannot be started: ${why}`);
  }
}

function relay(
  child: Deno.ChildProcess,
  port: MessagePort,
  bounds: ChildBounds,
  gone: () => void,
): () => void {
  const ending = createEnding(child, bounds.graceMs);
  const windows = { out: createWindow(bounds.unread), err: createWindow(bounds.unreadErrors) };
  let isUnwanted = false;
  const post = (message: FromChild, moved: Transferable[] = []) => port.postMessage(message, moved);
  const input = createInput(child.stdin, bounds.unwritten, {
    wrote: () => post({ kind: "wrote" }),
    flooded: () => ending.kill(),
  });
  port.onmessage = ({ data }: MessageEvent<ToChild>) => {
    switch (data.kind) {
      case "in":
        return input.write(data.bytes);
      case "taken":
        return windows[data.of]?.taken(data.bytes);
      case "end":
        isUnwanted = true; // what it still writes is read so that it can end, and dropped
        windows.out.open();
        return ending.begin(() => input.end());
    }
  };
  const pass = async (kind: "out" | "err", stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    const window = windows[kind];
    try {
      for await (const bytes of stream) {
        await window.room();
        if (isUnwanted && kind === "out") continue;
        window.sent(bytes.length);
        post({ kind, bytes }, [bytes.buffer]);
      }
    } catch {
      // the pipe broke; how the child ended is told anyway
    }
  };
  const reading = Promise.all([pass("out", child.stdout), pass("err", child.stderr)]);
  child.status.then(async (status) => {
    ending.over(); // whatever it started goes too, and with it whoever holds the pipes
    windows.out.open();
    windows.err.open();
    await reading;
    input.end();
    gone();
    post({ kind: "ended", how: describe(status) });
    port.close();
  });
  return () => {
    isUnwanted = true;
    windows.out.open();
    input.end();
  };
}

function describe({ code, signal }: Deno.CommandStatus): string {
  return signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
}

/** How much was sent and not yet read. */
function createWindow(most: number) {
  let unread = 0;
  let isOpen = false;
  let waiting: PromiseWithResolvers<void> | undefined;
  const look = () => {
    if (unread >= most && !isOpen) return;
    waiting?.resolve();
    waiting = undefined;
  };
  return {
    async room() {
      while (unread >= most && !isOpen) {
        waiting ??= Promise.withResolvers<void>();
        await waiting.promise;
      }
    },
    sent: (bytes: number) => void (unread += bytes),
    taken(bytes: number) {
      if (Number.isSafeInteger(bytes) && bytes > 0) unread = Math.max(0, unread - bytes);
      look();
    },
    /** From now on nobody is waited for: the child is to end. */
    open() {
      isOpen = true;
      look();
    },
  };
}

/** Writes in order; a child that reads nothing for too long is given up. */
function createInput(
  pipe: WritableStream<Uint8Array>,
  most: number,
  { wrote, flooded }: { readonly wrote: () => void; readonly flooded: () => void },
) {
  const writer = pipe.getWriter();
  writer.closed.catch(() => {});
  let unwritten = 0;
  return {
    write(bytes: Uint8Array) {
      if (!(bytes instanceof Uint8Array)) return;
      unwritten += bytes.length;
      if (unwritten > most) return flooded();
      writer.write(bytes).catch(() => {}).then(() => {
        unwritten -= bytes.length;
        wrote();
      });
    },
    end: () => void writer.close().catch(() => {}),
  };
}

/** The steps by which a child is ended, each if the one before did not do (MCP: stdio, shutdown). */
function createEnding({ pid }: Deno.ChildProcess, graceMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const later = (deed: () => void) => {
    timer = setTimeout(() => isOver || deed(), graceMs);
  };
  const kill = () => {
    if (!isOver) signalGroup(pid, "SIGKILL");
  };
  return {
    begin(endInput: () => void) {
      if (timer !== undefined || isOver) return;
      endInput();
      later(() => {
        signalGroup(pid, "SIGTERM");
        later(kill);
      });
    },
    kill,
    over() {
      isOver = true;
      clearTimeout(timer);
      signalGroup(pid, "SIGKILL");
    },
  };
}

/** Signals a child and all that it started, as far as that stayed in its group. */
function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    Deno.kill(Deno.build.os === "windows" ? pid : -pid, signal);
  } catch {
    // nothing of it is left
  }
}
