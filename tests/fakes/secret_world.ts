import { openFiles } from "../../src/platform/files.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { parsePlace } from "../../src/secrets/secret_place.ts";
import { parseSecretHost } from "../../src/secrets/secret_host.ts";
import { createToolSecrets, type SecretUse } from "../../src/secrets/tool_secrets.ts";
import { openVault, type Vault } from "../../src/secrets/vault.ts";
import { createHttpRequestTool } from "../../src/tools/http_request/http_request.ts";
import type { CallContext, Person } from "../../src/tools/tool.ts";
import { callTool, openWorld, type World, type WorldParts } from "./outward_world.ts";

/** The value of every secret of this world. */
export const VALUE = "sk-CANARY/0123456789+x";

/** A request as a server got it. */
export interface Got {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `http_request` over the real guard and a real vault, with servers that tell what they got. */
export interface SecretWorld extends AsyncDisposable {
  readonly world: World;
  readonly vault: Vault;
  readonly got: Got[];
  readonly uses: { readonly name: string; readonly use: SecretUse }[];
  /** Keeps a secret of this name. */
  keep(name: string, hosts: readonly string[], places?: readonly string[]): Promise<void>;
  /** Calls `http_request`; a failure has its code in `code`. */
  call(args: JsonObject, around?: Around): Promise<JsonObject>;
}

/** Who is around a call. */
export interface Around {
  readonly person?: Person;
  readonly context?: CallContext;
}

export async function openSecretWorld(parts: WorldParts = {}): Promise<SecretWorld> {
  const stack = new AsyncDisposableStack();
  const directory = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(directory, { recursive: true }));
  const got: Got[] = [];
  const world = stack.use(
    await openWorld({
      ...parts,
      async serve(request, info) {
        const { url, headers } = request;
        got.push({ url, headers: Object.fromEntries(headers), body: await request.clone().text() });
        return await parts.serve?.(request, info) ?? new Response("ok");
      },
    }),
  );
  const vault = openVault({
    files: openFiles(`${directory}/secrets`),
    state: openFiles(`${directory}/state`),
    clock: createClock(),
    random: createRandom(),
  });
  const uses: { name: string; use: SecretUse }[] = [];
  const secrets = createToolSecrets({
    vault,
    onUse: (name, use) => Promise.resolve(void uses.push({ name, use })),
  });
  const tool = createHttpRequestTool(world.publicFetch, { secrets });
  const once = { kind: "once" } as const;
  return {
    world,
    vault,
    got,
    uses,
    async keep(name, hosts, places = ["bearer"]) {
      const bound = { hosts: hosts.map(parseSecretHost), places: places.map(parsePlace) };
      await vault.put({ name, value: VALUE, ...bound });
    },
    call: (args, around) =>
      callTool(tool, { method: "GET", ...args }, once, once, around).then(
        (value) => value as JsonObject,
        ({ code, message }) => ({ code, message }),
      ),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
