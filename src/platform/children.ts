/** A program of others that the launcher started, as whoever asked for it holds it. */
export interface Child {
  /** What it writes to standard output, in the pieces that arrive. Ends when it does. */
  readonly output: ReadableStream<Uint8Array>;
  /** The same of standard error. Has to be read, or the child is held up. */
  readonly errors: ReadableStream<Uint8Array>;
  /**
   * Hands it bytes on standard input. Resolves when it took them, or has ended.
   * @throws {Error} when it has ended already
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when it has ended, with a sentence about how. Never rejects. */
  readonly ended: Promise<string>;
  /**
   * Ends it with everything that it started: its input ends, then it is told to stop, then it is
   * killed. Resolves when that is done.
   */
  end(): Promise<void>;
}

/** Starts programs of others; only those that the configuration names. */
export interface Children {
  /** @throws {CodedError} `server_failed` when there is no such server, or it cannot be started */
  start(server: string): Promise<Child>;
}

/** What the launcher tells the holder of a child. Bytes are taken over, not copied. */
export type FromChild =
  | { readonly kind: "out" | "err"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "wrote" }
  | { readonly kind: "ended"; readonly how: string };

/** What the holder of a child tells the launcher. */
export type ToChild =
  | { readonly kind: "in"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** So many bytes of what came were read, so as many more may come. */
  | { readonly kind: "taken"; readonly of: "out" | "err"; readonly bytes: number }
  | { readonly kind: "end" };

/** The child at the other end of a port. */
export function childOver(port: MessagePort): Child {
  const ended = Promise.withResolvers<string>();
  const output = createPipe((bytes) => post({ kind: "taken", of: "out", bytes }));
  const errors = createPipe((bytes) => post({ kind: "taken", of: "err", bytes }));
  const writing: PromiseWithResolvers<void>[] = [];
  let isOver = false;
  const post = (message: ToChild, moved: Transferable[] = []) => port.postMessage(message, moved);
  port.onmessage = ({ data }: MessageEvent<FromChild>) => {
    switch (data.kind) {
      case "out":
        return output.push(data.bytes);
      case "err":
        return errors.push(data.bytes);
      case "wrote":
        return writing.shift()?.resolve();
      case "ended":
        isOver = true;
        output.close();
        errors.close();
        for (const one of writing.splice(0)) one.resolve();
        port.close();
        return ended.resolve(data.how);
    }
  };
  return {
    output: output.stream,
    errors: errors.stream,
    ended: ended.promise,
    write(bytes) {
      if (isOver) return Promise.reject(new Error("it has ended"));
      const written = Promise.withResolvers<void>();
      writing.push(written);
      const own = new Uint8Array(bytes);
      post({ kind: "in", bytes: own }, [own.buffer]);
      return written.promise;
    },
    async end() {
      if (!isOver) post({ kind: "end" });
      await ended.promise;
    },
  };
}

/** A stream that says how much of it was read. What nobody wants any more counts as read. */
function createPipe(taken: (bytes: number) => void) {
  let control!: ReadableStreamDefaultController<Uint8Array>;
  const waiting: Uint8Array[] = [];
  let isWanted = false;
  let state: "open" | "closing" | "over" = "open";
  const step = () => {
    if (isWanted && waiting.length > 0) {
      const bytes = waiting.shift()!;
      isWanted = false;
      control.enqueue(bytes);
      taken(bytes.length);
    } else if (state === "closing" && waiting.length === 0) {
      state = "over";
      control.close();
    }
  };
  const stream = new ReadableStream<Uint8Array>({
    start: (given) => void (control = given),
    pull() {
      isWanted = true;
      step();
    },
    cancel() {
      state = "over";
      for (const { length } of waiting.splice(0)) taken(length);
    },
  }, { highWaterMark: 0 });
  return {
    stream,
    push(bytes: Uint8Array) {
      if (state === "over") return taken(bytes.length);
      waiting.push(bytes);
      step();
    },
    close() {
      if (state === "open") state = "closing";
      step();
    },
  };
}
