import { parseAllowedHost } from "../../src/net/allowed_hosts.ts";
import { createPublicFetch, type PublicFetch } from "../../src/net/public_fetch.ts";
import { createClock } from "../../src/platform/deno.ts";
import { createNetwork } from "../../src/platform/network.ts";

/** How the server and whoever issues its tokens say where what is. */
export interface AuthBehaviour {
  /** Where the metadata of the resource stands; `none`: nowhere. */
  readonly resource: "header" | "path" | "root" | "none";
}

/** A request that arrived, as far as tests look at it. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string;
}

/**
 * A server of the protocol on loopback that wants a token, with whoever issues it: on the same port
 * below `/oauth2`, where its token address has a path of its own.
 */
export class AuthServer implements AsyncDisposable {
  readonly arrived: Arrived[] = [];
  behaviour: AuthBehaviour;
  /** All of its well-known addresses are gone, and it names another issuer. */
  evil: string | undefined;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #tokens = new Set<string>();
  #challenge = "";
  #count = 0;

  constructor(behaviour: AuthBehaviour) {
    this.behaviour = behaviour;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#answer(request),
    );
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  get url(): string {
    return `${this.origin}/mcp`;
  }

  /** Tokens that were given count no more. */
  expire(): void {
    this.#tokens = new Set();
  }

  /** What a browser does with the address, once the person has said yes. */
  authorize(address: URL): URLSearchParams {
    this.#challenge = address.searchParams.get("code_challenge") ?? "";
    const state = address.searchParams.get("state") ?? "";
    return new URLSearchParams({ code: "the-code", state, iss: this.#issuer });
  }

  get #issuer(): string {
    return this.behaviour.resource === "none" ? this.origin : `${this.origin}/oauth2`;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const body = await request.text();
    const authorization = request.headers.get("authorization");
    this.arrived.push({ method: request.method, path: pathname, authorization, body });
    if (pathname === "/mcp") return this.#speak(request.method, authorization, body);
    if (pathname === "/oauth2/register") {
      return Response.json({ ...JSON.parse(body), client_id: "client-1" }, { status: 201 });
    }
    if (pathname === "/oauth2/api/v1/token") return await this.#issue(new URLSearchParams(body));
    if (this.evil !== undefined) {
      return pathname.includes("oauth-protected-resource")
        ? Response.json({ resource: this.url, authorization_servers: [this.evil] })
        : new Response("", { status: 404 });
    }
    return this.#describe(pathname) ?? new Response("", { status: 404 });
  }

  #describe(path: string): Response | undefined {
    const { resource } = this.behaviour;
    const places = {
      header: "/elsewhere/metadata",
      path: "/.well-known/oauth-protected-resource/mcp",
      root: "/.well-known/oauth-protected-resource",
      none: "",
    };
    if (path === places[resource]) {
      return Response.json({ resource: this.url, authorization_servers: [this.#issuer] });
    }
    const metadata = resource === "none"
      ? "/.well-known/oauth-authorization-server"
      : "/.well-known/oauth-authorization-server/oauth2";
    if (path !== metadata) return undefined;
    return Response.json({
      issuer: this.#issuer,
      authorization_endpoint: `${this.origin}/oauth2/authorize`,
      token_endpoint: `${this.origin}/oauth2/api/v1/token`,
      registration_endpoint: `${this.origin}/oauth2/register`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none"],
    });
  }

  async #issue(form: URLSearchParams): Promise<Response> {
    if (form.get("grant_type") === "authorization_code") {
      const digest = await crypto.subtle.digest(
        "SHA-256",
        new TextEncoder().encode(form.get("code_verifier") ?? ""),
      );
      const proof = new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
      if (form.get("code") !== "the-code" || proof !== this.#challenge) {
        return Response.json({ error: "invalid_grant" }, { status: 400 });
      }
    } else if (!form.get("refresh_token")?.startsWith("refresh-token-")) {
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    }
    const token = `access-token-${++this.#count}`;
    this.#tokens.add(token);
    return Response.json({
      access_token: token,
      refresh_token: `refresh-token-${this.#count}`,
      token_type: "Bearer",
      expires_in: 3600,
    });
  }

  #speak(method: string, authorization: string | null, body: string): Response {
    if (!this.#tokens.has(authorization?.replace(/^Bearer /, "") ?? "")) {
      const place = this.behaviour.resource === "header"
        ? `Bearer resource_metadata="${this.origin}/elsewhere/metadata"`
        : "Bearer";
      const headers: Record<string, string> = this.behaviour.resource === "none"
        ? {}
        : { "www-authenticate": place };
      return new Response("", { status: 401, headers });
    }
    if (method !== "POST") return new Response("", { status: 405 });
    const message = JSON.parse(body);
    if (message.id === undefined) return new Response(null, { status: 202 });
    const { id } = message;
    const result = this.#resultOf(message.method);
    return Response.json(
      result
        ? { jsonrpc: "2.0", id, result }
        : { jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } },
    );
  }

  #resultOf(method: string): object | undefined {
    switch (method) {
      case "initialize":
        return {
          protocolVersion: "2025-11-25",
          capabilities: { tools: {} },
          serverInfo: { name: "auth", version: "1" },
        };
      case "tools/list":
        return { tools: [{ name: "echo", inputSchema: { type: "object" } }] };
      case "tools/call":
        return { content: [{ type: "text", text: "called" }] };
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** The guard, which lets MCP reach these places on loopback. */
export function guardFor(...origins: readonly string[]): PublicFetch {
  return createPublicFetch({
    network: createNetwork(),
    userAgent: "test",
    clock: createClock(),
    allowHosts: origins.map((url) =>
      parseAllowedHost({ url, addresses: "127.0.0.1", tools: ["mcp"] })
    ),
    nameServers: [],
    sslFallbackInsecure: false,
  });
}
