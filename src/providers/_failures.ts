import { capital } from "../text/capital.ts";
import {
  baseUrlOf,
  LOGIN_PROVIDER,
  type ProviderEntry,
  type ProvidersSettings,
  typedName,
} from "./catalog.ts";
import { cleanDetail } from "./_detail.ts";
import { ProviderError, type ProviderErrorOptions } from "./provider.ts";

/** Who is asked for what: everything that sentences about failures need. */
export interface Addressee {
  readonly entry: ProviderEntry;
  /** The model as the provider knows it; empty when none is asked for. */
  readonly model: string;
  readonly baseUrl: string;
  /** Values that must never be shown: key, headers. */
  readonly secrets: readonly string[];
}

/** Puts together whom a call goes to. */
export function addressee(
  entry: ProviderEntry,
  model: string,
  settings: ProvidersSettings,
): Addressee {
  const { apiKey, extraHeaders } = settings[entry.section];
  return {
    entry,
    model,
    baseUrl: baseUrlOf(entry, settings) ?? "",
    secrets: [apiKey, ...Object.values(extraHeaders)].filter((value) => value !== ""),
  };
}

/** An address without what it may end in. */
export function withoutEnd(address: string, end: string): string {
  return address.endsWith(end) ? address.slice(0, -end.length) : address;
}

/** What an answer with an error status means. `body` is the text of its body. */
export function failureOfStatus(
  to: Addressee,
  status: number,
  body: string,
  retryAfterMs?: number,
): ProviderError {
  const detail = cleanDetail(body, to.secrets);
  const facts = { status, detail, retryAfterMs: retryAfterMs ?? delayIn(body) };
  const { title } = to.entry;
  if (isTooLong(status, body)) return tooLong(to, facts);
  if (status === 402 || (isWithoutCredit(status, body) && facts.retryAfterMs === undefined)) {
    return new ProviderError("provider_quota", `The account with ${title} has nothing left.`, {
      hint: "Add credit there, or choose another model in agents.defaults.model.",
      ...facts,
    });
  }
  if (status === 401) return unauthorized(to, facts);
  if (status === 403 && /key|auth|permission|credential|token|account/i.test(body)) {
    return unauthorized(to, facts);
  }
  if (status === 429) return tooOften(to, facts);
  if (status === 408) return slow(to, "did not answer in time", facts);
  if (isUnknownModel(status, body)) return unknownModel(to, facts);
  if (status >= 500 || status === 409) {
    return broken(to, `failed with status ${status}${detail && `: ${detail}`}`, facts);
  }
  return refused(to, detail || `status ${status}`, facts);
}

/** Status codes of the errors that come inside a good answer, by their names. */
const STATUS_OF: Readonly<Record<string, number>> = {
  context_length_exceeded: 400,
  invalid_prompt: 400,
  invalid_request_error: 400,
  model_not_found: 404,
  insufficient_quota: 429,
  rate_limit_exceeded: 429,
  usage_limit_reached: 429,
};

/** What an error object inside a good answer means; OpenRouter puts the status into `code`. */
export function failureInBody(to: Addressee, told: object): ProviderError {
  const { code, type } = told as { readonly code?: unknown; readonly type?: unknown };
  const status = typeof code === "number" ? code : STATUS_OF[String(code ?? type)] ?? 500;
  return failureOfStatus(to, status, JSON.stringify({ error: told }));
}

type Facts = Pick<ProviderErrorOptions, "status" | "detail" | "retryAfterMs" | "cause">;

/**
 * Whether a refusal is about money. Words such as "billing" alone are not enough: they stand in
 * OpenAI's and Groq's messages about too many requests as well.
 */
function isWithoutCredit(status: number, body: string): boolean {
  return (status === 400 || status === 403 || status === 429) &&
    /insufficient[_ ](?:quota|credits?|balance|funds)|exceeded your current quota|credit balance|usage_limit_reached|out of credits/i
      .test(body);
}

/** Gemini tells how long to wait in the body; then waiting helps, whatever the message says. */
function delayIn(body: string): number | undefined {
  const seconds = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(body)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function isTooLong(status: number, body: string): boolean {
  if (status === 413) return true;
  return (status === 400 || status === 422) &&
    /context[ _](?:length|window)|maximum context|(?:prompt|input|request) (?:is )?too (?:long|large)|too many (?:input )?tokens|exceeds? the (?:maximum|max|context)/i
      .test(body);
}

function isUnknownModel(status: number, body: string): boolean {
  if (status === 404) return /model/i.test(body);
  return status === 400 &&
    /model_not_found|invalid model|not a valid model|unknown model|model .{0,80}(?:does not exist|not (?:exist|found|supported when))/i
      .test(body);
}

function unauthorized(to: Addressee, facts: Facts): ProviderError {
  if (to.entry.needs === "login") return loginNeeded("The ChatGPT login is not accepted.", facts);
  return new ProviderError("provider_auth", `${capital(to.entry.title)} does not accept the key.`, {
    hint: `Put a valid key there with: clambot provider connect ${to.entry.name}`,
    ...facts,
  });
}

/** The person must log in (again). */
export function loginNeeded(message: string, facts: Facts = {}): ProviderError {
  return new ProviderError("provider_auth", message, {
    hint: `Log in with: clambot provider login ${typedName(LOGIN_PROVIDER)}`,
    ...facts,
  });
}

/** No key is configured. */
export function keyMissing(to: Addressee): ProviderError {
  const variable = to.entry.keyVariable;
  return new ProviderError("provider_auth", `There is no key for ${to.entry.title}.`, {
    hint: `${variable ? `Set ${variable} and run clambot onboard, or run` : "Run"}: ` +
      `clambot provider connect ${to.entry.name}`,
  });
}

function tooOften(to: Addressee, facts: Facts): ProviderError {
  const seconds = Math.ceil((facts.retryAfterMs ?? 0) / 1000);
  return new ProviderError("provider_rate", `${capital(to.entry.title)} is asked too often.`, {
    hint: seconds > 0 ? `Try again in ${seconds} s.` : "Try again in a minute.",
    retryable: true,
    ...facts,
  });
}

/** It took too long: `what` goes on after the provider's name. */
export function slow(to: Addressee, what: string, facts: Facts = {}): ProviderError {
  return new ProviderError("provider_timeout", `${capital(to.entry.title)} ${what}.`, {
    hint: "Try again later, or choose another model.",
    retryable: true,
    ...facts,
  });
}

/** The answer cannot be used: `what` goes on after the provider's name. */
export function broken(to: Addressee, what: string, facts: Facts = {}): ProviderError {
  return new ProviderError("provider_broken", `${capital(to.entry.title)} ${what}.`, {
    hint: "Try again later, or choose another model.",
    retryable: true,
    ...facts,
  });
}

/** It does not want to answer this. */
export function refused(to: Addressee, reason: string, facts: Facts = {}): ProviderError {
  return new ProviderError(
    "provider_refused",
    `${capital(to.entry.title)} refused the request: ${reason.replace(/\.$/, "")}.`,
    { hint: "Say it in another way, or choose another model.", ...facts },
  );
}

/** No connection, or none that can be trusted. */
export function unreachable(to: Addressee, cause: unknown): ProviderError {
  const place = originOf(to.baseUrl);
  const certificate = /certificate|UnknownIssuer|tls|ssl/i.test(String(cause));
  return new ProviderError(
    "provider_unreachable",
    certificate
      ? `The certificate of ${place} cannot be verified.`
      : `Cannot reach ${to.entry.title} at ${place}.`,
    { hint: reachHint(to), retryable: !certificate, cause },
  );
}

function reachHint(to: Addressee): string {
  return to.entry.hints?.unreachable ?? "Check the network connection, then try again.";
}

/** It points to another address. */
export function redirected(to: Addressee, location: string): ProviderError {
  const target = URL.canParse(location, to.baseUrl)
    ? new URL(location, to.baseUrl).origin
    : "elsewhere";
  return new ProviderError(
    "provider_refused",
    `${capital(to.entry.title)} redirects to ${target}, and keys do not follow redirects.`,
    { hint: `Set providers.${to.entry.section}.apiBase to the address that answers itself.` },
  );
}

function tooLong(to: Addressee, facts: Facts): ProviderError {
  return new ProviderError(
    "context_too_long",
    `The conversation is too long for ${to.model || to.entry.title}.`,
    { hint: "Begin a new one with /new, or choose a model with a larger window.", ...facts },
  );
}

function unknownModel(to: Addressee, facts: Facts): ProviderError {
  return new ProviderError(
    "model_unknown",
    `${capital(to.entry.title)} has no model "${to.model}".`,
    { hint: `See what it has with: clambot models ${to.entry.name}`, ...facts },
  );
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : `"${address}"`;
}
