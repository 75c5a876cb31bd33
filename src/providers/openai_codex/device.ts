import { broken, loginNeeded } from "../_failures.ts";
import { PROVIDERS } from "../catalog.ts";
import { ProviderError } from "../provider.ts";
import { CLIENT_ID } from "./endpoints.ts";
import { askLogin, exchangeCode, type OAuthPorts } from "./oauth.ts";
import type { CodexTokens } from "./tokens.ts";

// The login for machines without a browser: the person types a short code on another device.
// Endpoints and fields as in openai/codex, codex-rs/login/src/device_code_auth.rs.

/** Milliseconds that a code can be typed in. */
const LIFE = 15 * 60 * 1000;

/** Seconds between questions when the server names none. */
const USUAL_INTERVAL = 5;

const JSON_HEADERS = { "content-type": "application/json" };

/** A code to type in, and where. */
export interface DeviceCode {
  readonly url: string;
  readonly userCode: string;
  readonly deviceId: string;
  readonly intervalMs: number;
}

/** Begins a login on another device. */
export async function beginDeviceLogin(
  ports: OAuthPorts,
  signal: AbortSignal,
): Promise<DeviceCode> {
  const body = JSON.stringify({ client_id: CLIENT_ID });
  const answer = await askLogin(
    "api/accounts/deviceauth/usercode",
    { headers: JSON_HEADERS, body },
    ports,
    signal,
  );
  const userCode = answer.user_code ?? answer.usercode;
  if (typeof userCode !== "string" || typeof answer.device_auth_id !== "string") {
    throw brokenLogin(ports, "sent no code");
  }
  const seconds = Number(answer.interval);
  return {
    url: `${ports.issuer}/codex/device`,
    userCode,
    deviceId: answer.device_auth_id,
    intervalMs: (seconds > 0 ? seconds : USUAL_INTERVAL) * 1000,
  };
}

/**
 * Waits until the code has been typed in, and gets the tokens.
 * @throws {ProviderError} `provider_auth` when nobody types it in time
 */
export async function finishDeviceLogin(
  code: DeviceCode,
  ports: OAuthPorts,
  signal: AbortSignal,
): Promise<CodexTokens> {
  const end = ports.clock.now() + LIFE;
  for (;;) {
    const granted = await askWhetherGranted(code, ports, signal);
    if (granted) {
      const redirect = `${ports.issuer}/deviceauth/callback`;
      return await exchangeCode(granted.code, granted.verifier, ports, signal, redirect);
    }
    if (ports.clock.now() + code.intervalMs > end) throw loginNeeded("Nobody typed the code in.");
    await ports.clock.sleep(code.intervalMs, signal);
  }
}

async function askWhetherGranted(
  code: DeviceCode,
  ports: OAuthPorts,
  signal: AbortSignal,
): Promise<{ readonly code: string; readonly verifier: string } | undefined> {
  const body = JSON.stringify({ device_auth_id: code.deviceId, user_code: code.userCode });
  try {
    const answer = await askLogin(
      "api/accounts/deviceauth/token",
      { headers: JSON_HEADERS, body },
      ports,
      signal,
    );
    const { authorization_code, code_verifier } = answer;
    if (typeof authorization_code !== "string" || typeof code_verifier !== "string") {
      throw brokenLogin(ports, "sent no code");
    }
    return { code: authorization_code, verifier: code_verifier };
  } catch (error) {
    const status = error instanceof ProviderError ? error.status : undefined;
    if (status === 403 || status === 404) return undefined; // not yet
    throw error;
  }
}

function brokenLogin(ports: OAuthPorts, what: string): ProviderError {
  const entry = PROVIDERS.openai_codex;
  return broken({ entry, model: "", baseUrl: ports.issuer, secrets: [] }, what);
}
