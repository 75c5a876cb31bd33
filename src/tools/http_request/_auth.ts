import * as z from "zod";
import { CodedError } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import type { CarriedSecret } from "../../net/public_fetch.ts";
import { createRedactor } from "../../secrets/redactor.ts";
import { complainOfName, type Secret } from "../../secrets/secret.ts";
import {
  formatSecretHost,
  mayGoTo,
  parseSecretHost,
  type SecretHost,
} from "../../secrets/secret_host.ts";
import {
  formatPlace,
  headerOf,
  putInto,
  type SecretPlace,
  shownForms,
} from "../../secrets/secret_place.ts";
import { NOBODY_ASKED, secretNotGiven, type SecretWish } from "../../secrets/secret_wish.ts";
import type { ToolSecrets } from "../../secrets/tool_secrets.ts";
import type { CallContext, Person } from "../tool.ts";

// How a call names a secret, and how the secret gets into its request. Programs know names alone.

const KINDS = ["bearer_secret", "basic_secret", "header_secret", "query_secret"] as const;

/** `auth` of `http_request`. */
export const authSchema = once(() =>
  z.strictObject({
    type: z.enum(KINDS).describe("Where it goes: as the secret was set, usually bearer_secret"),
    name: z.string().min(1).describe("Name of a kept secret; its value is never seen"),
    parameter: z.string().min(1).optional()
      .describe("Name of the header or query parameter; needed where the secret is not kept yet"),
  })
);

/** A secret that a call names, read and allowed for its address. */
export interface NamedSecret {
  /** As the call is approved with it. */
  readonly auth: JsonObject;
  readonly name: string;
  readonly place: SecretPlace;
  /** Already kept; else the person will be asked for it. */
  readonly isKept: boolean;
}

/** The request that a secret is meant for, without it. */
export interface Meant {
  readonly url: URL;
  readonly headers: Headers;
}

/**
 * Reads which secret a call means, and holds it against where it is bound to.
 * @throws {CodedError} `secret_not_for_host`, `secret_not_for_place`,
 * `authorization_header_conflicts_with_auth`, `tool_arguments_invalid`
 */
export async function readAuth(
  auth: z.infer<ReturnType<typeof authSchema>>,
  meant: Meant,
  { program = {}, foreign = false, isAlone = false }: CallContext,
  secrets: ToolSecrets,
): Promise<NamedSecret> {
  refuseOwnAuthorization(auth.type, meant);
  const { secrets: declared } = program;
  if (declared && !declared.includes(auth.name)) throw undeclared(auth.name);
  const name = secrets.resolve(auth.name, program);
  const problem = complainOfName(name);
  if (problem !== undefined) throw invalid(`argument "auth.name": ${problem}`);
  const secret = await secrets.find(name);
  const place = secret ? placeOf(secret, auth) : placeFrom(auth);
  if (!secret && isAlone) {
    throw secretNotGiven(wishFor(name, place, meant, { foreign, program }), NOBODY_ASKED);
  }
  if (secret) refuseElsewhere(secret, meant.url);
  refuseConflict(place, meant);
  return { auth: { ...auth, name } as JsonObject, name, place, isKept: secret !== undefined };
}

/**
 * Gets the value, from the person where it is not kept yet, and writes down that it is sent.
 * @throws {CodedError} as {@linkcode readAuth}; `secret_not_available`, `audit_failed`
 */
export async function carrySecret(
  { name, place: wanted, auth }: NamedSecret,
  meant: Meant,
  { foreign = false, program = {} }: CallContext,
  secrets: ToolSecrets,
  person: Person,
  signal: AbortSignal,
): Promise<CarriedSecret> {
  const wish = wishFor(name, wanted, meant, { foreign, program });
  const secret = await secrets.find(name) ?? await person.askSecret(wish, signal);
  refuseElsewhere(secret, meant.url); // the person may have chosen other hosts
  const place = placeOf(secret, auth as z.infer<ReturnType<typeof authSchema>>);
  const value = await secrets.reveal(name);
  const redactor = createRedactor(shownForms(value, [place]));
  const use = { host: meant.url.host, place: formatPlace(place), program: program.name ?? null };
  await secrets.use(name, use);
  return {
    mayGoTo: (url) => secret.hosts.some((host) => mayGoTo(host, url)),
    putInto: (url, headers) => putInto(place, value, url, headers),
    standsIn: (text) => redactor.redact(text) !== text,
  };
}

function hostOf({ url }: Meant): SecretHost {
  return parseSecretHost(url.origin);
}

/** What the person is asked for. */
function wishFor(
  name: string,
  place: SecretPlace,
  meant: Meant,
  { foreign = false, program = {} }: Pick<CallContext, "foreign" | "program">,
): SecretWish {
  const known = program.name === undefined ? {} : { program: program.name };
  return { name, hosts: [hostOf(meant)], place, foreign, ...known };
}

/** Where the secret goes: a place of its own that fits what the call says. */
function placeOf(
  { name, places }: Secret,
  auth: z.infer<ReturnType<typeof authSchema>>,
): SecretPlace {
  const kind = kindOf(auth);
  const found = places.find((place) => place.kind === kind && fits(place, auth.parameter));
  if (found) return found;
  const own = places.map(formatPlace).join(" or ");
  throw new CodedError(
    "secret_not_for_place",
    `The secret "${name}" goes into a request as ${own}, not as ${auth.type}.`,
    `Use the auth of its own place, or set it again: clambot secrets set ${name} --place ${kind}`,
  );
}

function fits(place: SecretPlace, parameter: string | undefined): boolean {
  if (parameter === undefined || !("name" in place)) return true;
  return place.kind === "header"
    ? place.name.toLowerCase() === parameter.toLowerCase()
    : place.name === parameter;
}

/** The place that a call names for a secret which is not kept yet. */
function placeFrom(auth: z.infer<ReturnType<typeof authSchema>>): SecretPlace {
  const kind = kindOf(auth);
  if (kind === "bearer" || kind === "basic") return { kind };
  if (auth.parameter !== undefined) return { kind, name: auth.parameter };
  throw invalid(`argument "auth.parameter" is missing: the name of the ${kind}`);
}

function kindOf({ type }: z.infer<ReturnType<typeof authSchema>>): SecretPlace["kind"] {
  return type.replace("_secret", "") as SecretPlace["kind"];
}

function refuseElsewhere({ name, hosts }: Secret, url: URL): void {
  if (hosts.some((host) => mayGoTo(host, url))) return;
  const own = hosts.map(formatSecretHost).join(", ");
  throw new CodedError(
    "secret_not_for_host",
    `The secret "${name}" may be sent to ${
      own || "no host"
    }, not to ${url.origin}${url.pathname}; ` +
      "nothing was sent.",
    `To let it go there: clambot secrets allow-host ${name} ${url.origin}`,
  );
}

/** Whatever secret it is, two authorizations at once are one too many. */
function refuseOwnAuthorization(type: typeof KINDS[number], { headers }: Meant): void {
  const isAuthorization = type === "bearer_secret" || type === "basic_secret";
  if (isAuthorization && headers.has("authorization")) throw conflict("Authorization header");
}

function refuseConflict(place: SecretPlace, { url, headers }: Meant): void {
  const header = headerOf(place);
  if (header !== undefined && headers.has(header)) throw conflict(`${header} header`);
  if (place.kind === "query" && url.searchParams.has(place.name)) {
    throw conflict(`parameter ${place.name}`);
  }
}

function conflict(own: string): CodedError {
  return new CodedError(
    "authorization_header_conflicts_with_auth",
    `http_request: "auth" and an own ${own} exclude each other; leave one out.`,
  );
}

function undeclared(name: string): CodedError {
  return invalid(`argument "auth.name": the clam does not declare the secret "${name}" in secrets`);
}

function invalid(what: string): CodedError {
  return new CodedError("tool_arguments_invalid", `http_request: ${what}.`);
}
