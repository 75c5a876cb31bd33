import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { CodedError } from "../domain/failure.ts";
import type { PublicFetch } from "../net/public_fetch.ts";
import { sentenceOf, wantsLogin } from "./_failures.ts";
import { createGuardedFetch } from "./_guarded_fetch.ts";
import { createOAuthProvider } from "./_oauth.ts";
import { openSession } from "./_session.ts";
import type { ServerEntry } from "./entry.ts";
import type { LoginStore } from "./login_store.ts";

/** The person, and their browser. */
export interface ServerLoginScreen {
  /** Where the browser comes back to. */
  readonly redirectUrl: string;
  /** What the browser has to bring back; nobody else knows it. */
  readonly state: string;
  /** Shows the address at which the person logs in. */
  show(url: URL): void;
  /** Resolves to what the browser brought. */
  wait(signal: AbortSignal): Promise<URLSearchParams>;
}

/**
 * Logs in with a server that has an address (OAuth 2.1 with PKCE, as the protocol says): the server
 * names who issues its tokens, ClamBot is registered there, and the tokens are kept in the vault.
 * @returns `false` when the server wants no login
 * @throws {CodedError} `server_failed` or `usage`
 */
export async function logInto(
  entry: ServerEntry,
  { publicFetch, logins }: { readonly publicFetch: PublicFetch; readonly logins: LoginStore },
  screen: ServerLoginScreen,
  signal: AbortSignal,
): Promise<boolean> {
  const { name, way, quietMs } = entry;
  if (way.kind === "program") {
    throw new CodedError("usage", `The server ${name} is a program; programs want no login.`);
  }
  await logins.remove(name); // whoever issues tokens may know another address of return
  const url = new URL(way.url);
  const transport = new StreamableHTTPClientTransport(url, {
    fetch: createGuardedFetch(publicFetch, url.origin, way.headers),
    authProvider: createOAuthProvider(name, logins, screen),
  });
  const common = { name, quietMs, transport, legacy: false, changed() {}, why: () => "" };
  try {
    const session = await openSession(common, signal);
    await session.list(signal);
    await session.close();
    return false;
  } catch (error) {
    signal.throwIfAborted();
    if (!wantsLogin(error)) throw failed(name, error);
  }
  const brought = await screen.wait(signal);
  try {
    await transport.finishAuth(brought);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    throw failed(name, error);
  }
}

function failed(name: string, error: unknown): CodedError {
  return new CodedError("server_failed", `The login with ${name} failed: ${sentenceOf(error)}.`);
}
