import * as z from "zod";
import { CodedError } from "../../domain/failure.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { readHeaders } from "../../net/headers.ts";
import type { FetchPolicy, OutwardRequest, PublicFetch } from "../../net/public_fetch.ts";
import type { PublicResponse } from "../../net/public_fetch.ts";
import type { Prepared, Tool } from "../tool.ts";
import { expectWholeCharacters, readArguments, toParameters } from "../_arguments.ts";
import { readTextBody } from "../_text_body.ts";

const NAME = "http_request";
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const;
const LIMITS: FetchPolicy["limits"] = { bytes: 1_000_000, timeMs: 30_000, redirects: 10 };

const argumentsSchema = z.strictObject({
  method: z.enum(METHODS),
  url: z.string().min(1).max(8192).describe("Complete http or https address"),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().describe("Text sent as it is, or any other JSON value sent as JSON").optional(),
  auth: z.strictObject({
    type: z.literal("bearer_secret"),
    name: z.string().min(1).describe("Name of a kept secret; its value is never seen"),
  }).optional(),
});

const resultSchema = z.object({
  ok: z.boolean().describe("The status is 200 to 399"),
  status: z.int().describe("HTTP status; 4xx and 5xx are results, not errors"),
  headers: z.record(z.string(), z.string()).describe("Names in lower case"),
  content_type: z.string(),
  content: z.string().describe("The body as text, as it came"),
  truncated: z.boolean().describe("The body was longer than the limit and was cut"),
  final_url: z.string().describe("The address that answered, after redirects"),
  binary: z.object({ type: z.string(), bytes: z.int() }).optional()
    .describe("Instead of content, when the body is no text"),
  insecure_tls: z.literal(true).optional().describe("The server could not prove its name"),
});

/** The tool that speaks HTTP with any public server. */
export function createHttpRequestTool(
  publicFetch: PublicFetch,
  options: { readonly limits?: FetchPolicy["limits"] } = {},
): Tool {
  const limits = options.limits ?? LIMITS;

  function prepare(args: JsonObject): Prepared {
    const { tool: _, ...request } = readRequest(args, publicFetch);
    const { method, url, headers, body } = request;
    const { internal } = publicFetch.examine(NAME, url);
    return {
      args: { ...request, ...(body === undefined ? {} : { body: args["body"] ?? null }) },
      effect: "outward",
      resource: { kind: "url", method, url, ...(internal ? { internal } : {}) },
      preview: {
        title: `${method} ${url}`,
        fields: [
          { name: "method", value: method },
          { name: "url", value: url },
          { name: "host", value: new URL(url).host },
          ...Object.entries(headers).map(([name, value]) => ({ name: `header ${name}`, value })),
          ...(body === undefined ? [] : [{ name: "body", value: body }]),
        ],
      },
      async run(approved, signal) {
        const mayFollow: FetchPolicy["mayFollow"] = (url, method) =>
          approved.mayAlso({ kind: "url", method, url }, signal);
        const policy = { mayFollow, limits };
        return toResult(await publicFetch.send({ ...request, tool: NAME }, policy, signal));
      },
    };
  }

  return {
    name: NAME,
    description: "Sends one HTTP request to a public server and returns status, headers and body.",
    parameters: toParameters(argumentsSchema),
    returns: toParameters(resultSchema),
    foreign: true,
    guidance: GUIDANCE,
    prepare: (args) => Promise.resolve().then(() => prepare(args)),
  };
}

/** What will be sent, exactly. */
function readRequest(
  args: JsonObject,
  publicFetch: PublicFetch,
): OutwardRequest & { readonly body?: string } {
  const read = readArguments(NAME, argumentsSchema, withUpperCaseMethod(args));
  const { url } = publicFetch.examine(NAME, read.url);
  const headers = readHeaders(read.headers ?? {});
  refuseSecret(read.auth, headers);
  const { method } = read;
  const body = read.body as Json | undefined;
  const hasNone = method === "GET" || method === "HEAD";
  if (body === undefined || (body === null && hasNone)) {
    return { tool: NAME, method, url: url.href, headers: Object.fromEntries(headers) };
  }
  if (hasNone) throw invalid(`argument "body": a ${method} request has none`);
  expectWholeCharacters(NAME, { body });
  if (!headers.has("content-type")) headers.set("content-type", typeOf(body));
  return {
    tool: NAME,
    method,
    url: url.href,
    headers: Object.fromEntries(headers),
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

function withUpperCaseMethod(args: JsonObject): JsonObject {
  const { method } = args;
  return typeof method === "string" ? { ...args, method: method.toUpperCase() } : args;
}

function typeOf(body: Json): string {
  return typeof body === "string" ? "text/plain;charset=utf-8" : "application/json";
}

/** Secrets are put in by the host alone, and there is no vault yet that could. */
function refuseSecret(auth: { readonly name: string } | undefined, headers: Headers): void {
  if (!auth) return;
  if (headers.has("authorization")) {
    throw new CodedError(
      "authorization_header_conflicts_with_auth",
      `${NAME}: "auth" and an own Authorization header exclude each other; leave one out.`,
    );
  }
  throw new CodedError(
    "secret_not_available",
    `The secret "${auth.name}" is not available: secrets cannot be kept yet.`,
  );
}

function toResult(response: PublicResponse): Json {
  const { status, headers, truncated } = response;
  const type = headers.get("content-type") ?? "";
  const body = readTextBody(response.body, response.headers);
  return {
    ok: status >= 200 && status < 400,
    status,
    headers: toObject(headers),
    content_type: type,
    content: body.kind === "text" ? body.text : "",
    truncated,
    final_url: response.finalUrl,
    ...(body.kind === "binary" ? { binary: { type: body.type, bytes: body.bytes } } : {}),
    ...(response.insecureTls ? { insecure_tls: true } : {}),
  };
}

/** Several cookies stand on lines of their own; they cannot be joined by commas. */
function toObject(headers: Headers): JsonObject {
  const cookies = headers.getSetCookie();
  return {
    ...Object.fromEntries([...headers].filter(([name]) => name !== "set-cookie")),
    ...(cookies.length > 0 ? { "set-cookie": cookies.join("\n") } : {}),
  };
}

function invalid(what: string): CodedError {
  return new CodedError("tool_arguments_invalid", `${NAME}: ${what}.`);
}

const GUIDANCE =
  `http_request({method, url, headers?, body?}) is for APIs: any of GET POST PUT PATCH DELETE HEAD, ` +
  `own headers, exact bodies. A body that is not a string is sent as JSON with its content-type. ` +
  `result.content is the body as text: use JSON.parse(result.content) after checking result.ok. ` +
  `result.headers has lower-case names. 4xx and 5xx are results, not errors. An answer that is no ` +
  `text has content "" and binary {type, bytes}. Leave out Host, Content-Length, Connection and ` +
  `Accept-Encoding. To read a page as text use web_fetch. Only public addresses can be reached.`;
