import type { Json } from "../../domain/json.ts";
import type { LauncherTask } from "./task.ts";

/** Shows that the launcher has no more what it gave up. */
export const tryGivenUpTask: LauncherTask = {
  name: "try_given_up",
  does: "tries, for `status --permissions --try`, what it gave up itself",
  async serve() {
    const { tryGivenUpRights } = await import("../prove.ts");
    return { value: await tryGivenUpRights("/bin/true") as unknown as Json };
  },
};
