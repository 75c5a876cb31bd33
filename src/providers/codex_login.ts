import type { CallbackListener } from "../platform/callback.ts";
import { beginDeviceLogin, type DeviceCode, finishDeviceLogin } from "./openai_codex/device.ts";
import { ISSUER } from "./openai_codex/endpoints.ts";
import { type LoginScreen, loginWithBrowser } from "./openai_codex/login.ts";
import { type OAuthPorts, renewTokens } from "./openai_codex/oauth.ts";
import { type CodexLogin, openCodexLogin } from "./openai_codex/tokens.ts";
import type { ProviderPorts } from "./ports.ts";

export type { CodexLogin, DeviceCode, LoginScreen };

/** What logging in needs. */
export type LoginPorts = Pick<ProviderPorts, "fetch" | "clock" | "random" | "secrets" | "issuer">;

/** The login with ChatGPT that is stored in this home. */
export function openLogin(ports: LoginPorts): CodexLogin {
  const oauth = oauthPorts(ports);
  return openCodexLogin(
    ports.secrets,
    ports.clock,
    (refresh, signal) => renewTokens(refresh, oauth, signal),
  );
}

/** Logs in with a browser, here or elsewhere, and stores the login. */
export async function logIn(
  ports: LoginPorts,
  listener: CallbackListener,
  screen: LoginScreen,
  signal: AbortSignal,
): Promise<void> {
  const tokens = await loginWithBrowser(oauthPorts(ports), listener, screen, signal);
  await openLogin(ports).save(tokens);
}

/** Logs in by a code that the person types on another device, and stores the login. */
export async function logInByDevice(
  ports: LoginPorts,
  show: (code: DeviceCode) => void,
  signal: AbortSignal,
): Promise<void> {
  const oauth = oauthPorts(ports);
  const code = await beginDeviceLogin(oauth, signal);
  show(code);
  await openLogin(ports).save(await finishDeviceLogin(code, oauth, signal));
}

function oauthPorts({ fetch, clock, random, issuer }: LoginPorts): OAuthPorts {
  return { fetch, clock, random, issuer: (issuer ?? ISSUER).replace(/\/+$/, "") };
}
