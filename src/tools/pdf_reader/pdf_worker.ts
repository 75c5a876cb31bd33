/** Reads one document in a thread without permissions, and ends. */
import { receiveOwnPort } from "../../platform/own_port.ts";
import { type PageRange, pagesOf } from "./_page_ranges.ts";
import { createPdfRealm, type PdfRealm, type StepLimits } from "./_realm.ts";

/** A document to read. */
export interface PdfOrder {
  readonly bytes: ArrayBuffer;
  readonly ranges: readonly PageRange[];
  readonly mostChars: number;
  /** Milliseconds for the whole; what is not read by then is left out. */
  readonly totalMs: number;
  readonly step: StepLimits;
}

/** What became of it. */
export type PdfReply =
  | PdfPages
  | { readonly kind: "locked" }
  | { readonly kind: "broken"; readonly why: string }
  /** Too much work, at the start or at a page. */
  | { readonly kind: "tangled"; readonly page?: number };

/** Pages that were read, those without text too. */
export interface PdfPages {
  readonly kind: "pages";
  readonly total: number;
  readonly pages: readonly { readonly number: number; readonly text: string }[];
  readonly unreadable: readonly number[];
  /** Where the text ends before the last page that was asked for. */
  readonly cutAt?: number;
}

/** Pages looked at in one call: a document may claim any number of them. */
const MOST_PAGES = 3000;

/** Characters that are set aside for the line above each page. */
const HEADING = 24;

const port = await receiveOwnPort();
port.onmessage = async ({ data }: MessageEvent<PdfOrder>) => port.postMessage(await read(data));

async function read(order: PdfOrder): Promise<PdfReply> {
  const end = performance.now() + order.totalMs;
  const realm = createPdfRealm(order.step);
  const opened = await realm.open(order.bytes);
  if (opened.kind === "too much") return { kind: "tangled" };
  if (opened.kind === "done") return await readPages(realm, opened.value, order, end);
  if (opened.name === "PasswordException") return { kind: "locked" };
  return { kind: "broken", why: opened.why };
}

async function readPages(
  realm: PdfRealm,
  total: number,
  { ranges, mostChars }: PdfOrder,
  end: number,
): Promise<PdfReply> {
  const pages: { number: number; text: string }[] = [];
  const unreadable: number[] = [];
  let left = mostChars - HEADING;
  for (const number of pagesOf(ranges, total)) {
    const isEnough = pages.length + unreadable.length === MOST_PAGES || performance.now() > end;
    if (left <= 0 || isEnough) return { kind: "pages", total, pages, unreadable, cutAt: number };
    const page = await realm.readPage(number, left);
    if (page.kind === "too much") return { kind: "tangled", page: number };
    if (page.kind === "failed") unreadable.push(number);
    else {
      const text = page.value.slice(0, left);
      pages.push({ number, text });
      if (page.value.length > left) {
        return { kind: "pages", total, pages, unreadable, cutAt: number };
      }
      left -= text.length + HEADING;
    }
  }
  return { kind: "pages", total, pages, unreadable };
}
