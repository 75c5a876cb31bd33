import type { Command } from "@commander-js/extra-typings";
import { expireRuns } from "../../../app/expired_runs.ts";
import type { Stores } from "../../../app/stores.ts";
import type { ListedRun } from "../../../runs/runs.ts";
import { openQuestions, type RunRecord } from "../../../runs/record.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext, End, ExitCode } from "../../context.ts";
import { askLive } from "../../live.ts";
import { cancelOnInterrupt, collect } from "../../options.ts";
import { formatTable } from "../../print.ts";
import { goOnWithRun } from "../../resumed_run.ts";
import { formatTime } from "../../../text/local_time.ts";
import { formatJson, withStores } from "../../stores.ts";
import { formatRun, runJson } from "../../run_text.ts";

/** `clambot runs`: what programs did, and what became of those that were broken off. */
export function registerRuns(program: Command, context: CliContext, end: End): void {
  const runs = program.command("runs")
    .description("List, show, replay, resume and cancel the runs of programs");
  const using = (action: (stores: Stores) => Promise<void>) => withStores(context, end, action);
  const print = (text: string) => context.terminal.out(text);

  runs.command("list").description("List the runs, newest first")
    .option("--open", "only those that have not ended")
    .option("--json", "print a JSON array")
    .action(({ open, json }) =>
      using(async (stores) => {
        await expireRuns(stores);
        const all = (await stores.runs.list()).toReversed();
        const wanted = open ? all.filter(isOpen) : all;
        if (json) return print(formatJson(wanted.map(runJson)));
        if (wanted.length === 0) return print(open ? "No open runs.\n" : "No runs.\n");
        print(formatRuns(wanted, stores.clock.zone()));
      })
    );
  runs.command("show").description("Print what a run did, call by call")
    .argument("<id>", "as `runs list` shows it, or the beginning of it")
    .option("--json", "print one JSON object")
    .action((id, { json }) =>
      using(async (stores) => {
        await expireRuns(stores);
        const run = await stores.runs.find(id);
        print(json ? formatJson(runJson(run)) : formatRun(run, stores.clock.zone()));
      })
    );
  runs.command("replay").description("Run it again with what it was told, and compare")
    .argument("<id>")
    .option("--json", "print one JSON object")
    .action(async (id, { json }) => end(await replay(id, json === true, context)));
  runs.command("resume").description("Go on with a run that waits or was broken off")
    .argument("<id>")
    .option("--grant <tool:scope>", "allow without asking; may be repeated", collect)
    .option("--expires <span>", "let these grants count for 30m, 12h, 7d or 2w only")
    .option("--json", "print one JSON object")
    .action(async (id, options) => end(await goOnWithRun(id, options, context)));
  runs.command("cancel").description("End a run that waits or was broken off")
    .argument("<id>")
    .option("--json", "print one JSON object")
    .action((id, { json }) =>
      using(async (stores) => {
        const run = await stores.runs.rootOf(id);
        const live = await askLive(context, "runs.cancel", { run });
        if (!live) await stores.runs.endWhole(run, "cancelled", CANCELLED);
        const cancelled = { run, state: "cancelled" };
        print(json ? formatJson(cancelled) : `Cancelled the run ${run}.\n`);
      })
    );
}

const CANCELLED = { code: "cancelled", message: "You cancelled it." } as const;

function isOpen({ state, record }: ListedRun): boolean {
  return state === "damaged" || record?.ended === undefined;
}

function formatRuns(runs: readonly ListedRun[], zone: string): string {
  const rows = runs.map(({ run, state, record }) => [
    run,
    state,
    record ? formatTime(record.at, zone) : "-",
    record ? escapeLine(nameOf(record)) : "its record is not as it was written",
    record ? noteOf(record) : "",
  ]);
  return formatTable([["ID", "STATE", "BEGAN", "FOR", ""], ...rows]);
}

/** What it waits for, or which run it is a part of. */
function noteOf(record: RunRecord): string {
  const [question] = openQuestions(record);
  const { parent } = record.opening;
  return [
    ...(question ? [`question ${question.question}`] : []),
    ...(parent === undefined ? [] : [`part of ${parent}`]),
  ].join(", ");
}

/** What a run is for, in a few words. */
function nameOf({ opening, attempts }: NonNullable<ListedRun["record"]>): string {
  const text = opening.message.text || attempts.at(-1)?.program.name || opening.purpose;
  return text.length > 50 ? `${text.slice(0, 49)}…` : text;
}

async function replay(id: string, asJson: boolean, context: CliContext): Promise<ExitCode> {
  const { startApp } = await import("../../../app/start.ts");
  const app = await startApp(context, { once: true });
  const { signal, release } = cancelOnInterrupt(context);
  try {
    const { run } = await app.stores.runs.find(id);
    const difference = await app.replayRun(run, signal);
    if (asJson) context.terminal.out(formatJson({ run, same: !difference, difference }));
    else if (!difference) context.terminal.out("It went the same way.\n");
    else {
      const { attempt, what, recorded, now } = difference;
      context.terminal.out(
        `It went another way: ${what} of program ${attempt}\n  recorded: ${
          escapeLine(recorded)
        }\n` +
          `  now:      ${escapeLine(now)}\n`,
      );
    }
    return difference ? 1 : 0;
  } finally {
    release();
    app.close();
  }
}
