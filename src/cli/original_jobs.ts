import type { Originals } from "../app/home_jobs.ts";
import type { CliContext } from "./context.ts";

/** Where the original kept its jobs, by its code and by its documents. */
export function originalsOf(
  { openFiles, layout }: Pick<CliContext, "openFiles" | "layout">,
): Originals {
  return {
    places: [openFiles(layout.workspace).under("cron"), openFiles(layout.cron)],
    conversation: "cli:cron",
  };
}
