import { CodedError } from "../../domain/failure.ts";
import { createKeyedQueue } from "../../platform/keyed_queue.ts";
import type { Workers } from "../../platform/workers.ts";
import type { PageRange } from "./_page_ranges.ts";
import type { PdfOrder, PdfPages, PdfReply } from "./pdf_worker.ts";

/** Reads pages of a document. `path` is for sentences. */
export type PdfDocumentReader = (
  document: {
    readonly path: string;
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly ranges: readonly PageRange[];
    readonly mostChars: number;
  },
  signal: AbortSignal,
) => Promise<PdfPages>;

/** What reading may use. */
export type PdfLimits = Pick<PdfOrder, "totalMs" | "step">;

const LIMITS: PdfLimits = { totalMs: 40_000, step: { ms: 5000, bytes: 256 * 1024 * 1024 } };

/** Milliseconds for starting a worker, and for a last step. */
const START_MS = 30_000;

/**
 * Reads documents in workers without permissions, one worker a document and one document at a time:
 * what each may take of the memory, several would take together. The reader throws a
 * `CodedError`: `file_type_mismatch` for what is no PDF, `tool_failed` for one that cannot be read.
 */
export function createPdfDocumentReader(
  workers: Workers,
  limits: PdfLimits = LIMITS,
): PdfDocumentReader {
  const queue = createKeyedQueue();
  return async ({ path, bytes, ranges, mostChars }, signal) => {
    if (!hasHeader(bytes)) {
      throw new CodedError(
        "file_type_mismatch",
        `"${path}" is no PDF: it does not begin like one.`,
      );
    }
    const order = { bytes: bytes.buffer, ranges, mostChars, ...limits };
    const reply = await queue.run("", () => ask(order, path, workers, signal), signal);
    if (reply.kind === "pages") return reply;
    throw new CodedError("tool_failed", ...complaint(reply, path));
  };
}

async function ask(
  order: PdfOrder,
  path: string,
  workers: Workers,
  signal: AbortSignal,
): Promise<PdfReply> {
  signal.throwIfAborted();
  const worker = await workers.start("pdf");
  const { promise, resolve, reject } = Promise.withResolvers<PdfReply>();
  const late = setTimeout(() => resolve({ kind: "tangled" }), order.totalMs + START_MS);
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  worker.port.onmessage = ({ data }: MessageEvent<PdfReply>) => resolve(data);
  worker.ended.then((why) =>
    reject(new CodedError("tool_failed", `"${path}" made the PDF reader end: ${why}.`))
  );
  try {
    signal.throwIfAborted();
    worker.port.postMessage(order, [order.bytes]);
    return await promise;
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", stop);
    promise.catch(() => {});
    worker.end();
  }
}

/** A PDF says that it is one within its first KiB (ISO 32000-1, annex H.3.4.1). */
function hasHeader(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, 1024)).includes("%PDF-");
}

function complaint(
  reply: Exclude<PdfReply, PdfPages>,
  path: string,
): [message: string, hint?: string] {
  switch (reply.kind) {
    case "locked":
      return [
        `"${path}" is protected by a password, so it cannot be read.`,
        "Put a copy without a password in its place.",
      ];
    case "broken":
      return [`"${path}" is damaged: ${reply.why.replace(/\.$/, "")}.`];
    case "tangled":
      return reply.page === undefined
        ? [`"${path}" cannot be read: it takes too much time or memory.`]
        : [
          `Page ${reply.page} of "${path}" cannot be read: it takes too much time or memory.`,
          "Name other pages with the argument pages.",
        ];
  }
}
