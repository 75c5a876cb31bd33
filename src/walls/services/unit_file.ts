import { isTrueOf } from "../../cli/commands.ts";
import { CodedError } from "../../domain/failure.ts";
import type { Json } from "../../domain/json.ts";
import type { LauncherTask } from "./task.ts";

/** The unit stands outside the home; the core says which one is meant, and no word of what is in it. */
export const unitFileTask: LauncherTask = {
  name: "unit_file",
  does: "shows, writes or removes the unit of `service`, whose text it makes itself",
  async serve(order, { args, places }) {
    if (!isTrueOf(args, "startsPrograms")) {
      throw new CodedError("usage", "This command has no unit.");
    }
    const files = await import("../unit_files.ts");
    const unit = files.readUnitName(order);
    const { deed, credential } = order as {
      readonly deed?: unknown;
      readonly credential?: unknown;
    };
    const key = typeof credential === "string" ? credential : undefined;
    const file = await files.findUnitFile(unit, key, places);
    if (deed === "write") await files.writeUnitFile(file);
    else if (deed === "remove") await files.removeUnitFile(file);
    else if (deed !== "show") throw new CodedError("usage", "A unit is shown, written or removed.");
    return { value: { ...file } as unknown as Json };
  },
};
