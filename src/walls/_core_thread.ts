import type { ServerPrograms } from "./server_programs.ts";
import { readToLauncher, type Start, type ToCore, type ToLauncher } from "./_messages.ts";

/** What a core is started with. */
export interface CoreOrder {
  readonly start: Start;
  readonly permissions: Deno.PermissionOptionsObject;
  /** What may be started for MCP servers while this core runs; nothing where it is left out. */
  readonly servers?: ServerPrograms;
}

/** A core that runs. */
export interface CoreThread {
  tell(message: ToCore): void;
  /** Ends it; nothing is heard of it any more. */
  end(): void;
}

/** What is heard of a core. */
export type CoreMessage = Exclude<ToLauncher, { kind: "ready" | "crashed" }>;

/** Whoever listens to a core. */
export interface CoreListener {
  /** It has been told what to do. */
  began(): void;
  heard(message: CoreMessage): void;
  /** An error that nothing in it caught ended it. */
  crashed(why: string): void;
}

/**
 * Starts the core as a worker with exactly these permissions. Its messages are passed on in order; one
 * that cannot be read is answered by a refusal.
 */
export function startCoreThread(
  script: URL,
  { start, permissions }: CoreOrder,
  { began, heard, crashed }: CoreListener,
): CoreThread {
  const worker = new Worker(script, { type: "module", name: "core", deno: { permissions } });
  const tell = (message: ToCore) => {
    const port = message.kind === "answer" ? message.port : undefined;
    worker.postMessage(message, port === undefined ? [] : [port]);
  };
  const begin = () => {
    tell(start);
    began();
  };
  const end = () => {
    worker.onmessage = null;
    worker.terminate();
  };
  const broke = (why: string) => {
    end();
    crashed(why);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    broke(event.message);
  };
  worker.onmessage = ({ data }) => {
    const message = readToLauncher(data);
    if (message === undefined) tell(refusalOf(data));
    else if (message.kind === "ready") begin();
    else if (message.kind === "crashed") broke(message.why);
    else heard(message);
  };
  return { tell, end };
}

function refusalOf(unread: unknown): ToCore {
  const { id } = (unread ?? {}) as { readonly id?: unknown };
  return {
    kind: "refusal",
    id: Number.isSafeInteger(id) ? id as number : 0,
    failure: { code: "internal", message: "The launcher cannot read this message." },
  };
}
