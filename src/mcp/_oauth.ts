import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import { CodedError } from "../domain/failure.ts";
import type { LoginStore } from "./login_store.ts";

/** What happens where a person has to log in. */
export interface LoginScreenOf {
  readonly redirectUrl: string;
  readonly state: string;
  /** Shows the address at which the person logs in. */
  show(url: URL): void;
}

/** Everything of a login but the tokens. */
interface Rest {
  readonly client?: StoredOAuthClientInformation;
  /** The tokens' other fields: who issued them, when they end, what for. */
  readonly tokens?: Omit<StoredOAuthTokens, "access_token" | "refresh_token">;
}

/** Where no person is: the address is never used, since nothing is registered with it. */
const NO_REDIRECT = "http://127.0.0.1/callback";

/**
 * What the SDK asks of a login: tokens lie in the vault, with the issuer that they belong to. Without
 * a screen nobody can log in, and what would need it fails with a sentence.
 */
export function createOAuthProvider(
  server: string,
  store: LoginStore,
  screen?: LoginScreenOf,
): OAuthClientProvider {
  let verifier = "";
  const readRest = async (): Promise<Rest> => {
    const { rest } = await store.read(server);
    return rest === undefined ? {} : JSON.parse(rest);
  };
  const clientMetadata: OAuthClientMetadata = {
    client_name: "ClamBot",
    redirect_uris: [screen?.redirectUrl ?? NO_REDIRECT],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    application_type: "native",
  };
  return {
    redirectUrl: screen?.redirectUrl ?? NO_REDIRECT,
    clientMetadata,
    state: () => screen?.state ?? "",
    clientInformation: async () => (await readRest()).client,
    async saveClientInformation(client) {
      const kept = await store.read(server);
      await store.write(server, { ...kept, rest: JSON.stringify({ ...await readRest(), client }) });
    },
    async tokens() {
      const { accessToken, refreshToken } = await store.read(server);
      if (accessToken === undefined) return undefined;
      const { tokens } = await readRest();
      return {
        token_type: "Bearer",
        ...tokens,
        access_token: accessToken,
        ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      } as StoredOAuthTokens;
    },
    async saveTokens({ access_token, refresh_token, ...tokens }) {
      const { refreshToken } = await store.read(server);
      const kept = refresh_token ?? refreshToken;
      await store.write(server, {
        accessToken: access_token,
        ...(kept === undefined ? {} : { refreshToken: kept }),
        rest: JSON.stringify({ ...await readRest(), tokens }),
      });
    },
    redirectToAuthorization(url) {
      if (screen) return screen.show(url);
      throw new CodedError(
        "server_failed",
        `The server ${server} wants a login.`,
        `Use: clambot mcp login ${server}`,
      );
    },
    saveCodeVerifier: (code) => void (verifier = code),
    codeVerifier: () => verifier,
    async invalidateCredentials(scope) {
      const { accessToken, refreshToken, ...others } = await store.read(server);
      const { client, tokens } = await readRest();
      const keepsTokens = scope !== "all" && scope !== "tokens";
      const keepsClient = scope !== "all" && scope !== "client";
      await store.write(server, {
        ...others,
        ...(keepsTokens && accessToken !== undefined ? { accessToken } : {}),
        ...(keepsTokens && refreshToken !== undefined ? { refreshToken } : {}),
        rest: JSON.stringify({
          ...(keepsClient && client ? { client } : {}),
          ...(keepsTokens && tokens ? { tokens } : {}),
        }),
      });
    },
  };
}
