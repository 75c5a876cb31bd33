import { CodedError } from "../../domain/failure.ts";
import type { Workers } from "../../platform/workers.ts";
import type { Page } from "./_markdown.ts";
import type { PageOrder, PageReply } from "./html_worker.ts";

/** Reads HTML as Markdown. `url` is where it came from, for links. */
export type PageReader = (html: string, url: string, signal: AbortSignal) => Promise<Page>;

/** CPU time for one page, and the time to start a worker, in milliseconds. */
const READ_MS = 3000;
const START_MS = 5000;

/**
 * Reads pages in workers without permissions, one worker a page.
 * The reader throws a `CodedError` `tool_failed` when a page cannot be read in time.
 */
export function createPageReader(workers: Workers, readMs: number = READ_MS): PageReader {
  return (html, url, signal) => readPage({ html, url, limitMs: readMs }, workers, signal);
}

async function readPage(order: PageOrder, workers: Workers, signal: AbortSignal): Promise<Page> {
  signal.throwIfAborted();
  const worker = await workers.start("html");
  const { promise, resolve, reject } = Promise.withResolvers<PageReply>();
  const timer = setTimeout(() => resolve({ kind: "unreadable" }), order.limitMs + START_MS);
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  worker.port.onmessage = ({ data }: MessageEvent<PageReply>) => resolve(data);
  worker.ended.then((why) =>
    reject(new CodedError("tool_failed", `The page reader does not start: ${why}.`))
  );
  try {
    signal.throwIfAborted();
    worker.port.postMessage(order);
    const reply = await promise;
    if (reply.kind === "page") return reply.page;
    throw new CodedError(
      "tool_failed",
      `The page "${order.url}" cannot be read as text: its HTML is too tangled.`,
      "http_request returns it as it is.",
    );
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    promise.catch(() => {});
    worker.end();
  }
}
