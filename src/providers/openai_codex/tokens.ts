import type { JsonObject } from "../../domain/json.ts";
import type { Clock, Files } from "../../platform/platform.ts";
import { openaiCodexProvider } from "./facts.ts";
import { loginNeeded } from "../_failures.ts";
import { readObject } from "../_object.ts";
import { ProviderError } from "../provider.ts";

/** A login with ChatGPT. */
export interface CodexTokens {
  readonly access: string;
  readonly refresh: string;
  /** Milliseconds since 1970 at which `access` ends. */
  readonly expires: number;
  /** The account that pays; unknown for some logins. */
  readonly accountId?: string;
}

/** Milliseconds before its end from which a token is no longer used. */
const EARLY = 60_000;

/** The stored login. */
export interface CodexLogin {
  /** What is stored; `undefined` when nobody is logged in. */
  load(): Promise<CodexTokens | undefined>;
  /** Keeps a login, readable for its owner only. */
  save(tokens: CodexTokens): Promise<void>;
  /** Forgets it. @returns whether there was one */
  remove(): Promise<boolean>;
  /**
   * A token that is good for another minute at least; renewed when needed. Processes take turns,
   * and whoever comes second uses what the first one got. `rejected` is a token that the server
   * no longer takes, whatever its date says.
   * @throws {ProviderError} `provider_auth` when the person must log in
   */
  fresh(signal: AbortSignal, rejected?: string): Promise<CodexTokens>;
}

/** Gets new tokens for an old refresh token. */
export type Renew = (refresh: string, signal: AbortSignal) => Promise<CodexTokens>;

/** Opens the login that is kept in `secrets`. */
export function openCodexLogin(secrets: Files, clock: Clock, renew: Renew): CodexLogin {
  const load = async () => parseTokens(await secrets.readText(openaiCodexProvider.loginFile));
  const save = (tokens: CodexTokens) =>
    secrets.replace(openaiCodexProvider.loginFile, formatTokens(tokens));
  const isGood = (tokens: CodexTokens, rejected: string | undefined) =>
    tokens.access !== rejected && tokens.expires - clock.now() > EARLY;
  return {
    load,
    save,
    async remove() {
      const had = await secrets.stat(openaiCodexProvider.loginFile) !== undefined;
      await secrets.remove(openaiCodexProvider.loginFile);
      return had;
    },
    async fresh(signal, rejected) {
      const stored = await load();
      if (!stored) throw loginNeeded("Nobody is logged in with ChatGPT.");
      if (isGood(stored, rejected)) return stored;
      return await secrets.locked("codex", async () => {
        const now = await load();
        if (!now) throw loginNeeded("Nobody is logged in with ChatGPT.");
        if (isGood(now, rejected)) return now; // another process was faster
        return await renewed(now, signal);
      });
    },
  };

  async function renewed(old: CodexTokens, signal: AbortSignal): Promise<CodexTokens> {
    try {
      const tokens = await renew(old.refresh, signal);
      const whole = { ...(old.accountId ? { accountId: old.accountId } : {}), ...tokens };
      await save(whole);
      return whole;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const now = await load(); // a program that does not know the lock may have renewed it
      if (now && now.refresh !== old.refresh && isGood(now, undefined)) return now;
      throw error;
    }
  }
}

function parseTokens(text: string | undefined): CodexTokens | undefined {
  const stored = text === undefined ? undefined : readObject(text);
  const { access, refresh, expires } = stored ?? {};
  if (typeof access !== "string" || typeof refresh !== "string" || typeof expires !== "number") {
    return undefined; // none, or not ours: the person logs in again
  }
  const account = (stored as JsonObject).account_id ?? (stored as JsonObject).accountId;
  return {
    access,
    refresh,
    expires,
    ...(typeof account === "string" ? { accountId: account } : {}),
  };
}

function formatTokens({ access, refresh, expires, accountId }: CodexTokens): string {
  const account = accountId === undefined ? {} : { account_id: accountId };
  return `${JSON.stringify({ access, refresh, expires, ...account }, null, 2)}\n`;
}
