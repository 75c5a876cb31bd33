import type { Command } from "@commander-js/extra-typings";
import { CodedError } from "../../../domain/failure.ts";
import type { CliContext, End } from "../../context.ts";
import { formatJson } from "../../stores.ts";
import { registerAdd } from "./add.ts";
import { formatJob, formatJobs, formatRuns, jobJson, jobRunJson } from "./job_text.ts";
import { registerRunNow } from "./run.ts";
import { withJobs } from "./with_jobs.ts";

/** `clambot cron`: what is done at its times. */
export function registerCron(program: Command, context: CliContext, end: End): void {
  const cron = program.command("cron")
    .description("Have something said or done at its times") as unknown as Command;
  registerAdd(cron, context, end);
  registerLooks(cron, context, end);
  registerChanges(cron, context, end);
  registerRunNow(cron, context, end);
}

function registerLooks(cron: Command, context: CliContext, end: End): void {
  const print = (text: string) => context.terminal.out(text);
  cron.command("list").description("List all jobs, those that are due next first")
    .option("--json", "print a JSON array")
    .action(({ json }) =>
      withJobs(context, end, async ({ book }, { clock }) => {
        const all = await book.list();
        print(json ? formatJson(all.map(jobJson)) : formatJobs(all, clock.zone()));
      })
    );
  cron.command("show").description("Show a job, and when it is due next")
    .argument("<id>", "id, or a name that only one has")
    .option("--json", "print one JSON object")
    .action((id, { json }) =>
      withJobs(context, end, async ({ book }, { clock }) => {
        const shown = await book.show(id);
        print(json ? formatJson(jobJson(shown)) : formatJob(shown, clock.zone()));
      })
    );
  cron.command("history").description("Show what became of jobs, the newest first")
    .argument("[id]", "of one job alone")
    .option("--last <n>", "so many", "20")
    .option("--json", "print a JSON array")
    .action((id, { last, json }) => {
      const most = readCount(last);
      return withJobs(context, end, async ({ book }, { clock }) => {
        const runs = await book.history(id, most);
        print(json ? formatJson(runs.map(jobRunJson)) : formatRuns(runs, clock.zone()));
      });
    });
}

function registerChanges(cron: Command, context: CliContext, end: End): void {
  const register = (
    name: "remove" | "enable" | "disable",
    description: string,
    told: string,
  ) =>
    cron.command(name).description(description)
      .argument("<id>", "id, or a name that only one has")
      .option("--json", "print one JSON object")
      .action((id, { json }) =>
        withJobs(context, end, async ({ book }, { clock }) => {
          const { job } = await book.show(id);
          const changed = name === "remove"
            ? await book.remove(job.id)
            : await book.enable(job.id, name === "enable");
          if (json) return context.terminal.out(formatJson(jobJson(changed)));
          const rest = name === "enable" ? formatJob(changed, clock.zone()) : "";
          context.terminal.out(`The job ${job.id} is ${told}.\n${rest}`);
        })
      );
  register("remove", "Take a job away; what runs of it is ended", "removed");
  register("enable", "Let a job run at its times again", "enabled");
  register("disable", "Keep a job, and run it no more until it is enabled", "disabled");
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 10_000) return count;
  throw new CodedError("usage", `--last "${text}" is no number of runs.`);
}
