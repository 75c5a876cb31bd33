import { CodedError } from "../../domain/failure.ts";
import type { Json } from "../../domain/json.ts";
import { commandWords } from "../../cli/command_words.ts";
import { isTrueOf } from "../../cli/commands.ts";
import { referenceTo } from "../../secrets/reference.ts";
import type { LauncherTask } from "./task.ts";

/** Changes the configuration, which is in no place where the core may write. */
export const changeConfigTask: LauncherTask = {
  name: "change_config",
  does:
    "writes config.json for `config`, `mcp`, `onboard`, `provider` and `channels`, and asks before it " +
    "widens anything that the command line does not say",
  async serve(order, { args, places }) {
    const { changes } = order as { readonly changes?: unknown } ?? {};
    if (!Array.isArray(changes) || !changes.every(isChange)) {
      throw new CodedError("usage", "This is no change of the configuration.");
    }
    if (!isTrueOf(args, "mayWriteConfig")) {
      throw new CodedError("usage", "This command does not change the configuration.");
    }
    const { writeConfig } = await import("../write_config.ts");
    const said = changes.filter((change) => isSaid(change, args));
    return { value: await writeConfig(changes, places, said) };
  },
};

const ENABLED = "channels.telegram.enabled";
const TOKEN = "channels.telegram.token";

/** Whether the person's own words on the command line are this very change. */
function isSaid(
  { key, value }: { readonly key: string; readonly value?: Json },
  args: readonly string[],
): boolean {
  switch (commandWords(args).slice(0, 2).join(" ")) {
    case "channels connect":
      return key === ENABLED ? value === true : key === TOKEN && value === referenceTo(TOKEN);
    case "channels disconnect":
      return key === ENABLED ? value === false : key === TOKEN && value === undefined;
    default:
      return false;
  }
}

function isChange(change: unknown): change is { key: string; value?: Json } {
  return change !== null && typeof change === "object" && "key" in change &&
    typeof change.key === "string";
}
