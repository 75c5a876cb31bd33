import { CodedError } from "../../domain/failure.ts";
import type { Json } from "../../domain/json.ts";
import { isTrueOf } from "../../cli/commands.ts";
import type { LauncherTask } from "./task.ts";

/** Changes the configuration, which is in no place where the core may write. */
export const changeConfigTask: LauncherTask = {
  name: "change_config",
  does:
    "writes config.json for `config`, `mcp`, `onboard` and `provider`, and asks before it widens anything",
  async serve(order, { args, places }) {
    const { changes } = order as { readonly changes?: unknown } ?? {};
    if (!Array.isArray(changes) || !changes.every(isChange)) {
      throw new CodedError("usage", "This is no change of the configuration.");
    }
    if (!isTrueOf(args, "mayWriteConfig")) {
      throw new CodedError("usage", "This command does not change the configuration.");
    }
    const { writeConfig } = await import("../write_config.ts");
    return { value: await writeConfig(changes, places) };
  },
};

function isChange(change: unknown): change is { key: string; value?: Json } {
  return change !== null && typeof change === "object" && "key" in change &&
    typeof change.key === "string";
}
