import { isTrueOf } from "../../cli/commands.ts";
import { CodedError } from "../../domain/failure.ts";
import type { LauncherTask } from "./task.ts";

/** Starts what looks after services. The core names a deed; the command line is put together here. */
export const startProgramTask: LauncherTask = {
  name: "start_program",
  does: "starts systemctl, journalctl or loginctl for `service`, with arguments of its own",
  async serve(order, { args }) {
    if (!isTrueOf(args, "startsPrograms")) {
      throw new CodedError("usage", "This command starts no programs.");
    }
    const { readUnitName } = await import("../unit_files.ts");
    const { programLine, startProgram } = await import("../unit_programs.ts");
    const line = programLine(readUnitName(order), order as Record<string, unknown>);
    return { value: { ...await startProgram(line) } };
  },
};
