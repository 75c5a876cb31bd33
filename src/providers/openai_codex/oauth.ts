import type { JsonObject } from "../../domain/json.ts";
import type { Clock, Fetch, Random } from "../../platform/platform.ts";
import { PROVIDERS } from "../catalog.ts";
import { type Addressee, broken, loginNeeded } from "../_failures.ts";
import { readObject } from "../_object.ts";
import { createWire, type Deadlines } from "../_wire.ts";
import { ProviderError } from "../provider.ts";
import { CLIENT_ID, ORIGINATOR, REDIRECT_URI } from "./endpoints.ts";
import type { CodexTokens } from "./tokens.ts";

// Authorization code with PKCE (RFC 6749, section 4.1; RFC 7636). Written here and not taken from
// a library: there is one fixed server, whose answers to a refresh do not hold all the fields
// that strict clients insist on.

/** A login service answers quickly or not at all. */
const DEADLINES: Deadlines = { headersMs: 30_000, idleMs: 30_000, totalMs: 60_000 };

/** Seconds that a token is taken to live when nothing says how long. */
const USUAL_LIFE = 3600;

/** What talking to the login service needs. */
export interface OAuthPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  /** Base address of the login service. */
  readonly issuer: string;
}

/** A login that has begun: where the person goes, and what proves that the answer is theirs. */
export interface LoginAttempt {
  readonly url: string;
  readonly state: string;
  readonly verifier: string;
}

/** Begins a login in the browser. */
export async function beginLogin({ issuer, random }: OAuthPorts): Promise<LoginAttempt> {
  const verifier = base64Url(random.bytes(32));
  const state = base64Url(random.bytes(32));
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    scope: "openid profile email offline_access",
    code_challenge: base64Url(new Uint8Array(hash)),
    code_challenge_method: "S256",
    state,
    id_token_add_organizations: "true",
    codex_cli_simplified_flow: "true",
    originator: ORIGINATOR,
  });
  return { url: `${issuer}/oauth/authorize?${query}`, state, verifier };
}

/** Whether a query that the browser brought back belongs to this attempt. */
export function belongsTo(query: URLSearchParams, attempt: LoginAttempt): boolean {
  return query.get("state") === attempt.state && (query.has("code") || query.has("error"));
}

/**
 * The code in what the browser brought back or the person pasted: a whole address, its query,
 * `code#state`, or the code alone.
 * @throws {ProviderError} `provider_auth` when it is a refusal or belongs to another attempt
 */
export function readCode(answer: string, attempt: LoginAttempt): string {
  const text = answer.trim();
  const query = queryOf(text);
  const state = query?.get("state") ?? (query ? undefined : text.split("#")[1]);
  if (state && state !== attempt.state) {
    throw loginNeeded("That answer belongs to another login.");
  }
  const refusal = query?.get("error");
  if (refusal) throw loginNeeded(`The login was refused: ${refusal.slice(0, 60)}.`);
  const code = query ? query.get("code") : text.split("#")[0];
  if (!code || /\s/.test(code)) throw loginNeeded("There is no code in that answer.");
  return code;
}

function queryOf(text: string): URLSearchParams | undefined {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text).searchParams;
  return /(?:^|[?&])(?:code|error)=/.test(text)
    ? new URLSearchParams(text.replace(/^[^?]*\?/, ""))
    : undefined;
}

/** Turns a code into tokens. `redirectUri` is the one that the code was asked for with. */
export function exchangeCode(
  code: string,
  verifier: string,
  ports: OAuthPorts,
  signal: AbortSignal,
  redirectUri: string = REDIRECT_URI,
): Promise<CodexTokens> {
  return askForTokens(
    { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri },
    undefined,
    ports,
    signal,
  );
}

/** Gets new tokens; the old refresh token stays when the server sends no new one. */
export function renewTokens(
  refresh: string,
  ports: OAuthPorts,
  signal: AbortSignal,
): Promise<CodexTokens> {
  return askForTokens(
    { grant_type: "refresh_token", refresh_token: refresh },
    refresh,
    ports,
    signal,
  );
}

async function askForTokens(
  fields: Readonly<Record<string, string>>,
  oldRefresh: string | undefined,
  ports: OAuthPorts,
  signal: AbortSignal,
): Promise<CodexTokens> {
  const answer = await askLogin(
    "oauth/token",
    {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...fields, client_id: CLIENT_ID }).toString(),
    },
    ports,
    signal,
  ).catch(asLoginFailure);
  const access = answer.access_token;
  const refresh = answer.refresh_token ?? oldRefresh;
  if (typeof access !== "string" || typeof refresh !== "string") {
    throw broken(loginService(ports), "sent no tokens");
  }
  const claims = claimsOf(access);
  const accountId = accountIn(claims);
  return {
    access,
    refresh,
    expires: expiry(answer.expires_in, claims.exp, ports.clock.now()),
    ...(accountId === undefined ? {} : { accountId }),
  };
}

/** Asks the login service and reads its JSON object. */
export async function askLogin(
  resource: string,
  init: { readonly headers: Record<string, string>; readonly body: string },
  ports: OAuthPorts,
  signal: AbortSignal,
): Promise<JsonObject> {
  const to = loginService(ports, init.body);
  const wire = createWire(to, { ...ports, deadlines: DEADLINES });
  const response = await wire(`${ports.issuer}/${resource}`, { method: "POST", ...init, signal });
  const answer = readObject(await response.text());
  if (!answer) throw broken(to, "sent an answer that cannot be read");
  return answer;
}

/** A login that has ended looks like a bad request (RFC 6749, section 5.2). */
function asLoginFailure(error: unknown): never {
  if (error instanceof ProviderError && (error.status === 400 || error.status === 401)) {
    throw loginNeeded("The login with ChatGPT has ended.", { cause: error });
  }
  throw error;
}

function loginService(ports: OAuthPorts, body = ""): Addressee {
  const secrets = [...new URLSearchParams(body).values()];
  return { entry: PROVIDERS.openai_codex, model: "", baseUrl: ports.issuer, secrets };
}

function expiry(seconds: unknown, exp: unknown, now: number): number {
  if (typeof seconds === "number" && seconds > 0) return now + seconds * 1000;
  if (typeof exp === "number") return exp * 1000;
  return now + USUAL_LIFE * 1000;
}

/** The account that pays; OpenAI's own claim. */
function accountIn(claims: JsonObject): string | undefined {
  const own = claims["https://api.openai.com/auth"];
  const id = own && typeof own === "object" ? (own as JsonObject).chatgpt_account_id : undefined;
  return typeof id === "string" ? id : undefined;
}

/** What a token says about itself. It came over TLS from its issuer, so it is not verified. */
function claimsOf(token: string): JsonObject {
  const payload = token.split(".")[1] ?? "";
  try {
    const bytes = Uint8Array.fromBase64(payload, { alphabet: "base64url" });
    return readObject(new TextDecoder().decode(bytes)) ?? {};
  } catch {
    return {}; // not base64: a token that says nothing
  }
}

function base64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
