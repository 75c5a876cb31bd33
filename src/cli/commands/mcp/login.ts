import { CodedError } from "../../../domain/failure.ts";
import { readServerEntry } from "../../../mcp/entry.ts";
import type { CliContext, End } from "../../context.ts";
import { cancelOnInterrupt } from "../../options.ts";
import { withStores } from "../../stores.ts";

const PATH = "/callback";

/** Logs in with a server in a browser; the tokens are kept in the vault. */
export async function loginToServer(
  name: string,
  opens: boolean,
  context: CliContext,
  end: End,
): Promise<void> {
  const { config, terminal, launcher } = context;
  const value = Object.hasOwn(config.tools.mcpServers, name)
    ? config.tools.mcpServers[name]
    : undefined;
  if (value === undefined) throw new CodedError("usage", `There is no MCP server "${name}".`);
  const [{ openGuard }, { logInto }, { openLoginStore }, { createCallbackListener }] = await Promise
    .all([
      import("../../../app/guard.ts"),
      import("../../../mcp/login.ts"),
      import("../../../mcp/login_store.ts"),
      import("../../../platform/callback.ts"),
    ]);
  const { signal, release } = cancelOnInterrupt(context);
  try {
    await withStores(context, end, async (stores) => {
      const [high = 0, low = 0] = stores.random.bytes(2);
      const port = 20_000 + (high * 256 + low) % 40_000;
      const state = stores.random.id() + stores.random.id();
      const screen = {
        redirectUrl: `http://127.0.0.1:${port}${PATH}`,
        state,
        show: (url: URL) => {
          terminal.out(`Open this address in a browser and log in:\n\n${url.href}\n\n`);
          // what cannot be opened stands on the screen
          if (opens && terminal.interactive) launcher.openAddress(url.href).catch(() => {});
        },
        wait: (signal: AbortSignal) =>
          createCallbackListener().wait(
            { port, path: PATH },
            (query) => query.get("state") === state,
            signal,
          ),
      };
      const ways = {
        publicFetch: openGuard(stores, context),
        logins: openLoginStore(stores.vault),
      };
      const wanted = await logInto(readServerEntry(name, value), ways, screen, signal);
      terminal.out(wanted ? `You are logged in with ${name}.\n` : `${name} wants no login.\n`);
    });
  } finally {
    release();
  }
}

/** Forgets the login with a server. */
export async function logoutOfServer(name: string, context: CliContext, end: End): Promise<void> {
  const { openLoginStore } = await import("../../../mcp/login_store.ts");
  await withStores(context, end, async ({ vault }) => {
    const had = await openLoginStore(vault).remove(name);
    context.terminal.out(
      had ? `The login with ${name} is forgotten.\n` : "Nobody was logged in.\n",
    );
  });
}
