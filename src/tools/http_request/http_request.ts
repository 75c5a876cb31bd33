import * as z from "zod";
import { CodedError } from "../../domain/failure.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import type { ToolSecrets } from "../../secrets/tool_secrets.ts";
import { formatPlace } from "../../secrets/secret_place.ts";
import { readHeaders } from "../../net/headers.ts";
import type { FetchPolicy, OutwardRequest, PublicFetch } from "../../net/public_fetch.ts";
import type { PublicResponse } from "../../net/public_fetch.ts";
import type { CallContext, Prepared, Tool } from "../tool.ts";
import { authSchema, carrySecret, type NamedSecret, readAuth } from "./_auth.ts";
import { expectWholeCharacters, readArguments, toParameters } from "../_arguments.ts";
import { readTextBody } from "../_text_body.ts";

const NAME = "http_request";
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const;
const LIMITS: FetchPolicy["limits"] = { bytes: 1_000_000, timeMs: 30_000, redirects: 10 };

const argumentsSchema = once(() =>
  z.strictObject({
    method: z.enum(METHODS),
    url: z.string().min(1).max(8192).describe("Complete http or https address"),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().describe("Text sent as it is, or any other JSON value sent as JSON")
      .optional(),
    auth: authSchema().optional(),
  })
);

const resultSchema = once(() =>
  z.object({
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
  })
);

/** What the tool may be given besides. */
export interface HttpRequestOptions {
  readonly limits?: FetchPolicy["limits"];
  /** Without them no secret is known. */
  readonly secrets?: ToolSecrets;
}

const NO_SECRETS: ToolSecrets = {
  resolve: (name) => name,
  find: () => Promise.resolve(undefined),
  reveal: () => Promise.reject(new CodedError("secret_not_found", "There are no secrets here.")),
  use: () => Promise.resolve(),
};

/** The tool that speaks HTTP with any public server, with secrets that programs know by name. */
export function createHttpRequestTool(
  publicFetch: PublicFetch,
  { limits = LIMITS, secrets = NO_SECRETS }: HttpRequestOptions = {},
): Tool {
  async function prepare(args: JsonObject, context: CallContext): Promise<Prepared> {
    const { request, auth } = readRequest(args, publicFetch);
    const { method, url, headers, body } = request;
    const { internal } = publicFetch.examine(NAME, url);
    const meant = { url: new URL(url), headers: new Headers(headers) };
    const named = auth && await readAuth(auth, meant, context, secrets);
    return {
      args: {
        ...{ method, url, headers },
        ...(body === undefined ? {} : { body: args["body"] ?? null }),
        ...(named ? { auth: named.auth } : {}),
      },
      effect: "outward",
      idempotent: IDEMPOTENT.includes(method),
      resource: { kind: "url", method, url, ...(internal ? { internal } : {}) },
      preview: {
        title: `${method} ${url}`,
        fields: [
          { name: "method", value: method },
          { name: "url", value: url },
          { name: "host", value: new URL(url).host },
          ...Object.entries(headers).map(([name, value]) => ({ name: `header ${name}`, value })),
          ...(body === undefined ? [] : [{ name: "body", value: body }]),
          ...(named ? [{ name: "secret", value: describeSecret(named) }] : []),
        ],
      },
      async run(approved, signal, person) {
        const mayFollow: FetchPolicy["mayFollow"] = (url, method) =>
          approved.mayAlso({ kind: "url", method, url }, signal);
        const policy = { mayFollow, limits };
        const secret = named &&
          await carrySecret(named, meant, context, secrets, person, signal);
        const carrying = secret === undefined ? request : { ...request, secret };
        return toResult(await publicFetch.send(carrying, policy, signal));
      },
    };
  }

  return {
    name: NAME,
    description: "Sends one HTTP request to a public server and returns status, headers and body.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: true,
    guidance: GUIDANCE,
    prepare,
  };
}

/** Methods of which a second request means what the first one did (RFC 9110, 9.2.2). */
const IDEMPOTENT: readonly string[] = ["GET", "HEAD", "PUT", "DELETE"];

/** The request without its secret, and how it names one. */
interface ReadRequest {
  readonly request: OutwardRequest & { readonly body?: string };
  readonly auth: z.infer<ReturnType<typeof authSchema>> | undefined;
}

/** What will be sent, exactly. */
function readRequest(args: JsonObject, publicFetch: PublicFetch): ReadRequest {
  const read = readArguments(NAME, argumentsSchema, withUpperCaseMethod(args));
  const { url } = publicFetch.examine(NAME, read.url);
  const headers = readHeaders(read.headers ?? {});
  const { method, auth } = read;
  const body = read.body as Json | undefined;
  const hasNone = method === "GET" || method === "HEAD";
  if (body === undefined || (body === null && hasNone)) {
    const request = { tool: NAME, method, url: url.href, headers: Object.fromEntries(headers) };
    return { request, auth };
  }
  if (hasNone) throw invalid(`argument "body": a ${method} request has none`);
  expectWholeCharacters(NAME, { body });
  if (!headers.has("content-type")) headers.set("content-type", typeOf(body));
  const request = {
    tool: NAME,
    method,
    url: url.href,
    headers: Object.fromEntries(headers),
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
  return { request, auth };
}

function withUpperCaseMethod(args: JsonObject): JsonObject {
  const { method } = args;
  return typeof method === "string" ? { ...args, method: method.toUpperCase() } : args;
}

function typeOf(body: Json): string {
  return typeof body === "string" ? "text/plain;charset=utf-8" : "application/json";
}

/** The secret as the person sees it in the question. */
function describeSecret({ name, place, isKept }: NamedSecret): string {
  return `${name} as ${formatPlace(place)}${isKept ? "" : " (not kept yet: you are asked for it)"}`;
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
  `http_request({method, url, headers?, body?}) is for APIs. A body that is no string is sent as JSON. ` +
  `content is the body as text: JSON.parse(content) after checking ok. 4xx and 5xx are results, not ` +
  `errors. For a key or password give auth {type: "bearer_secret", name}, and list the name in secrets ` +
  `of the clam: the person is asked where there is none; never put a key into headers, url or body. ` +
  `Only public addresses can be reached.`;
