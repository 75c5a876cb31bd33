import { CodedError } from "../domain/failure.ts";
import { abortable } from "./abortable.ts";
import { atBorder } from "./_file_errors.ts";

/** One end of a conversation between two processes of this machine. */
export interface LocalConnection {
  /** The next bytes; `undefined` at the end, also when the other end broke off. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolves when the system has taken all of it; rejects when nobody is there any more. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends it at once. May be called twice. */
  close(): void;
}

/** A socket that others of the same person connect to. */
export interface LocalListener {
  /** The next who connects; `undefined` once it is closed. */
  accept(): Promise<LocalConnection | undefined>;
  /** Stops listening and takes the socket's file away. May be called twice. */
  close(): void;
}

/** What came of connecting. `silent`: something listens there, and takes nobody. */
export type Connected =
  | { readonly kind: "connected"; readonly connection: LocalConnection }
  | { readonly kind: "nobody" }
  | { readonly kind: "silent" };

/**
 * Listens at a path, by a file that only its owner can use; the launcher sees to it that nobody else
 * can enter its directory. What an ended process left there is taken away.
 * @throws {CodedError} `usage` when somebody listens there; else `file_failed` or `disk_full`
 */
export async function listenLocally(path: string, signal?: AbortSignal): Promise<LocalListener> {
  const before = await connectLocally(path, signal);
  if (before.kind === "connected") before.connection.close();
  if (before.kind !== "nobody") {
    throw new CodedError("usage", `Another process of ClamBot listens at "${path}".`);
  }
  return await atBorder("write", path, async () => {
    await removeFile(path);
    const listener = Deno.listen({ transport: "unix", path });
    try {
      // it is made for everybody; until here the directory keeps others away
      await Deno.chmod(path, 0o600);
    } catch (error) {
      listener.close();
      throw error;
    }
    return listenerOf(listener);
  });
}

/**
 * Connects to who listens at a path.
 * @throws {CodedError} `file_failed` when the socket may not be used; and the signal's reason
 */
export async function connectLocally(path: string, signal?: AbortSignal): Promise<Connected> {
  signal?.throwIfAborted();
  const connecting = Deno.connect({ transport: "unix", path });
  try {
    return { kind: "connected", connection: connectionOf(await abortable(connecting, signal)) };
  } catch (error) {
    connecting.then((late) => late.close(), () => {});
    signal?.throwIfAborted();
    // a socket whose process has ended refuses; a file that is no socket does too
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused) {
      return { kind: "nobody" };
    }
    // its queue of those who wait is full
    if (error instanceof Deno.errors.WouldBlock) return { kind: "silent" };
    return await atBorder("read", path, () => Promise.reject(error));
  }
}

async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function listenerOf(listener: Deno.UnixListener): LocalListener {
  let isOpen = true;
  return {
    async accept() {
      try {
        return connectionOf(await listener.accept());
      } catch (error) {
        if (!isOpen) return undefined;
        throw error;
      }
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      listener.close();
    },
  };
}

/** Bytes per read. */
const PIECE = 65_536;

function connectionOf(socket: Deno.Conn): LocalConnection {
  let isOpen = true;
  return {
    async read() {
      const piece = new Uint8Array(PIECE);
      try {
        const length = await socket.read(piece);
        return length === null ? undefined : piece.subarray(0, length);
      } catch {
        return undefined; // closed at one end or the other
      }
    },
    async write(bytes) {
      for (let sent = 0; sent < bytes.length;) sent += await socket.write(bytes.subarray(sent));
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      socket.close();
    },
  };
}
