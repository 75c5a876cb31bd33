import type { Command } from "@commander-js/extra-typings";
import type { Stores } from "../../../app/stores.ts";
import type { Delivery, MissedPolicy, Work } from "../../../cron/job.ts";
import type { JobOrder } from "../../../cron/job_book.ts";
import { CodedError } from "../../../domain/failure.ts";
import { PEOPLED_CHANNELS } from "../../../gateway/person.ts";
import type { CliContext, End } from "../../context.ts";
import { findClamId } from "../../find_clam_id.ts";
import { readInputOption } from "../../options.ts";
import { formatJson } from "../../stores.ts";
import { formatJob, jobJson } from "./job_text.ts";
import { withJobs } from "./with_jobs.ts";
import { allowClam } from "./allow_clam.ts";

interface AddOptions {
  readonly name?: string | undefined;
  readonly message?: string | undefined;
  readonly text?: string | undefined;
  readonly clam?: string | undefined;
  readonly input?: string | undefined;
  readonly cron?: string | undefined;
  readonly every?: string | undefined;
  readonly at?: string | undefined;
  readonly timezone?: string | undefined;
  readonly deliver?: boolean | undefined;
  readonly channel?: string | undefined;
  readonly target?: string | undefined;
  readonly missed?: string | undefined;
  readonly retries?: string | undefined;
  readonly deleteAfterRun?: true | undefined;
  readonly json?: true | undefined;
}

/** `clambot cron add`: a new job. */
export function registerAdd(cron: Command, context: CliContext, end: End): void {
  cron.command("add").description("Add a job: what is said or done, and when")
    .option("--name <name>", "how lists call it")
    .option("--message <text>", "said to the assistant, which answers it")
    .option("--text <text>", "told as it is; no model reads it")
    .option("--clam <id>", "a kept clam that is run; it needs a lease")
    .option("--input <json>", "inputs of the clam, laid over its defaults")
    .option("--cron <fields>", 'minute, hour, day, month, weekday: "0 9 * * 1-5"; or @daily, …')
    .option("--every <interval>", "90s, 5m, 2h or 1d")
    .option("--at <time>", "once: 2027-01-31T09:00, in your zone unless it names an offset")
    .option("--timezone <zone>", "the zone of --cron and --at, such as Europe/Paris; else yours")
    .option("--deliver", "tell what comes of it (as it does anyway)")
    .option("--no-deliver", "tell nothing")
    .option("--channel <name>", "where it is told; wherever you are reached when left out")
    .option("--target <id>", "the chat of that channel; the owner's when left out")
    .option("--missed <policy>", "times that passed while nothing ran: once, skip or all", "once")
    .option("--retries <n>", "tries after a failure that may pass", "3")
    .option("--delete-after-run", "take it away after one run, whatever comes of it")
    .option("--json", "print one JSON object")
    .action((options) =>
      withJobs(context, end, async (jobs, stores) => {
        const order = await readOrder(options, stores);
        const notes = await allowClam(order.work, options.json === true, stores, context);
        const added = await jobs.book.add(order);
        if (options.json) {
          const running = jobs.kind === "live";
          return context.terminal.out(formatJson({ ...jobJson(added), running, notes }));
        }
        context.terminal.out(formatJob(added, stores.clock.zone()));
        for (const note of notes) context.terminal.err(`clambot: ${note}\n`);
        if (jobs.kind === "here") context.terminal.err(`clambot: ${NOTHING_RUNS}\n`);
      })
    );
}

const NOTHING_RUNS = "No gateway runs, so nothing is done until one does: clambot gateway, or " +
  "clambot service install.";

async function readOrder(options: AddOptions, stores: Stores): Promise<JobOrder> {
  const { name, cron, every, at, missed, retries, deleteAfterRun } = options;
  // the gateway may have been started in another zone than the person's
  const timezone = options.timezone ?? (every === undefined ? stores.clock.zone() : undefined);
  return {
    ...(name === undefined ? {} : { name }),
    when: { cron, every, at, timezone },
    work: await readWork(options, stores),
    missed: missed as MissedPolicy,
    retries: Number(retries),
    delivery: readDelivery(options),
    deleteAfterRun: deleteAfterRun ?? false,
    conversation: "cli:cron",
  };
}

async function readWork(
  { message, text, clam, input }: AddOptions,
  { library }: Stores,
): Promise<Work> {
  if ([message, text, clam].filter((one) => one !== undefined).length !== 1) {
    throw new CodedError("usage", "Give exactly one of --message, --text and --clam.");
  }
  if (clam === undefined && input !== undefined) {
    throw new CodedError("usage", "--input goes with --clam only.");
  }
  if (text !== undefined) return { kind: "text", text };
  if (message !== undefined) return { kind: "message", text: message };
  const given = readInputOption(input);
  const { id, manifest } = await library.get(await findClamId(library, clam ?? ""));
  const { readInputs } = await import("../../../clams/inputs.ts");
  const read = await readInputs(manifest, given);
  if (!read.ok) throw new CodedError(read.failure.code, read.failure.message, read.failure.hint);
  return { kind: "clam", clam: id, input: given };
}

function readDelivery({ deliver = true, channel, target }: AddOptions): Delivery {
  if (channel !== undefined && !PEOPLED_CHANNELS.includes(channel)) {
    const known = PEOPLED_CHANNELS.join(", ");
    throw new CodedError("usage", `There is no channel "${channel}".`, `There are ${known}.`);
  }
  if (target !== undefined && channel === undefined) {
    throw new CodedError("usage", "--target needs --channel.");
  }
  return {
    deliver,
    ...(channel === undefined ? {} : { channel }),
    ...(target === undefined ? {} : { target }),
  };
}
