/**
 * Reads one page in a thread without permissions and ends. A page that takes too long is given up
 * from inside, because a busy worker cannot be terminated from outside.
 */
import vm from "node:vm";
import { receiveOwnPort } from "../../platform/own_port.ts";
import { type Page, toMarkdown } from "./_markdown.ts";

/** A page to read; `url` is where it came from. */
export interface PageOrder {
  readonly html: string;
  readonly url: string;
  /** CPU time in milliseconds. */
  readonly limitMs: number;
}

/** What became of it. */
export type PageReply =
  | { readonly kind: "page"; readonly page: Page }
  | { readonly kind: "unreadable" };

const port = await receiveOwnPort();
port.onmessage = ({ data }: MessageEvent<PageOrder>) => port.postMessage(read(data));

function read({ html, url, limitMs }: PageOrder): PageReply {
  Reflect.set(globalThis, "clambotPage", () => toMarkdown(html, url));
  try {
    const page = new vm.Script("globalThis.clambotPage()").runInThisContext({ timeout: limitMs });
    return { kind: "page", page };
  } catch {
    return { kind: "unreadable" }; // too slow, or nested too deep for the parser
  }
}
