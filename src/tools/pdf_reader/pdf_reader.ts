import * as z from "zod";
import { CodedError } from "../../domain/failure.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import type { Workers } from "../../platform/workers.ts";
import { expectWholeCharacters, readArguments, toParameters } from "../_arguments.ts";
import { createFindFile } from "../_workspace_file.ts";
import type { FsPorts } from "../fs/fs.ts";
import type { Prepared, Tool } from "../tool.ts";
import { createPdfDocumentReader, type PdfLimits } from "./_document.ts";
import { formatPages, parsePageRanges } from "./_page_ranges.ts";
import type { PdfPages } from "./pdf_worker.ts";

const NAME = "pdf_reader";

/** Bytes of a document at most. */
const LARGEST = 32 * 1024 * 1024;
/** Characters that one call returns. */
const MOST_CHARS = 100_000;
/** Milliseconds of a call: others may be read before it. */
const CALL_MS = 300_000;

const argumentsSchema = once(() =>
  z.strictObject({
    path: z.string().min(1).max(4096).describe("Relative to the workspace, as for fs"),
    pages: z.string().min(1).max(1000).default("1-")
      .describe('Pages, such as "3", "1-5", "7-" (to the end) or "1,3,7-9"; all when left out'),
  })
);

const resultSchema = once(() =>
  z.object({
    path: z.string().describe("Absolute path of the document"),
    total_pages: z.int(),
    pages_read: z.array(z.int()).describe("Pages that text stands in the result of"),
    empty_pages: z.array(z.int()).describe("Pages without text: pictures, scans, or blank"),
    unreadable_pages: z.array(z.int()).describe("Pages that are damaged"),
    text: z.string().describe("A line --- Page N --- before the text of each page"),
    truncated: z.boolean().describe("More pages were asked for than fit"),
    note: z.string().optional().describe("What is missing in the text, in words"),
  })
);

/** The tool that reads the text of a PDF in the workspace. */
export function createPdfReaderTool(
  ports: FsPorts,
  workers: Workers,
  options: { readonly limits?: PdfLimits } = {},
): Tool {
  const findFile = createFindFile(ports);
  const reader = createPdfDocumentReader(workers, options.limits);

  async function prepare(sent: JsonObject, signal: AbortSignal): Promise<Prepared> {
    const read = readArguments(NAME, argumentsSchema, sent);
    expectWholeCharacters(NAME, read);
    const ranges = parsePageRanges(read.pages);
    if (!ranges) throw noPages(read.pages);
    const file = await findFile(read.path, LARGEST, signal);
    return {
      args: { path: file.path, pages: read.pages },
      effect: "read",
      resource: file.resource,
      callMs: CALL_MS,
      preview: {
        title: `Read the PDF ${file.path}`,
        fields: [{ name: "path", value: file.path }, { name: "pages", value: read.pages }],
      },
      async run(_approved, signal) {
        const bytes = await file.read(signal);
        const document = { path: file.path, bytes, ranges, mostChars: MOST_CHARS };
        return toResult(file.path, read.pages, await reader(document, signal));
      },
    };
  }

  return {
    name: NAME,
    description: "Reads the text of a PDF file of the workspace, page by page.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: true,
    guidance: GUIDANCE,
    prepare: (args, _context, signal) => prepare(args, signal),
  };
}

function toResult(path: string, wanted: string, found: PdfPages): Json {
  const { total, pages, unreadable, cutAt } = found;
  if (pages.length === 0) throw nothingRead(path, wanted, found);
  const full = pages.filter(({ text }) => text.trim() !== "");
  const empty = pages.filter((page) => !full.includes(page)).map(({ number }) => number);
  const note = noteOn(empty, unreadable, cutAt);
  return {
    path,
    total_pages: total,
    pages_read: full.map(({ number }) => number),
    empty_pages: empty,
    unreadable_pages: [...unreadable],
    text: full.map(({ number, text }) => `--- Page ${number} ---\n${legible(text)}\n`).join("\n"),
    truncated: cutAt !== undefined,
    ...(note === "" ? {} : { note }),
  };
}

/** Radicals and ligatures of fonts are letters to everybody who searches or reads them. */
function legible(text: string): string {
  return text.trim().replace(/[\u2e80-\u2fdf\ufb00-\ufb06]/g, (one) => one.normalize("NFKC"));
}

function noteOn(
  empty: readonly number[],
  unreadable: readonly number[],
  cutAt: number | undefined,
): string {
  const notes: string[] = [];
  if (empty.length > 0) {
    notes.push(
      `There is no text on page ${
        formatPages(empty)
      }: it is blank or holds pictures, such as a scan.`,
    );
  }
  if (unreadable.length > 0) notes.push(`Damaged: page ${formatPages(unreadable)}.`);
  if (cutAt !== undefined) {
    notes.push(`The text is cut at page ${cutAt}; read on with pages: "${cutAt}-".`);
  }
  return notes.join(" ");
}

function nothingRead(path: string, wanted: string, { total, unreadable }: PdfPages): CodedError {
  if (unreadable.length > 0) {
    return new CodedError("tool_failed", `No page of "${path}" can be read: it is damaged.`);
  }
  const has = total === 1 ? "one page" : `${total} pages`;
  return new CodedError("tool_failed", `"${path}" has ${has}, so there is no page ${wanted}.`);
}

function noPages(text: string): CodedError {
  return new CodedError(
    "tool_arguments_invalid",
    `${NAME}: argument "pages": ${JSON.stringify(text.slice(0, 60))} names no pages; ` +
      'write them like "3", "1-5", "7-" or "1,3,7-9".',
  );
}

const GUIDANCE =
  `A PDF of the workspace or of upload/; pages such as "2-5". While truncated is true, read on with the ` +
  `pages that note names. empty_pages hold no text (scans): say so, never guess.`;
