import type { CallbackListener } from "../../platform/callback.ts";
import { loginNeeded } from "../_failures.ts";
import { CALLBACK } from "./endpoints.ts";
import { beginLogin, belongsTo, exchangeCode, type OAuthPorts, readCode } from "./oauth.ts";
import type { CodexTokens } from "./tokens.ts";

/** Milliseconds that the browser has to come back when nothing can be pasted. */
const PATIENCE = 120_000;

/** How a login reaches the person. */
export interface LoginScreen {
  /** Shows the address to open in a browser. */
  show(url: string): void;
  /**
   * Asks for the address that the browser ended at, or the code in it; for browsers on another
   * machine. An empty answer is none. Absent when nobody can type.
   */
  readonly paste?: (signal: AbortSignal) => Promise<string>;
}

/**
 * Logs in with a browser: on this machine it comes back by itself, from another one the person
 * pastes what it ended at. Whatever comes first counts.
 * @throws {ProviderError} `provider_auth`, and others of the exchange
 */
export async function loginWithBrowser(
  ports: OAuthPorts,
  listener: CallbackListener,
  screen: LoginScreen,
  signal: AbortSignal,
): Promise<CodexTokens> {
  const attempt = await beginLogin(ports);
  screen.show(attempt.url);
  const settled = new AbortController();
  const cancel = () => settled.abort(signal.reason);
  signal.addEventListener("abort", cancel, { once: true });
  const until = settled.signal;
  const returned = listener.wait(CALLBACK, (query) => belongsTo(query, attempt), until)
    .then((query) => `?${query}`);
  returned.catch(() => {}); // told below, unless something is pasted
  const alone = () => Promise.race([returned.catch(cannotListen), tooLate(ports, until)]);
  const pasted = screen.paste?.(until).then((text) => text.trim() === "" ? alone() : text);
  const first = pasted
    ? Promise.race([returned.catch(() => new Promise<never>(() => {})), pasted])
    : alone();
  try {
    const code = readCode(await first, attempt);
    return await exchangeCode(code, attempt.verifier, ports, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
    settled.abort();
    await Promise.allSettled([returned]); // the port is free again
  }
}

function cannotListen(cause: unknown): never {
  throw loginNeeded(`The login cannot come back: port ${CALLBACK.port} is not free.`, { cause });
}

async function tooLate({ clock }: OAuthPorts, signal: AbortSignal): Promise<never> {
  await clock.sleep(PATIENCE, signal);
  throw loginNeeded("Nobody logged in within two minutes.");
}
