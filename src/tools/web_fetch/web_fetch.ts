import * as z from "zod";
import type { Json, JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import type { FetchPolicy, PublicFetch, PublicResponse } from "../../net/public_fetch.ts";
import type { Workers } from "../../platform/workers.ts";
import type { Prepared, Tool } from "../tool.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import { readTextBody } from "../_text_body.ts";
import { indentJson } from "./_indented_json.ts";
import { createPageReader, type PageReader } from "./_page.ts";

const NAME = "web_fetch";
const LIMITS: FetchPolicy["limits"] = { bytes: 2_000_000, timeMs: 30_000, redirects: 5 };
const ACCEPT = "text/html,application/xhtml+xml,application/json;q=0.9,text/*;q=0.8,*/*;q=0.5";

const argumentsSchema = once(() =>
  z.strictObject({
    url: z.string().min(1).max(8192).describe("Complete http or https address of the page"),
    max_chars: z.int().min(1).max(500_000).default(50_000)
      .describe("Characters of content at most; more is cut"),
  })
);

const resultSchema = once(() =>
  z.object({
    url: z.string().describe("The address that was asked for"),
    final_url: z.string().describe("The address that answered, after redirects"),
    status: z.int().describe("HTTP status; 4xx and 5xx are results, not errors"),
    title: z.string(),
    content: z.string().describe("Markdown of an HTML page, indented JSON, or the text as it is"),
    content_type: z.string(),
    truncated: z.boolean().describe("The content was cut"),
    length: z.int().describe("Characters before max_chars was applied"),
    binary: z.object({ type: z.string(), bytes: z.int() }).optional()
      .describe("Instead of content, when the answer is no text"),
    insecure_tls: z.literal(true).optional().describe("The server could not prove its name"),
  })
);

/** The tool that reads a page of the public web as text. */
export function createWebFetchTool(
  publicFetch: PublicFetch,
  workers: Workers,
  options: { readonly limits?: FetchPolicy["limits"] } = {},
): Tool {
  const reader = createPageReader(workers);
  const limits = options.limits ?? LIMITS;

  function prepare(sent: JsonObject): Prepared {
    const { max_chars, ...read } = readArguments(NAME, argumentsSchema, sent);
    const { url: { href: url, host }, internal } = publicFetch.examine(NAME, read.url);
    return {
      args: { url, max_chars },
      effect: "outward",
      idempotent: true,
      resource: { kind: "url", method: "GET", url, ...(internal ? { internal } : {}) },
      preview: {
        title: `Read ${url}`,
        fields: [{ name: "url", value: url }, { name: "host", value: host }],
      },
      async run(approved, signal) {
        const mayFollow: FetchPolicy["mayFollow"] = (url, method) =>
          approved.mayAlso({ kind: "url", method, url }, signal);
        const request = { tool: NAME, method: "GET", url, headers: { accept: ACCEPT } };
        const response = await publicFetch.send(request, { mayFollow, limits }, signal);
        return toResult(url, max_chars, response, await toReadable(response, reader, signal));
      },
    };
  }

  return {
    name: NAME,
    description: "Reads a public web page, JSON document or text file over http or https.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: true,
    guidance: GUIDANCE,
    prepare: (args) => Promise.resolve().then(() => prepare(args)),
  };
}

interface Readable {
  readonly title: string;
  readonly content: string;
  readonly truncated: boolean;
  readonly binary?: JsonObject;
}

async function toReadable(
  response: PublicResponse,
  reader: PageReader,
  signal: AbortSignal,
): Promise<Readable> {
  const { truncated } = response;
  const type = contentTypeOf(response);
  const body = readTextBody(response.body, response.headers);
  if (body.kind === "binary") {
    const binary = { type: body.type, bytes: body.bytes };
    return { title: "", content: "", truncated, binary };
  }
  if (isHtml(type, body.text)) {
    const page = await reader(body.text, response.finalUrl, signal);
    return { title: page.title, content: page.markdown, truncated: truncated || page.truncated };
  }
  return { title: "", content: isJson(type) ? indentJson(body.text) : body.text, truncated };
}

function toResult(url: string, most: number, response: PublicResponse, page: Readable): Json {
  const content = cut(page.content, most);
  return {
    url,
    final_url: response.finalUrl,
    status: response.status,
    title: page.title,
    content,
    content_type: contentTypeOf(response),
    truncated: page.truncated || content.length < page.content.length,
    length: page.content.length,
    ...(page.binary ? { binary: page.binary } : {}),
    ...(response.insecureTls ? { insecure_tls: true } : {}),
  };
}

function contentTypeOf(response: PublicResponse): string {
  return response.headers.get("content-type") ?? "";
}

function isHtml(type: string, text: string): boolean {
  if (type === "") return /^\s*<(?:!doctype html|html)\b/i.test(text);
  return /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(type);
}

function isJson(type: string): boolean {
  return /^[^;]*[/+]json\b/i.test(type);
}

/** The first characters of a text, never half a surrogate pair. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}

const GUIDANCE =
  `One page for its text: HTML as Markdown with absolute links, JSON indented (JSON.parse(content) while ` +
  `truncated is false). max_chars is 50,000 unless given, at most 500,000. 404 is a result: check status. ` +
  `Only public addresses can be reached.`;
