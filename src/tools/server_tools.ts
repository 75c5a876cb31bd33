import { fingerprint } from "../approvals/fingerprint.ts";
import type { Artefacts } from "../artefacts/artefacts.ts";
import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Redactor } from "../domain/redacted.ts";
import { resultSchema, toProgramResult } from "../mcp/result.ts";
import type { ApprovedTool, Servers } from "../mcp/servers.ts";
import { typesOnly } from "../mcp/types_only.ts";
import { expectWholeCharacters } from "./_arguments.ts";
import type { ToolChoice } from "./names.ts";
import type { Prepared, Tool } from "./tool.ts";

/** What tools of MCP servers work with. */
export interface ServerToolPorts {
  readonly servers: Servers;
  readonly artefacts: Artefacts;
  readonly redactor: Redactor;
}

/** UTF-16 code units of the arguments of one call at most. */
const LARGEST_ARGUMENTS = 1_000_000;

/**
 * The approved tools of MCP servers. What a server says of a tool stands in a declaration only as far
 * as the person approved the wording; of the others there are names and types.
 * @throws {CodedError} `server_unapproved` when what was approved cannot be read
 */
export async function createServerTools(
  ports: ServerToolPorts,
  { availableTools, disabledTools }: ToolChoice,
): Promise<Tool[]> {
  const isChosen = ({ name }: ApprovedTool) =>
    availableTools ? availableTools.includes(name) : !disabledTools.includes(name);
  return (await ports.servers.approved()).filter(isChosen)
    .map((approved) => createServerTool(approved, ports));
}

function createServerTool(approved: ApprovedTool, ports: ServerToolPorts): Tool {
  const { server, name, pin: { definition, wording } } = approved;
  const { description, inputSchema, outputSchema } = definition;
  const own = wording && typeof description === "string" ? description : "";
  const structured = outputSchema === null
    ? undefined
    : wording && isObject(outputSchema)
    ? outputSchema
    : typesOnly(outputSchema);
  return {
    name,
    description: own || `A tool of the MCP server ${server}.`,
    parameters: wording ? inputSchema : typesOnly(inputSchema),
    returns: resultSchema(structured),
    foreign: true,
    guidance: "",
    prepare: (args) => prepare(args, approved, ports),
  };
}

async function prepare(
  args: JsonObject,
  approved: ApprovedTool,
  { servers, artefacts, redactor }: ServerToolPorts,
): Promise<Prepared> {
  const { server, name, pin: { definition } } = approved;
  expectArguments(args, approved);
  return {
    args,
    effect: "outward",
    resource: { kind: "server", server, tool: name, call: await fingerprint(name, args) },
    preview: {
      title: `Have the MCP server ${server} do "${definition.name}"`,
      fields: [
        { name: "server", value: server },
        { name: "tool", value: definition.name },
        ...Object.entries(args).map(([key, value]) => ({ name: key, value: textOf(value) })),
      ],
    },
    async run(_approved, signal) {
      const result = await servers.call(approved, args, signal);
      return await toProgramResult(result, `${server}: ${name}`, { artefacts, redactor });
    },
  };
}

/**
 * What the server would refuse anyway is told before anybody is asked: what is missing, and texts that
 * no message can hold. The rest is the server's to check.
 * @throws {CodedError} `tool_arguments_invalid`
 */
function expectArguments(args: JsonObject, { name, pin: { definition } }: ApprovedTool): void {
  const { required } = definition.inputSchema;
  const missing = (Array.isArray(required) ? required : [])
    .find((key: Json) => typeof key === "string" && !Object.hasOwn(args, key));
  if (missing !== undefined) {
    throw invalid(`${name}: argument ${JSON.stringify(missing)} is missing.`);
  }
  const text = JSON.stringify(args);
  if (text.length > LARGEST_ARGUMENTS) {
    throw invalid(`${name}: the arguments have more than ${LARGEST_ARGUMENTS} characters.`);
  }
  expectWholeCharacters(name, args);
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function invalid(message: string): CodedError {
  return new CodedError("tool_arguments_invalid", message);
}
