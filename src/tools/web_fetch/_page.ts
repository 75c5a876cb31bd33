import { CodedError } from "../../domain/failure.ts";
import type { Page } from "./_markdown.ts";
import type { PageOrder, PageReply } from "./html_worker.ts";

/** Reads HTML as Markdown. `url` is where it came from, for links. */
export type PageReader = (html: string, url: string, signal: AbortSignal) => Promise<Page>;

/** The worker's script: in the bundled program it lies flat beside the others. */
const HTML_WORKER_URL: URL = new URL(
  import.meta.url.endsWith(".ts") ? "./html_worker.ts" : "./html_worker.js",
  import.meta.url,
);

/** CPU time for one page, and the time to start a worker, in milliseconds. */
const READ_MS = 3000;
const START_MS = 5000;

/**
 * Reads pages in workers without permissions, one worker a page.
 * The reader throws a `CodedError` `tool_failed` when a page cannot be read in time.
 */
export function createPageReader(readMs: number = READ_MS): PageReader {
  return (html, url, signal) => readPage({ html, url, limitMs: readMs }, signal);
}

async function readPage(order: PageOrder, signal: AbortSignal): Promise<Page> {
  signal.throwIfAborted();
  const worker = new Worker(HTML_WORKER_URL, {
    type: "module",
    name: "html",
    deno: { permissions: "none" },
  });
  const { promise, resolve, reject } = Promise.withResolvers<PageReply>();
  const timer = setTimeout(() => resolve({ kind: "unreadable" }), order.limitMs + START_MS);
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  worker.onmessage = ({ data }: MessageEvent<PageReply>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new CodedError("tool_failed", `The page reader does not start: ${event.message}.`));
  };
  worker.postMessage(order);
  try {
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
    worker.terminate();
  }
}
