import { addressesToOpen } from "../../cli/commands.ts";
import { CodedError } from "../../domain/failure.ts";
import type { LauncherTask } from "./task.ts";

/** Opens the browser at an address that the facts of the command allow, and at no other. */
export const openAddressTask: LauncherTask = {
  name: "open_address",
  does:
    "opens the browser for `provider login`, at the known provider alone, and for `mcp login`, over https",
  async serve(order, { args }) {
    const { url } = order as { readonly url?: unknown } ?? {};
    const address = typeof url === "string" ? URL.parse(url) : null;
    if (!address || !isAmong(addressesToOpen(args), address)) {
      throw new CodedError("usage", "No browser is opened for this.");
    }
    const { openInBrowser } = await import("../browser.ts");
    return { value: openInBrowser(address) };
  },
};

function isAmong(
  allowed: readonly string[],
  { protocol, origin, pathname, username }: URL,
): boolean {
  return allowed.includes(`${origin}${pathname}`) ||
    (protocol === "https:" && username === "" && allowed.includes(protocol));
}
