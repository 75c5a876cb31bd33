import * as z from "zod";
import { CodedError } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import { complainOfName, type Secret } from "../../secrets/secret.ts";
import { formatSecretHost, parseSecretHost, type SecretHost } from "../../secrets/secret_host.ts";
import { formatPlace, parsePlace, type SecretPlace } from "../../secrets/secret_place.ts";
import { NOBODY_ASKED, secretNotGiven } from "../../secrets/secret_wish.ts";
import type { ToolSecrets } from "../../secrets/tool_secrets.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { CallContext, Prepared, Tool } from "../tool.ts";

const NAME = "secrets_add";

const argumentsSchema = once(() =>
  z.strictObject({
    name: z.string().min(1).describe("Name of the secret, such as GITHUB_TOKEN"),
    hosts: z.union([z.array(z.string()), z.string()]).default([])
      .describe("Hosts that it will be sent to, such as api.github.com; the person decides"),
    place: z.string().default("bearer")
      .describe("bearer, basic, basic:USER, header:NAME or query:NAME"),
    description: z.string().max(200).optional().describe("What it is for, in a few words"),
  })
);

const resultSchema = once(() =>
  z.object({
    ok: z.literal(true),
    name: z.string(),
    hosts: z.array(z.string()).describe("Where it may be sent"),
    places: z.array(z.string()).describe("How it is put into a request"),
    asked: z.boolean().describe("The person has given it just now"),
  })
);

/** The tool that has the person give a secret, which no program ever sees. */
export function createSecretsAddTool(secrets: ToolSecrets): Tool {
  return {
    name: NAME,
    description: "Makes sure that a secret is kept; the person is asked for it, unseen.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: false,
    guidance: GUIDANCE,
    prepare: (args, context) => prepare(args, context, secrets),
  };
}

interface Wanted {
  readonly name: string;
  readonly hosts: readonly SecretHost[];
  readonly place: SecretPlace;
  readonly description?: string;
}

async function prepare(
  sent: JsonObject,
  { program = {}, foreign = false, isAlone = false }: CallContext,
  secrets: ToolSecrets,
): Promise<Prepared> {
  const wanted = readWanted(sent);
  const name = secrets.resolve(wanted.name, program);
  const kept = await secrets.find(name);
  if (kept) refuseMore(kept, wanted.hosts);
  else if (isAlone) throw secretNotGiven({ ...wanted, name, foreign }, NOBODY_ASKED);
  return {
    args: {
      name,
      hosts: wanted.hosts.map(formatSecretHost),
      place: formatPlace(wanted.place),
      ...(wanted.description === undefined ? {} : { description: wanted.description }),
    },
    // it is the person who gives it, at a question of its own
    effect: "none",
    resource: { kind: "secret", name },
    preview: { title: `Keep the secret ${name}`, fields: [{ name: "name", value: name }] },
    async run(_approved, signal, person) {
      const known = kept ?? await secrets.find(name);
      if (known) return toResult(known, false);
      const asking = program.name === undefined ? {} : { program: program.name };
      const given = await person.askSecret({ ...wanted, name, ...asking, foreign }, signal);
      return toResult(given, true);
    },
  };
}

function readWanted(sent: JsonObject): Wanted {
  for (const forbidden of ["value", "from_env"]) {
    if (Object.hasOwn(sent, forbidden)) throw noValue(forbidden);
  }
  const { name, hosts, place, description } = readArguments(NAME, argumentsSchema, sent);
  const problem = complainOfName(name);
  if (problem !== undefined) throw invalid("name", problem);
  return {
    name,
    hosts: [hosts].flat().map((host) => reading("hosts", () => parseSecretHost(host))),
    place: reading("place", () => parsePlace(place)),
    ...(description === undefined ? {} : { description }),
  };
}

function reading<T>(argument: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodedError) throw invalid(argument, error.message);
    throw error;
  }
}

/** No run adds a host to a secret. */
function refuseMore({ name, hosts }: Secret, wanted: readonly SecretHost[]): void {
  const own = hosts.map(formatSecretHost);
  const more = wanted.map(formatSecretHost).filter((host) => !own.includes(host));
  if (more.length === 0) return;
  throw new CodedError(
    "secret_not_for_host",
    `The secret "${name}" may be sent to ${own.join(", ")}, not to ${more.join(", ")}.`,
    `To let it go there: clambot secrets allow-host ${name} ${more.join(" ")}`,
  );
}

function toResult({ name, hosts, places }: Secret, asked: boolean): JsonObject {
  return {
    ok: true,
    name,
    hosts: hosts.map(formatSecretHost),
    places: places.map(formatPlace),
    asked,
  };
}

/** The original took both; a value that a program holds is no secret any more. */
function noValue(argument: string): CodedError {
  const why = argument === "value"
    ? "no program holds a value; the person is asked for it"
    : "a variable is used where secrets.environment of the configuration lists it";
  return invalid(argument, `leave it out: ${why}`);
}

function invalid(argument: string, why: string): CodedError {
  return new CodedError(
    "tool_arguments_invalid",
    `${NAME}: argument "${argument}": ${why.replace(/\.$/, "")}.`,
  );
}

const GUIDANCE =
  `You never see or send a value: the person is asked, unseen, and the run waits. http_request asks by ` +
  `itself; use this when the person wants to store a key.`;
