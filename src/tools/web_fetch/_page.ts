import { CodedError } from "../../domain/failure.ts";
import type { Page } from "./_markdown.ts";
import type { PageOrder, PageReply } from "./html_worker.ts";

/** Reads HTML as Markdown. `url` is where it came from, for links. */
export type PageReader = (html: string, url: string, signal: AbortSignal) => Promise<Page>;

/** The worker's script: in the bundled program it lies flat beside the others. */
export const HTML_WORKER_URL: URL = new URL(
  import.meta.url.endsWith(".ts") ? "./html_worker.ts" : "./html_worker.js",
  import.meta.url,
);

/** CPU time for one page, and the time after which its worker is given up altogether. */
const READ_MS = 3000;
const GIVE_UP_MS = READ_MS + 5000;

/**
 * Reads pages in workers without permissions, one worker a page.
 * @throws {CodedError} `tool_failed` when the page cannot be read in time.
 */
export const readPage: PageReader = async (html, url, signal) => {
  signal.throwIfAborted();
  const worker = new Worker(HTML_WORKER_URL, {
    type: "module",
    name: "html",
    deno: { permissions: "none" },
  });
  const { promise, resolve, reject } = Promise.withResolvers<PageReply>();
  const timer = setTimeout(() => resolve({ kind: "unreadable" }), GIVE_UP_MS);
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  worker.onmessage = ({ data }: MessageEvent<PageReply>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new CodedError("tool_failed", `The page reader does not start: ${event.message}.`));
  };
  worker.postMessage({ html, url, limitMs: READ_MS } satisfies PageOrder);
  try {
    const reply = await promise;
    if (reply.kind === "page") return reply.page;
    throw new CodedError("tool_failed", `The page "${url}" cannot be read as text: too tangled.`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    worker.terminate();
  }
};
