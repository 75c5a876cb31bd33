import { addressesToOpen } from "../../cli/commands.ts";
import { CodedError } from "../../domain/failure.ts";
import type { LauncherTask } from "./task.ts";

/** Opens the browser at an address that the facts of the command name, and at no other. */
export const openAddressTask: LauncherTask = {
  name: "open_address",
  does: "opens the browser for `provider login`, at the address of the known provider alone",
  async serve(order, { args }) {
    const { url } = order as { readonly url?: unknown } ?? {};
    const address = typeof url === "string" ? URL.parse(url) : null;
    if (!address || !addressesToOpen(args).includes(`${address.origin}${address.pathname}`)) {
      throw new CodedError("usage", "No browser is opened for this.");
    }
    const { openInBrowser } = await import("../browser.ts");
    return { value: openInBrowser(address) };
  },
};
