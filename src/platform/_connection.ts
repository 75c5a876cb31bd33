import { follow } from "./follow.ts";
import { ConnectionError } from "./platform.ts";

/** A byte stream to one server. */
export interface Connection {
  /** The next bytes, at most {@linkcode PIECE} of them; `undefined` at the end. */
  read(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  write(bytes: Uint8Array): Promise<void>;
  /** Ends it at once; reads and writes under way reject. May be called twice. */
  close(): void;
}

/** Where to connect, and the name that the server must prove. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** `undefined`: plain TCP. */
  readonly tlsName: string | undefined;
  /** Take any certificate. */
  readonly insecureTls: boolean;
  /** PEM certificates to trust beside the system's. */
  readonly caCerts: readonly string[];
}

/** Bytes per read. Small, so that a compressed body cannot grow much in one step. */
const PIECE = 4096;

/** Anything else would be looked up as a name. */
const IP_ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$|:/;

/** Milliseconds for connecting and the TLS handshake with one address. */
const CONNECT_MS = 8000;

/**
 * Opens a connection to exactly this address: no name is resolved and no proxy variable is read.
 * @throws {ConnectionError} `unreachable` or `certificate`.
 */
export async function openConnection(target: Target, signal: AbortSignal): Promise<Connection> {
  if (!IP_ADDRESS.test(target.address)) throw new TypeError(`"${target.address}" is no address`);
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), CONNECT_MS);
  const unfollow = follow(slow, signal);
  try {
    return await connect(target, slow.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (slow.signal.aborted) {
      throw new ConnectionError("unreachable", "the server does not answer", { cause: error });
    }
    throw asConnectionError(error);
  } finally {
    unfollow();
    clearTimeout(timer);
  }
}

async function connect(target: Target, signal: AbortSignal): Promise<Connection> {
  if (target.tlsName !== undefined && target.insecureTls) {
    return await connectUnverified(target, target.tlsName, signal);
  }
  const { address: hostname, port } = target;
  const plain = await Deno.connect({ transport: "tcp", hostname, port, signal });
  if (target.tlsName === undefined) return overDeno(plain);
  // Deno keeps the socket of a handshake that was given up until the server closes it; so let the
  // system at least find out when there is no server any more.
  plain.setKeepAlive(true);
  let open: Deno.Conn = plain;
  const stop = () => closeQuietly(open);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const secured = await Deno.startTls(plain, {
      hostname: target.tlsName,
      caCerts: [...target.caCerts],
      alpnProtocols: ["http/1.1"],
    });
    open = secured;
    await secured.handshake();
    return overDeno(secured);
  } catch (error) {
    closeQuietly(open);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function overDeno(conn: Deno.Conn): Connection {
  return {
    async read() {
      const buffer = new Uint8Array(PIECE);
      const size = await conn.read(buffer);
      return size === null ? undefined : buffer.subarray(0, size);
    },
    async write(bytes) {
      for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
    },
    close: () => closeQuietly(conn),
  };
}

function closeQuietly(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // it is closed already
  }
}

/** Deno's own TLS always verifies; Node's can be told not to. */
async function connectUnverified(
  target: Target,
  name: string,
  signal: AbortSignal,
): Promise<Connection> {
  const { connect } = await import("node:tls");
  const socket = connect({
    host: target.address,
    port: target.port,
    ...(IP_ADDRESS.test(name) ? {} : { servername: name }),
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
  });
  const stop = () => socket.destroy(new Error("stopped"));
  signal.addEventListener("abort", stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve).once("error", reject)
        .once("close", () => reject(new Error("the server hung up")));
    });
  } finally {
    signal.removeEventListener("abort", stop);
  }
  socket.on("error", () => {}); // reads and writes report it
  const arriving = socket[Symbol.asyncIterator]();
  let rest = new Uint8Array();
  return {
    async read() {
      if (rest.length === 0) {
        const { done, value } = await arriving.next();
        if (done) return undefined;
        rest = new Uint8Array(value);
      }
      const piece = rest.subarray(0, PIECE);
      rest = rest.subarray(PIECE);
      return piece;
    },
    write: (bytes) =>
      new Promise((resolve, reject) =>
        socket.write(bytes, (error) => error ? reject(error) : resolve())
      ),
    close: () => void socket.destroy(),
  };
}

function asConnectionError(error: unknown): Error {
  if (!(error instanceof Error)) return new ConnectionError("unreachable", String(error));
  if (error instanceof Deno.errors.NotCapable) return error;
  const reason = error.message.startsWith("invalid peer certificate")
    ? "certificate"
    : "unreachable";
  return new ConnectionError(reason, error.message, { cause: error });
}
