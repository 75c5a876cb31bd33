import * as z from "zod";
import { areOfDeclaredTools, type Capability, type ClamManifest } from "../domain/clam.ts";
import type { Json, JsonObject } from "../domain/json.ts";

/** Plain JSON is passed on as it is: a copy could lose keys such as `__proto__`. */
const jsonObject = z.custom<JsonObject>(
  (value) => isObject(value) && isJson(value, 0),
  "must be an object of plain JSON values",
);

const line = z.string().min(1).max(200);
const texts = z.array(z.string().min(1).max(20_000)).max(500);
const count = z.number().int().positive();

/** Unknown operators stay where they are: whoever checks a call must see them and refuse. */
const capability = z.strictObject({
  method: line,
  constraints: z.array(z.looseObject({ param: line })).default([]),
  max_calls: z.number().int().min(0).optional(),
});

/** What stands between the fences of `CLAM.md`. Keys that this version does not know are left. */
const frontMatter = z.object({
  name: z.string().max(20_000).optional(),
  description: z.string().max(100_000).default(""),
  language: line.default("javascript"),
  version: count.default(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits").default(""),
  declared_tools: z.array(line).max(200).default([]),
  inputs: jsonObject.default({}),
  input_schema: jsonObject.default({}),
  result_schema: jsonObject.optional(),
  capabilities: z.array(capability).max(500).default([]),
  secrets: z.array(line).max(200).default([]),
  limits: z.strictObject({ timeout_ms: count.optional(), max_calls: count.optional() }).default({}),
  requests: texts.optional(),
  /** The original's only request. */
  source_request: z.string().max(20_000).optional(),
  templates: texts.default([]),
  reusable: z.boolean().default(false),
  conversation: line.optional(),
  origin: z.enum(["starter", "generated", "imported", "person"]).default("imported"),
  created_at: z.string().max(40).default(""),
}).refine(({ capabilities, declared_tools }) => areOfDeclaredTools(capabilities, declared_tools), {
  path: ["capabilities"],
  error: "a method is none of declared_tools",
});

/** Reads what YAML made of the front matter. The message of a failure names the field. */
export function readFrontMatter(
  value: unknown,
): { ok: true; manifest: ClamManifest } | { ok: false; message: string } {
  const read = frontMatter.safeParse(value);
  if (!read.success) {
    const issue = read.error.issues[0];
    const field = issue?.path.join(".") || "front matter";
    return { ok: false, message: `${field}: ${issue?.message ?? "is not readable"}` };
  }
  return { ok: true, manifest: toManifest(read.data) };
}

function toManifest(read: z.infer<typeof frontMatter>): ClamManifest {
  const { timeout_ms, max_calls } = read.limits;
  return {
    name: read.name ?? firstLine(read.description),
    description: read.description,
    language: read.language,
    version: read.version,
    sha256: read.sha256,
    declaredTools: read.declared_tools,
    inputs: read.inputs,
    inputSchema: read.input_schema,
    ...(read.result_schema === undefined ? {} : { resultSchema: read.result_schema }),
    capabilities: read.capabilities as unknown as readonly Capability[],
    secrets: read.secrets,
    limits: {
      ...(timeout_ms === undefined ? {} : { timeoutMs: timeout_ms }),
      ...(max_calls === undefined ? {} : { maxCalls: max_calls }),
    },
    requests: read.requests ?? (read.source_request ? [read.source_request] : []),
    templates: read.templates,
    reusable: read.reusable,
    ...(read.conversation === undefined ? {} : { conversation: read.conversation }),
    origin: read.origin,
    createdAt: read.created_at,
  };
}

/** The same manifest with the names of the file, in the order in which people read. */
export function writeFrontMatter(manifest: ClamManifest): JsonObject {
  const { timeoutMs, maxCalls } = manifest.limits;
  return {
    name: manifest.name,
    description: manifest.description,
    language: manifest.language,
    version: manifest.version,
    sha256: manifest.sha256,
    declared_tools: manifest.declaredTools,
    inputs: manifest.inputs,
    input_schema: manifest.inputSchema,
    ...(manifest.resultSchema === undefined ? {} : { result_schema: manifest.resultSchema }),
    capabilities: manifest.capabilities as unknown as Json,
    secrets: manifest.secrets,
    limits: {
      ...(timeoutMs === undefined ? {} : { timeout_ms: timeoutMs }),
      ...(maxCalls === undefined ? {} : { max_calls: maxCalls }),
    },
    requests: manifest.requests,
    templates: manifest.templates,
    reusable: manifest.reusable,
    ...(manifest.conversation === undefined ? {} : { conversation: manifest.conversation }),
    origin: manifest.origin,
    created_at: manifest.createdAt,
  };
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0]?.slice(0, 80) ?? "";
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJson(value: unknown, depth: number): value is Json {
  if (depth > 20) return false;
  if (value === null || typeof value === "boolean" || typeof value === "string") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  return isObject(value) && Object.values(value).every((item) => isJson(item, depth + 1));
}
