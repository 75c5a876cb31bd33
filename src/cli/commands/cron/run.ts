import type { Command } from "@commander-js/extra-typings";
import type { HomeJobs } from "../../../app/home_jobs.ts";
import { conversationOfJob } from "../../../cron/conversation.ts";
import { textOfWork } from "../../../cron/job.ts";
import type { JobRun } from "../../../cron/ledger.ts";
import type { Answer } from "../../../domain/turn.ts";
import type { JobOutcome } from "../../../gateway/cron_ops.ts";
import { escapeText } from "../../../text/escape.ts";
import type { CliContext, End, ExitCode } from "../../context.ts";
import { cancellable } from "../../options.ts";
import { formatJson, withStores } from "../../stores.ts";
import { jobRunJson } from "./job_text.ts";

/** `clambot cron run`: a job, now, beside its times. */
export function registerRunNow(cron: Command, context: CliContext, end: End): void {
  cron.command("run").description("Run a job now, beside its times, and show what comes of it")
    .argument("<id>", "id, or a name that only one has")
    .option("--json", "print one JSON object")
    .action(async (id, { json }) => {
      const { run, text } = await runNow(id, context);
      if (json) context.terminal.out(formatJson({ ...jobRunJson(run), text }));
      else tell(run, text, context);
      end(EXIT_CODES[run.state]);
    });
}

const EXIT_CODES: Readonly<Record<JobRun["state"], ExitCode>> = {
  done: 0,
  failed: 1,
  skipped: 1,
  missed: 1,
  planned: 1,
  running: 1,
  waiting: 3,
};

function tell({ state, reason = "" }: JobRun, text: string, { terminal }: CliContext): void {
  if (state === "done") return terminal.out(`${escapeText(text)}\n`);
  const said = text === "" ? reason : text;
  const again = state === "planned" ? " It is tried again in a while." : "";
  terminal.err(`clambot: ${escapeText(said)}${again}\n`);
}

/** By the gateway where one runs, so that a job never runs twice at once; else here. */
async function runNow(id: string, context: CliContext): Promise<JobOutcome> {
  const { withReachedJobs } = await import("../../../app/reached_jobs.ts");
  let outcome: JobOutcome | undefined;
  await withStores(context, () => {}, async (stores) => {
    const ports = { ...stores, socket: context.socket };
    outcome = await cancellable(
      context,
      (signal) =>
        withReachedJobs(ports, signal, async (jobs) => {
          if (jobs.kind === "here") return await runHere(id, jobs.home, context, signal);
          return await jobs.ask("cron.run", { id }) as unknown as JobOutcome;
        }),
    );
  });
  if (!outcome) throw new Error("The run ended without an outcome.");
  return outcome;
}

/** The person is there, so they can be asked; the ledger has it all the same. */
async function runHere(
  id: string,
  { book, store }: HomeJobs,
  context: CliContext,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { job } = await book.show(id);
  const { startApp } = await import("../../../app/start.ts");
  const { runJobHere } = await import("../../../app/job_here.ts");
  const { atTerminal, messageOf } = await import("../../surroundings.ts");
  const app = await startApp(context, { once: true });
  try {
    const around = atTerminal({}, app.stores, context);
    const message = messageOf(textOfWork(job.work), conversationOfJob(job), app.stores);
    const work = (turn: string): Promise<Answer> =>
      runJobHere({ work: job.work, message, around: { ...around, turn } }, app, signal);
    const { clock, random } = app.stores;
    const run = { job: job.id, name: job.name, due: clock.now(), tries: 0, resumed: false };
    store.keep({ ...run, state: "planned", nextTry: run.due });
    const turn = random.id();
    store.start(run, turn, clock.now());
    const answer = await work(turn);
    const text = answer.failure?.message ?? answer.reply;
    const isDone = answer.status === "completed" || answer.status === "chat";
    store.end(run, {
      state: isDone ? "done" : "failed",
      ...(answer.failure ? { code: answer.failure.code, reason: answer.failure.message } : {}),
    }, clock.now());
    await app.finish();
    return { run: store.findRun(job.id, run.due) ?? { ...run, state: "done" }, text };
  } finally {
    app.close();
  }
}
