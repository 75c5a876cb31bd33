import type { Stores } from "../app/stores.ts";
import type { Servers } from "../mcp/servers.ts";
import type { CliContext } from "./context.ts";
import { cancelOnInterrupt } from "./options.ts";

/** Does something with MCP servers, and ends them again. What is thrown passes through. */
export async function withServers<T>(
  context: CliContext,
  action: (servers: Servers, stores: Stores, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [{ openStores }, { openGuard }, { openServersOf }] = await Promise.all([
    import("../app/stores.ts"),
    import("../app/guard.ts"),
    import("../app/servers.ts"),
  ]);
  const stores = openStores(context);
  const servers = openServersOf(stores, context, openGuard(stores, context));
  const { signal, release } = cancelOnInterrupt(context);
  try {
    return await action(servers, stores, signal);
  } finally {
    release();
    await servers.close();
    stores.library.close();
  }
}
